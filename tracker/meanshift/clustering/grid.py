"""A grid of cells in rods: its layout over the points, the order of the points in it, and where balls cut its rods.

Two things decide a layout. The fineness balances two costs of a step, the rods to look at and the points to test at
their ends. The axes keep the table of cells small: voids between groups of points are cut out of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats, common_origin, power_of_two_above
from tracker.meanshift.clustering.grouping import Ints, Keys, group_by_cell, sorting_order

ELONGATION = 2
"""Cells are this much finer along their rod; measured on blobs of ten thousand to a million points."""

_RODS = 0.1  # rods per ball radius: this times the points in a ball, to the power 1/d; measured, flat about it
_CELLS_PER_POINT = 8
_COARSENING = 4.0  # a table of cells may be this much coarser than wished before a sorted list replaces it
_SAMPLE = 2048
_LARGEST_KEY = 1 << 62
_VOLUME = {1: 2.0, 2: math.pi, 3: 4 / 3 * math.pi}
"""Of the unit ball, by dimension."""
_VOID = 4.0  # what is left of a void, in ball radii: room for the rims on both its sides

# The four cuts of a ball through a rod, in the order of `CellGrid.cuts`: which half chord of the rod (0 the longest,
# 1 the shortest), to which side of the center, and before or behind the cell that the edge falls into.
_CHORD = np.array([0, 1, 1, 0])
_SIDE = np.array([[-1.0], [-1.0], [1.0], [1.0]]) * ELONGATION
_BEHIND = np.array([[0.0], [1.0], [0.0], [1.0]])


@dataclass(frozen=True, slots=True)
class Axis:
    """A monotone map from a coordinate to a position, which differs from it by a shift of each group of points.

    Attributes:
        anchors: a coordinate at or near the beginning of each group, ascending.
        places: the position of each anchor. Anchors and places are multiples of a power of two, so that whole numbers
            stay whole.
        starts: from a group's anchor to its first coordinate.
        ends: from a group's anchor to its last coordinate.
        rim: two ball radii; coordinates are told apart up to this far from a group.
    """

    anchors: Floats
    places: Floats
    starts: Floats
    ends: Floats
    rim: float

    @classmethod
    def plain(cls, values: Floats, radius: float) -> Axis:
        """Return the map that takes all of `values` as one group."""
        low, high = float(values.min()), float(values.max())
        anchor = common_origin(low, high, power_of_two_above(radius))
        return cls(np.array([anchor]), np.zeros(1), np.array([low - anchor]), np.array([high - anchor]), 2 * radius)

    @classmethod
    def packed(cls, values: Floats, radius: float) -> Axis:
        """Return the map that cuts every void wider than four ball radii to little more than that."""
        ordered = np.unique(values)
        wide = np.flatnonzero(np.diff(ordered) > _VOID * radius)
        first, last = ordered[np.append(0, wide + 1)], ordered[np.append(wide, len(ordered) - 1)]
        unit = power_of_two_above(radius)
        anchors = np.floor(first / unit) * unit
        room = np.ceil((last - anchors + _VOID * radius) / unit) * unit
        return cls(anchors, np.append(0.0, np.cumsum(room[:-1])), first - anchors, last - anchors, 2 * radius)

    @property
    def low(self) -> float:
        """One rim before the first position of a point."""
        return float(self.places[0] + self.starts[0] - self.rim)

    @property
    def length(self) -> float:
        """From `low` to one rim behind the last position of a point."""
        return float(self.places[-1] + self.ends[-1] + self.rim - self.low)

    @property
    def is_shifted(self) -> bool:
        """Whether a position differs from its coordinate."""
        return bool(np.any(self.anchors != self.places))

    def shift(self, values: Floats) -> Floats:
        """Return by how much the position of each coordinate is less."""
        return np.broadcast_to((self.anchors - self.places)[self._group(values)], values.shape)

    def position(self, values: Floats) -> Floats:
        """Map coordinates; one that lies more than a rim away from every group is put at the rim of a near group."""
        group = self._group(values)
        inside = np.maximum(values - self.anchors[group], self.starts[group] - self.rim)
        np.minimum(inside, self.ends[group] + self.rim, out=inside)
        inside += self.places[group]
        return inside

    def _group(self, values: Floats) -> NDArray[np.intp]:
        if len(self.anchors) == 1:
            return np.zeros(1, dtype=np.intp)
        group = np.searchsorted(self.anchors + (self.starts - self.rim), values, side="right") - 1
        return np.maximum(group, 0)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the cells lie.

    Attributes:
        axes: the map of each coordinate.
        fineness: cells per ball radius across the rods.
        tabled: whether the cells are few enough for a table of where each begins.
    """

    axes: Sequence[Axis]
    fineness: float
    tabled: bool


def choose_layout(points: Floats, radius: float) -> Layout:
    """Choose a grid for balls of this radius over `(d, N)` points, d ≤ 3.

    A plain grid over the bounding box if that is not too large a table; else one without the voids between groups of
    points; else the same without a table.
    """
    wished = _wished_fineness(points, radius)
    budget = _CELLS_PER_POINT * max(points.shape[1], 2000)
    axes: Sequence[Axis] = ()
    for make in (Axis.plain, Axis.packed):
        axes = [make(column, radius) for column in points]
        affordable = _fineness_of(axes, radius, budget)
        if affordable * _COARSENING >= wished:
            return Layout(axes, min(wished, affordable), tabled=True)
    return Layout(axes, min(wished, _fineness_of(axes, radius, _LARGEST_KEY)), tabled=False)


def _fineness_of(axes: Sequence[Axis], radius: float, cells: int) -> float:
    """Return the fineness f at which the grid has this many cells: ELONGATION · Π (lengthᵢ · f / radius)."""
    return float((cells / ELONGATION / math.prod(axis.length / radius for axis in axes)) ** (1 / len(axes)))


def _wished_fineness(points: Floats, radius: float) -> float:
    """Return the fineness that balances the cost of looking at a rod with that of testing the points at its ends.

    With f cells per radius a ball meets about f^(d−1) rods, each with a share 1/f^d of its n points at either end:
    f^(d−1) + n/f is least for f ~ n^(1/d). (On a line there is one rod anyway; √n keeps the table small.)
    """
    dimensions, count = points.shape
    sample = points[:, :: max(1, count // _SAMPLE)]
    # Points in a typical ball, by the share of pairs of points that fall into one cube of side `radius`: dense places,
    # where most seeds climb, count in proportion to their points.
    held = group_by_cell(np.floor(sample / radius)).sizes
    pairs = float(held @ (held - 1)) / max(sample.shape[1] * (sample.shape[1] - 1), 1)
    in_ball = _VOLUME[dimensions] * pairs * count
    return max(1.0, float((_RODS * in_ball) ** (1 / max(dimensions, 2))))


class CellGrid:
    """A grid over `(d, N)` points, d ≤ 3, in which balls of one radius are to be found.

    A rod is a line of cells along the last axis. The `rods_per_ball` rods about a center's own hold all of its ball.
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
        """Return the positions of `(d, K)` points or centers on the axes."""
        if not self.is_shifted:  # the usual case, and worth its shorter way
            return np.clip(points, self._low, self._high)
        return np.stack([axis.position(column) for axis, column in zip(self._axes, points, strict=True)])

    def shifts_of(self, centers: Floats) -> Floats:
        """Return by how much the positions of points near `(d, K)` centers are less than their coordinates."""
        if not self.is_shifted:
            return np.zeros((len(centers), 1))
        return np.stack([axis.shift(column) for axis, column in zip(self._axes, centers, strict=True)])

    def cuts(self, centers: Floats) -> Ints:
        """Return where the balls about `(d, K)` centers cut the rods, as indices into the sorted points.

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
        """Find the rods that a ball can meet whose center lies anywhere in the middle rod."""
        across = len(self._shape) - 1
        self._reach = int(self._radius) + 1
        steps = np.arange(-self._reach, self._reach + 1)
        gaps = np.maximum(np.abs(steps) - 1, 0)  # the least distance to a rod that many steps away
        squared = sum(np.meshgrid(*[gaps**2] * across, indexing="ij"), start=np.zeros((1,) * across))
        self._met = np.nonzero(np.atleast_1d(squared) <= self._radius**2)
        self._last_middle = np.array(self._shape[:-1], dtype=np.int64)[:, None] - 1 - self._reach
        self._strides = np.array([math.prod(self._shape[axis + 1 :]) for axis in range(across)], dtype=np.int64)
        self._rods = self._strides @ steps[np.stack(self._met)][:across]
        self._middles = steps + 0.5

    def _half_chords(self, offsets: Floats) -> Floats:
        """Half of the longest and of the shortest chord of each ball in each rod: `(K, 2, rods)`.

        A line at distance q from the center has the half chord √(R² − q²). Over the cross-section of a rod q runs from
        its nearest wall to its farthest, so these two bound the ball within the rod: beyond the longest no point of
        the rod lies in the ball, within the shortest every one does. `offsets` is where the center lies in its middle
        rod, `(d − 1, K)`.
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
