"""Grouping of points by the cell of a grid, and clouds coarsened to one point per cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Cloud

Ints = NDArray[np.intp]
Keys = NDArray[np.signedinteger[Any]]

_LARGEST_KEY = 1 << 62

CELLS_PER_BANDWIDTH = 10
"""Fineness of the grid of `coarsened`; no point is moved by more than √d / 10 of a bandwidth."""


def sorting_order(keys: Keys, bound: int) -> Ints:
    """Stable argsort of integers in [0, bound).

    numpy sorts 16-bit integers by counting, so digit by digit is several times quicker than a sort of the whole keys.
    """
    order = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    for shift in range(16, bound.bit_length(), 16):
        digit = (keys >> shift).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order


@dataclass(frozen=True, slots=True)
class Groups:
    """N items in G groups.

    Attributes:
        order: `(N,)` the items, group by group, in each group in ascending order.
        begins: `(G,)` where each group begins in `order`.
    """

    order: Ints
    begins: Ints

    @property
    def sizes(self) -> Ints:
        """Number of items in each group, `(G,)`."""
        return np.diff(self.begins, append=len(self.order))

    @property
    def first(self) -> Ints:
        """The first item of each group, `(G,)`."""
        return self.order[self.begins]

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum `(N,)` values by group."""
        return np.asarray(np.add.reduceat(values.take(self.order), self.begins))


def group_by_cell(cells: NDArray[Any]) -> Groups:
    """Group `(d, N)` whole-numbered cells (of any float type, however large), N ≥ 1: equal columns go together."""
    keys = np.zeros(cells.shape[1], dtype=np.int64)
    bound = 1
    for column in cells:
        low, high = column.min(), column.max()
        if bound * (int(high) - int(low) + 1) > _LARGEST_KEY:
            keys, bound = _ranks(keys)
            column, base = _ranks(column)
            low = 0
        else:
            base = int(high) - int(low) + 1
        keys *= base
        keys += (column - low).astype(np.int64)
        bound *= base
    order = sorting_order(keys, bound)
    ordered = keys.take(order)
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    return Groups(order, np.concatenate((np.zeros(1, dtype=np.intp), changes)))


def _ranks(values: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    distinct, ranks = np.unique(values, return_inverse=True)
    return ranks.reshape(-1).astype(np.int64), len(distinct)


def coarsened(cloud: Cloud, bandwidth: float) -> Cloud:
    """Replace the points of each cell of a grid by their mean, with their mass.

    Grid methods (MeanShift++, Jang & Jiang 2021; GridShift, Kumar et al. 2022) also shift the cells instead of the
    points, but take a cell and its neighbors for the kernel; here the kernel keeps its shape and size.
    """
    groups = group_by_cell(np.floor(cloud.points.T * (CELLS_PER_BANDWIDTH / bandwidth)))
    weights = np.ones(len(cloud.points)) if cloud.weights is None else cloud.weights
    mass = groups.sums(weights)
    means = np.stack([groups.sums(weights * column) / mass for column in cloud.points.T], axis=1)
    return Cloud(means, mass)
