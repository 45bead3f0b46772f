"""The grid behind `rods`: the order of the points in it, and where balls cut its rods."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.clustering.grouping import Ints, Keys, sorting_order
from tracker.meanshift.clustering.layout import ELONGATION, Layout, choose_layout

# Edges of a ball in a rod, in the order of `cuts`: which half chord, to which side, and behind or before the cell.
_CHORD = np.array([0, 1, 1, 0])
_SIDE = np.array([[-1.0], [-1.0], [1.0], [1.0]]) * ELONGATION
_BEHIND = np.array([[0.0], [1.0], [0.0], [1.0]])


class CellGrid:
    """A grid over `(d, N)` points, d ≤ 3, in which balls of one radius are to be found.

    A rod is a line of cells along the last axis. The `rods_per_ball` rods about a centre's own hold all of its ball.
    Lengths are counted in cells across the rods.

    Attributes:
        order: the points' indices, sorted by cell.
        is_shifted: whether a point's position differs from its coordinates.
    """

    def __init__(self, points: Floats, radius: float) -> None:
        layout = choose_layout(points, radius)
        self._axes = layout.axes
        self._place(layout, radius)
        self._find_rods()
        cells = math.prod(self._shape)
        keys: Keys = np.zeros(points.shape[1], dtype=np.int32 if cells < 1 << 31 else np.int64)
        for axis, column in enumerate(points):
            position = self._axes[axis].position(column) if self.is_shifted else column
            cell = position - self._low[axis]
            cell *= self._per_length[axis]
            np.add(np.multiply(keys, self._shape[axis], out=keys), cell.astype(keys.dtype), out=keys)
        self.order = sorting_order(keys, cells)
        keys = keys.take(self.order)
        self._begins = _begins(keys, cells) if layout.tabled else None
        self._keys = keys[:0] if layout.tabled else keys

    @property
    def rods_per_ball(self) -> int:
        """How many rods are looked at for one ball."""
        return len(self._rods)

    def positions_of(self, points: Floats) -> Floats:
        """Return the positions of `(d, K)` points or centres on the axes."""
        if not self.is_shifted:  # the usual case, and worth its shorter way
            return np.clip(points, self._low, self._high)
        return np.stack([axis.position(column) for axis, column in zip(self._axes, points, strict=True)])

    def shifts_of(self, centers: Floats) -> Floats:
        """Return by how much the positions of points near `(d, K)` centres are less than their coordinates."""
        if not self.is_shifted:
            return np.zeros((len(centers), 1))
        return np.stack([axis.shift(column) for axis, column in zip(self._axes, centers, strict=True)])

    def cuts(self, centers: Floats) -> Ints:
        """Return where the balls about `(d, K)` centres cut the rods, as indices into the sorted points.

        `(K, 4, rods)`: a ball enters a rod not before the first, holds the points from the second to (exclusively)
        the third for certain where that is the greater, and has left by the fourth.
        """
        cells = self.positions_of(centers)
        cells -= self._low
        cells *= self._per_length
        middle = cells[:-1].astype(np.int64)
        np.maximum(middle, self._reach, out=middle)
        np.minimum(middle, self._last_middle, out=middle)
        edges = self._half_chords(cells[:-1] - middle).take(_CHORD, axis=1)
        edges *= _SIDE
        edges += cells[-1][:, None, None] + _BEHIND
        np.maximum(edges, 0.0, out=edges)
        np.minimum(edges, self._shape[-1], out=edges)
        keys = edges.astype(np.int64)
        keys += ((self._strides @ middle)[:, None] + self._rods)[:, None]
        if self._begins is not None:
            return self._begins.take(keys).astype(np.intp, copy=False)
        return np.searchsorted(self._keys, keys)

    def _place(self, layout: Layout, radius: float) -> None:
        sides = np.full(len(layout.axes), radius / layout.fineness)
        sides[-1] /= ELONGATION
        self._shape = [int(axis.length / side) + 1 for axis, side in zip(layout.axes, sides, strict=True)]
        self._low = np.array([[axis.low] for axis in layout.axes])
        self._high = self._low + np.array([[axis.length] for axis in layout.axes])
        self._per_length = 1 / sides[:, None]
        self._radius = layout.fineness
        # Position and cell are rounded; what is called certain must be so in spite of it.
        longest = max(axis.length for axis in layout.axes) / radius
        slack = layout.fineness * (1e-9 + 8 * np.finfo(float).eps * longest)
        self._slacks = np.array([[slack], [-slack]])
        self._to_walls = np.array([[-0.5], [0.5]]) - self._slacks
        self.is_shifted = any(axis.is_shifted for axis in layout.axes)

    def _find_rods(self) -> None:
        """Find the rods that a ball can meet whose centre lies anywhere in the middle rod."""
        across = len(self._shape) - 1
        self._reach = int(self._radius) + 1
        steps = np.arange(-self._reach, self._reach + 1)
        gaps = np.maximum(np.abs(steps) - 1, 0)
        squared = sum(np.meshgrid(*[gaps**2] * across, indexing="ij"), start=np.zeros((1,) * across))
        self._met = np.nonzero(np.atleast_1d(squared) <= self._radius**2)
        self._last_middle = np.array(self._shape[:-1], dtype=np.int64)[:, None] - 1 - self._reach
        self._strides = np.array([math.prod(self._shape[axis + 1 :]) for axis in range(across)], dtype=np.int64)
        self._rods = self._strides @ steps[np.stack(self._met)][:across]
        self._middles = steps + 0.5

    def _half_chords(self, offsets: Floats) -> Floats:
        """Half of the longest and of the shortest chord of each ball in each rod: `(K, 2, rods)`.

        `offsets` is where the centre lies in its middle rod, `(d − 1, K)`.
        """
        apart = np.abs(self._middles - offsets[:, :, None])[:, :, None] + self._to_walls
        np.maximum(apart, 0.0, out=apart)
        apart *= apart
        if len(apart) == 2:
            squared = apart[0].take(self._met[0], axis=2) + apart[1].take(self._met[1], axis=2)
        else:  # all rods are met, and there is but one if the data have one coordinate
            squared = apart[0] if len(apart) else np.zeros((offsets.shape[1], 2, 1))
        chords: Floats = np.subtract(self._radius**2, squared, out=squared)
        np.maximum(chords, 0.0, out=chords)
        np.sqrt(chords, out=chords)
        chords += self._slacks
        return chords


def _begins(keys: Keys, cells: int) -> NDArray[Any]:
    """How many points lie in the cells before each cell, from the sorted keys of the points."""
    begins = np.zeros(cells + 1, dtype=np.int32 if len(keys) < 1 << 31 else np.int64)
    last = np.append(np.flatnonzero(keys[1:] != keys[:-1]), len(keys) - 1)
    begins[keys[last] + 1] = np.diff(last, prepend=-1)
    return np.cumsum(begins, out=begins)
