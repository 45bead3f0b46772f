"""The grid behind `rods`: its layout over the data, the order of the points in it, and where balls cut its rods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.clustering.grouping import group_by_cell, sorting_order
from tracker.meanshift.clustering.packing import Axis

Ints = NDArray[np.intp]

# Measured on blobs of 10 000 to a million points; the cost is flat about these values.
_ELONGATION = 4.0  # cells are this much finer along their rod
_FINENESS = 0.1  # rods per ball radius: d-th root (square root for d = 1) of this times the points in a ball
_CELLS_PER_POINT = 8
_COARSENING = 4.0  # a table of cells may be this much coarser than wished before a sorted list replaces it
_SAMPLE = 4096
_LARGEST_KEY = 1 << 62
_VOLUME = {1: 2.0, 2: math.pi, 3: 4 / 3 * math.pi}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the cells lie.

    Attributes:
        axes: the map of each coordinate.
        fineness: cells per ball radius across the rods.
        tabled: whether the cells are few enough for a table of where each begins.
    """

    axes: Sequence[Axis]
    fineness: float
    tabled: bool


def _layout(points: Floats, radius: float) -> _Layout:
    wished = _wished_fineness(points, radius)
    budget = _CELLS_PER_POINT * max(len(points), 1000)
    axes: Sequence[Axis] = ()
    for make in (Axis.plain, Axis.packed):
        axes = [make(column, radius) for column in points.T]
        fineness = _fineness_of(axes, radius, budget)
        if fineness * _COARSENING >= wished:
            return _Layout(axes, min(wished, fineness), tabled=True)
    return _Layout(axes, min(wished, _fineness_of(axes, radius, _LARGEST_KEY)), tabled=False)


def _fineness_of(axes: Sequence[Axis], radius: float, cells: int) -> float:
    """The fineness at which the grid has this many cells."""
    return float((cells / _ELONGATION / math.prod(axis.length / radius for axis in axes)) ** (1 / len(axes)))


def _wished_fineness(points: Floats, radius: float) -> float:
    """The fineness that balances the cost of looking at a rod with that of testing the points at its ends."""
    sample = points[:: max(1, len(points) // _SAMPLE)]
    counts = group_by_cell(np.floor(sample / radius)).sizes
    pairs = float(counts @ (counts - 1)) / max(len(sample) * (len(sample) - 1), 1)
    dimensions = points.shape[1]
    in_ball = _VOLUME[dimensions] * pairs * len(points)
    return max(1.0, float((_FINENESS * in_ball) ** (1 / max(dimensions, 2))))


class CellGrid:
    """A grid over `(N, d)` points, d ≤ 3, in which balls of one radius are to be found.

    A rod is a line of cells along the last axis. `rods_per_ball` rods about a centre's own hold all of its ball.

    Attributes:
        order: the points' indices, sorted by cell.
        positions: `d` arrays of the points' positions on the axes, in that order.
    """

    def __init__(self, points: Floats, radius: float) -> None:
        layout = _layout(points, radius)
        self._axes = layout.axes
        self._radius = radius
        across = radius / layout.fineness
        self._sides = [across] * (len(self._axes) - 1) + [across / _ELONGATION]
        self._shape = [int(axis.length / side) + 1 for axis, side in zip(self._axes, self._sides, strict=True)]
        positions = [axis.position(column) for axis, column in zip(self._axes, points.T, strict=True)]
        keys = np.zeros(len(points), dtype=np.int64)
        for axis, position in enumerate(positions):
            keys *= self._shape[axis]
            keys += self._cell(axis, position)
        self.order = sorting_order(keys, math.prod(self._shape))
        self.positions = [position.take(self.order) for position in positions]
        self._keys = None if layout.tabled else keys.take(self.order)
        self._begins = _begins(keys, math.prod(self._shape)) if layout.tabled else None
        self._prepare_rods(layout.fineness)

    @property
    def rods_per_ball(self) -> int:
        """How many rods are looked at for one ball."""
        return len(self._rods)

    @property
    def is_shifted(self) -> bool:
        """Whether a point's position differs from its coordinates."""
        return any(axis.shifts.any() for axis in self._axes)

    def positions_of(self, centers: Floats) -> list[Floats]:
        """Return the positions of `(K, d)` centres on the axes."""
        return [axis.position(column) for axis, column in zip(self._axes, centers.T, strict=True)]

    def shifts_of(self, centers: Floats) -> Floats:
        """Return by how much the positions of points near these centres are less than their coordinates, `(K, d)`."""
        shifts = np.empty_like(centers)
        for axis, column in enumerate(centers.T):
            shifts[:, axis] = self._axes[axis].shift(column)
        return shifts

    def cuts(self, positions: Sequence[Floats]) -> Ints:
        """Return where the balls about K centres cut the rods, as indices into the sorted points: `(K, 4, rods)`.

        A ball enters a rod not before the first, is certain to hold the points from the second to (exclusively) the
        third where that is the greater, and has left by the fourth. `positions` come from `positions_of`.
        """
        chords = self._half_chords(positions)
        # In units of cells: behind where the ball may begin, must have begun, must still be, may end.
        edges = chords.take([0, 1, 1, 0], axis=1)
        edges *= self._signs
        along = (positions[-1] - self._axes[-1].low) * (1 / self._sides[-1])
        edges += along[:, None, None] + np.array([[0.0], [1.0], [0.0], [1.0]])
        np.maximum(edges, 0.0, out=edges)
        np.minimum(edges, self._shape[-1], out=edges)
        keys = edges.astype(np.int64)
        first_rod = np.zeros(len(chords), dtype=np.int64)
        for axis, stride in enumerate(self._strides):
            first_rod += stride * self._cell_inside(axis, positions[axis])
        keys += (first_rod[:, None] + self._rods)[:, None]
        if self._begins is not None:
            return self._begins.take(keys)
        assert self._keys is not None
        return np.searchsorted(self._keys, keys)

    def _prepare_rods(self, fineness: float) -> None:
        """Find the rods that a ball can meet whose centre lies anywhere in the middle rod."""
        dimensions = len(self._axes)
        self._reach = int(fineness) + 1
        steps = np.arange(-self._reach, self._reach + 1)
        gaps = np.maximum(np.abs(steps) - 1, 0) / fineness
        squared_gaps = np.zeros((1,) * (dimensions - 1))
        for axis in range(dimensions - 1):
            squared_gaps = squared_gaps + np.expand_dims(gaps**2, tuple(a for a in range(dimensions - 1) if a != axis))
        met = np.nonzero(squared_gaps <= 1) if dimensions > 1 else ()
        self._met = met
        self._strides = [math.prod(self._shape[axis + 1 :]) for axis in range(dimensions - 1)]
        self._rods = np.zeros(len(met[0]) if met else 1, dtype=np.int64)
        for stride, chosen in zip(self._strides, met, strict=True):
            self._rods += stride * steps[chosen]
        # Position and cell are rounded; what is called certain must be so in spite of it.
        slack = 1e-9 * self._radius + 8 * np.finfo(float).eps * max(axis.length for axis in self._axes)
        self._slack = np.array([[slack], [-slack]])
        self._half_width = np.array([[-0.5], [0.5]]) * self._sides[0] - self._slack
        self._middles = (steps + 0.5) * self._sides[0]
        self._signs = np.array([[-1.0], [-1.0], [1.0], [1.0]]) / self._sides[-1]

    def _cell(self, axis: int, positions: Floats) -> Ints:
        return ((positions - self._axes[axis].low) * (1 / self._sides[axis])).astype(np.int64)

    def _cell_inside(self, axis: int, positions: Floats) -> Ints:
        """The cell of each position, moved inwards so far that all rods about it are in the grid."""
        cell = self._cell(axis, positions)
        np.maximum(cell, self._reach, out=cell)
        return np.minimum(cell, self._shape[axis] - 1 - self._reach, out=cell)

    def _half_chords(self, positions: Sequence[Floats]) -> Floats:
        """Half of the longest and of the shortest chord of each ball in each rod: `(K, 2, rods)`."""
        squared = np.zeros((len(positions[0]), 2, 1))
        for axis in range(len(self._axes) - 1):
            cell = self._cell_inside(axis, positions[axis])
            low = cell * self._sides[axis] - (positions[axis] - self._axes[axis].low)
            distance = np.abs(low[:, None] + self._middles)[:, None] + self._half_width
            np.maximum(distance, 0.0, out=distance)
            distance *= distance
            squared = squared + distance.take(self._met[axis], axis=2)
        np.subtract(self._radius**2, squared, out=squared)
        np.maximum(squared, 0.0, out=squared)
        np.sqrt(squared, out=squared)
        squared += self._slack
        return squared


def _begins(keys: NDArray[np.int64], cells: int) -> Ints:
    """How many points lie in the cells before each cell."""
    begins = np.zeros(cells + 1, dtype=np.intp)
    np.cumsum(np.bincount(keys, minlength=cells), out=begins[1:])
    return begins
