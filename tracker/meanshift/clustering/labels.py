"""Labels of points: the index of the nearest center, by comparison with all or by a tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats

Labels = NDArray[np.intp]

_FEW = 64  # centers up to which comparing with all of them beats a tree: measured in two and three dimensions
_NUMBERS_AT_ONCE = 1 << 14  # larger working arrays are fetched from the system anew each time: measured


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest center of each of N points.

    Attributes:
        index: `(N,)` index of that center; of equally near ones the first.
        squared: `(N,)` squared distance to it.
    """

    index: Labels
    squared: Floats

    @property
    def distance(self) -> Floats:
        """The distance to it, `(N,)`."""
        return np.sqrt(self.squared)


def nearest_centers(points: Floats, centers: Floats) -> Nearest:
    """Find the nearest of `(k, d)` centers to each of `(N, d)` points."""
    if len(centers) > _FEW:
        return _by_tree(points, centers)
    return _by_comparison(points, centers)


def _by_comparison(points: Floats, centers: Floats) -> Nearest:
    nearest = Nearest(np.zeros(len(points), dtype=np.intp), np.empty(len(points)))
    block = max(1, _NUMBERS_AT_ONCE // points.shape[1])
    for start in range(0, len(points), block):
        some = slice(start, start + block)
        _compare(np.ascontiguousarray(points[some].T), centers, Nearest(nearest.index[some], nearest.squared[some]))
    return nearest


def _compare(columns: Floats, centers: Floats, nearest: Nearest) -> None:
    """Write the nearest center of each point into `nearest`, whose index is zero."""
    for label, center in enumerate(centers):
        differences = columns - center[:, None]
        differences *= differences
        squared = differences[0]
        for further in differences[1:]:
            squared += further
        if label:
            np.putmask(nearest.index, squared < nearest.squared, label)
            np.minimum(nearest.squared, squared, out=nearest.squared)
        else:
            nearest.squared[:] = squared


def _by_tree(points: Floats, centers: Floats) -> Nearest:
    from scipy.spatial import cKDTree  # slow to import, and seldom needed

    distances, indices = cKDTree(centers).query(points, k=2)
    nearest = Nearest(indices[:, 0].astype(np.intp), distances[:, 0] ** 2)
    tied = np.flatnonzero(distances[:, 0] == distances[:, 1])  # a tree takes either
    nearest.index[tied] = _by_comparison(points[tied], centers).index
    return nearest
