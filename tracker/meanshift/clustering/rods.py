"""Sums over balls in one to three dimensions, by prefix sums along the rods of a grid.

The points are sorted once by the cell of a grid. Cells that share all but their last index form a rod, and a rod's
points lie next to one another in that order. What a ball cuts out of a rod is a span: its inner part is certain and
costs one difference of prefix sums however many points it holds, so that only points near the sphere are tested one
by one. Every doubtful point is tested on its own coordinates, hence the sums are those of the exact ball.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Ball, Cloud, Floats, Sums
from tracker.meanshift.clustering.cells import CellGrid
from tracker.meanshift.clustering.prefix import PrefixSums

Ints = NDArray[np.intp]

# Both keep the working arrays in a core's cache and the memory bounded: measured, flat within a factor of two.
_RODS_AT_ONCE = 1 << 13
_POINTS_AT_ONCE = 1 << 15

_ACCURACY = 1e-8  # of prefix sums of coordinates, in ball radii; of prefix sums of weights, in their mean


@dataclass(frozen=True, slots=True)
class _Spans:
    """Runs of sorted points to be tested: `first` and `count` are `(K, S)`, `per_center` is `(K,)`."""

    first: Ints
    count: Ints
    per_center: Ints

    @classmethod
    def of(cls, first: Ints, end: Ints) -> _Spans:
        first = first.reshape(len(first), -1)
        count = end.reshape(len(first), -1) - first
        return cls(first, count, count.sum(axis=1))

    def part(self, some: slice) -> _Spans:
        return _Spans(self.first[some], self.count[some], self.per_center[some])

    def points(self) -> Ints:
        """All their points, centre by centre."""
        counts = self.count.ravel()
        ends = np.cumsum(counts)
        points = np.repeat(self.first.ravel() - (ends - counts), counts)
        points += np.arange(len(points))
        return points


class RodSums:
    """Sums over balls about given centres, for d ≤ 3; a `BallSums`."""

    def __init__(self, cloud: Cloud, ball: Ball) -> None:
        self._ball = ball
        self._grid = CellGrid(cloud.points, ball.radius)
        order = self._grid.order
        self._weights = None if cloud.weights is None else cloud.weights.take(order)
        self._places = self._grid.positions
        # The test needs the coordinates to the last digit; where they are their own positions, one copy serves.
        self._columns = [c.take(order) for c in cloud.points.T] if self._grid.is_shifted else self._places
        self._mass: PrefixSums | None = None
        self._moments: Sequence[PrefixSums] = ()
        if ball.is_flat:
            if self._weights is not None:
                self._mass = PrefixSums(self._weights, _ACCURACY * float(self._weights.mean()))
            accuracy = _ACCURACY * ball.radius
            self._moments = [PrefixSums(self._weighted(place), accuracy) for place in self._places]

    def __call__(self, centers: Floats) -> Sums:
        """Return the sums about `(K, d)` centres."""
        sums = Sums(np.zeros(len(centers)), np.zeros(centers.shape), self._grid.shifts_of(centers))
        batch = max(1, _RODS_AT_ONCE // self._grid.rods_per_ball)
        for start in range(0, len(centers), batch):
            some = slice(start, start + batch)
            self._add_all(centers[some], sums.part(some))
        return sums

    def _weighted(self, values: Floats, points: Ints | None = None) -> Floats:
        if self._weights is None:
            return values
        return values * (self._weights if points is None else self._weights.take(points))

    def _add_all(self, centers: Floats, sums: Sums) -> None:
        cuts = self._grid.cuts(self._grid.positions_of(centers))
        if self._ball.is_flat:
            np.maximum(cuts[:, 1], cuts[:, 2], out=cuts[:, 2])
            self._add_inner(cuts[:, 1], cuts[:, 2], sums)
            spans = _Spans.of(cuts[:, 0::2], cuts[:, 1::2])
        else:
            spans = _Spans.of(cuts[:, 0], cuts[:, 3])
        for some in _portions(spans.per_center):
            self._add_tested(centers[some], spans.part(some), sums.part(some))

    def _add_inner(self, first: Ints, end: Ints, sums: Sums) -> None:
        """Add the spans that lie inside for certain."""
        masses = (end - first) if self._mass is None else self._mass.between(first, end)
        sums.mass[:] += masses.sum(axis=1)
        for axis, moments in enumerate(self._moments):
            sums.moment[:, axis] += moments.between(first, end).sum(axis=1)

    def _add_tested(self, centers: Floats, spans: _Spans, sums: Sums) -> None:
        """Add those points of the spans that prove to lie inside."""
        points = spans.points()
        if not len(points):
            return
        squared = np.zeros(len(points))
        for axis, column in enumerate(self._columns):
            difference = column.take(points)
            difference -= np.repeat(centers[:, axis], spans.per_center)
            difference *= difference
            squared += difference
        weight = self._weighted(self._ball.weight(squared), points)
        reached = np.flatnonzero(spans.per_center)
        begins = (np.cumsum(spans.per_center) - spans.per_center)[reached]
        sums.mass[reached] += np.add.reduceat(weight, begins)
        for axis, place in enumerate(self._places):
            sums.moment[reached, axis] += np.add.reduceat(place.take(points) * weight, begins)


def _portions(sizes: Ints) -> Sequence[slice]:
    """Cut a sequence of items into runs of at most `_POINTS_AT_ONCE` in size, or of a single item."""
    ends = np.cumsum(sizes)
    portions = []
    begin = 0
    while begin < len(sizes):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _POINTS_AT_ONCE, side="right")))
        portions.append(slice(begin, end))
        begin = end
    return portions
