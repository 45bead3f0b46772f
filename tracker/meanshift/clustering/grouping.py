"""Sorting by small integers, and grouping points by the cell they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Keys = NDArray[np.signedinteger[Any]]

_LARGEST_KEY = 1 << 62


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
