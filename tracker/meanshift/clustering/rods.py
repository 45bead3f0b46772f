"""Sums over balls in one to three dimensions, by prefix sums along the rods of a grid.

The points are sorted once by the cell of a grid. Cells that share all but their last index form a rod, and a rod's
points lie next to one another in that order, so that a ball cuts a span of the sorted points out of a rod. The inner
part of a span is certain and costs one difference of prefix sums, however many points it holds; only points near the
sphere are tested one by one. Of the n points in a ball in d dimensions about n^((d−1)/d) lie near the sphere, which is
the cost of a step. Every doubtful point is tested on its own coordinates, hence the sums are those of the exact ball.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.meanshift.clustering.ball import Ball, Cloud, Floats, Sums
from tracker.meanshift.clustering.grid import CellGrid
from tracker.meanshift.clustering.grouping import Ints

# Both keep the working arrays in a core's cache and the memory bounded: measured, flat within a factor of two.
_RODS_AT_ONCE = 1 << 13
_POINTS_AT_ONCE = 1 << 15

_ACCURACY = 1e-8  # of prefix sums of coordinates, in ball radii; of prefix sums of weights, in their mean


class PrefixSums:
    """Sums over spans of M sequences of equal length, each in constant time: Σ over [a, b) is P(b) − P(a).

    That difference of two large prefix sums loses the digits that both have in common. Where the loss may exceed
    `accuracy`, the rounding error of every addition is summed as well (two-sum; Knuth, TAOCP vol. 2, 4.2.2) and added
    to the difference.

    Args:
        sequences: M arrays `(N,)`.
        accuracy: the error of a sum that is of no consequence, for each.
    """

    def __init__(self, sequences: list[Floats], accuracy: list[float]) -> None:
        self._sums = np.zeros((len(sequences), len(sequences[0]) + 1))
        for values, sums in zip(sequences, self._sums, strict=True):
            np.cumsum(values, out=sums[1:])
        lost = np.finfo(float).eps * np.maximum(self._sums.max(axis=1), -self._sums.min(axis=1))
        self._errors: Floats | None = None
        if np.any(lost > accuracy):
            self._errors = np.zeros_like(self._sums)
            for values, sums, errors in zip(sequences, self._sums, self._errors, strict=True):
                np.cumsum(_rounding_errors(values, sums), out=errors[1:])

    def between(self, first: Ints, end: Ints) -> Floats:
        """Return the sums over the spans [first, end), `(M, …)` for arrays of shape `(…)`."""
        total = self._sums.take(end, axis=1)
        total -= self._sums.take(first, axis=1)
        if self._errors is not None:
            total += self._errors.take(end, axis=1) - self._errors.take(first, axis=1)
        return total


def _rounding_errors(values: Floats, sums: Floats) -> Floats:
    """Return what each addition in `sums`, the prefix sums of `values`, lost to rounding."""
    before, after = sums[:-1], sums[1:]
    # Two-sum: `added` is what really was added, and a floating-point difference to it is exact.
    added = after - before
    return (before - (after - added)) + (values - added)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Runs of sorted points to be tested: `first` and `count` are `(K, S)`, `per_center` is `(K,)`."""

    first: Ints
    count: Ints
    per_center: Ints

    @classmethod
    def of(cls, first: Ints, end: Ints) -> _Spans:
        count = (end - first).reshape(len(first), -1)
        return cls(first.reshape(len(first), -1), count, count.sum(axis=1))

    def points(self) -> Ints:
        """All their points, center by center."""
        counts = self.count.ravel()
        ends = np.cumsum(counts)
        points = np.repeat(self.first.ravel() - (ends - counts), counts)
        points += np.arange(len(points))
        return points

    def portions(self) -> Iterator[tuple[slice, _Spans]]:
        """Yield runs of centers with at most `_POINTS_AT_ONCE` points to test, or of a single center."""
        ends = np.cumsum(self.per_center)
        if ends[-1] <= _POINTS_AT_ONCE:
            yield slice(None), self
            return
        begin = 0
        while begin < len(ends):
            limit = ends[begin] - self.per_center[begin] + _POINTS_AT_ONCE
            some = slice(begin, max(begin + 1, int(np.searchsorted(ends, limit, side="right"))))
            yield some, _Spans(self.first[some], self.count[some], self.per_center[some])
            begin = some.stop


class RodSums:
    """Sums over balls about given centers, for d ≤ 3; a `BallSums`."""

    def __init__(self, cloud: Cloud, ball: Ball) -> None:
        self._ball = ball
        columns = np.ascontiguousarray(cloud.points.T)
        self._grid = CellGrid(columns, ball.radius)
        order = self._grid.order
        self._weights = None if cloud.weights is None else cloud.weights.take(order)
        self._columns = columns.take(order, axis=1)
        # The test needs coordinates to the last digit, the sums need them small; most often they are both.
        self._places = self._grid.positions_of(self._columns) if self._grid.is_shifted else self._columns
        self._inner = self._summed_up() if ball.is_flat else None

    def __call__(self, centers: Floats) -> Sums:
        """Return the sums about `(K, d)` centers."""
        columns = np.ascontiguousarray(centers.T)
        total = np.zeros((1 + len(columns), len(centers)))
        batch = max(1, _RODS_AT_ONCE // self._grid.rods_per_ball)
        for start in range(0, len(centers), batch):
            some = slice(start, start + batch)
            self._add(columns[:, some], total[:, some])
        return Sums(total[0], total[1:].T, self._grid.shifts_of(columns).T)

    def _summed_up(self) -> PrefixSums:
        """Prefix sums of mass (unless all points weigh 1) and moments."""
        accuracy = [_ACCURACY * self._ball.radius] * len(self._places)
        if self._weights is None:
            return PrefixSums(list(self._places), accuracy)
        accuracy = [_ACCURACY * float(self._weights.mean()) * unit for unit in (1.0, *accuracy)]
        return PrefixSums([self._weights, *(self._places * self._weights)], accuracy)

    def _add(self, centers: Floats, total: Floats) -> None:
        """Add mass and moments of the balls about `(d, K)` centers to `total`, `(1 + d, K)`."""
        cuts = self._grid.cuts(centers)
        if self._inner is not None:
            first, end = cuts[:, 1], np.maximum(cuts[:, 1], cuts[:, 2], out=cuts[:, 2])
            inner = self._inner.between(first, end).sum(axis=2)
            if self._weights is None:
                total[0] += (end - first).sum(axis=1)
            total[-len(inner) :] += inner
            spans = _Spans.of(cuts[:, 0::2], cuts[:, 1::2])
        else:
            spans = _Spans.of(cuts[:, 0], cuts[:, 3])
        for some, portion in spans.portions():
            total[:, some] += self._tested(centers[:, some], portion)

    def _tested(self, centers: Floats, spans: _Spans) -> Floats:
        """Mass and moments of those points of the spans that prove to lie inside."""
        points = spans.points()
        differences = self._columns.take(points, axis=1)
        differences -= np.repeat(centers, spans.per_center, axis=1)
        differences *= differences
        weight = self._ball.weight(differences.sum(axis=0))
        if self._weights is not None:
            weight *= self._weights.take(points)
        # One item more, so that a center without points has a place to begin at.
        values = np.zeros((1 + len(centers), len(points) + 1))
        values[0, :-1] = weight
        np.multiply(self._places.take(points, axis=1), weight, out=values[1:, :-1])
        sums = np.add.reduceat(values, np.cumsum(spans.per_center) - spans.per_center, axis=1)
        sums[:, spans.per_center == 0] = 0.0
        return np.asarray(sums)
