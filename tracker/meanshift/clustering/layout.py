"""How fine a grid to lay over the data, and how to keep it small."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.clustering.grouping import group_by_cell
from tracker.meanshift.clustering.packing import Axis

ELONGATION = 2
"""Cells are this much finer along their rod; measured on blobs of ten thousand to a million points."""

_RODS = 0.1  # rods per ball radius: this times the points in a ball, to the power 1/d; measured, flat about it
_CELLS_PER_POINT = 8
_COARSENING = 4.0  # a table of cells may be this much coarser than wished before a sorted list replaces it
_SAMPLE = 2048
_LARGEST_KEY = 1 << 62
_VOLUME = {1: 2.0, 2: math.pi, 3: 4 / 3 * math.pi}


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
    """The fineness at which the grid has this many cells."""
    return float((cells / ELONGATION / math.prod(axis.length / radius for axis in axes)) ** (1 / len(axes)))


def _wished_fineness(points: Floats, radius: float) -> float:
    """The fineness that balances the cost of looking at a rod with that of testing the points at its ends."""
    dimensions, count = points.shape
    sample = points[:, :: max(1, count // _SAMPLE)]
    held = group_by_cell(np.floor(sample / radius)).sizes
    pairs = float(held @ (held - 1)) / max(sample.shape[1] * (sample.shape[1] - 1), 1)
    in_ball = _VOLUME[dimensions] * pairs * count
    return max(1.0, float((_RODS * in_ball) ** (1 / max(dimensions, 2))))
