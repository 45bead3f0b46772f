"""Which centre each point is nearest to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats

Labels = NDArray[np.intp]

_FEW = 64  # centres up to which comparing with all of them beats a tree: measured in two and three dimensions
_POINTS_AT_ONCE = 1 << 14  # the working arrays stay in a core's cache


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest centre of each of N points.

    Attributes:
        index: `(N,)` which one it is; of equally near ones the first.
        distance: `(N,)` how far away it lies.
    """

    index: Labels
    distance: Floats


def nearest_centers(points: Floats, centers: Floats) -> Nearest:
    """Find the nearest of `(k, d)` centres to each of `(N, d)` points."""
    if len(centers) > _FEW:
        return _by_tree(points, centers)
    return _by_comparison(points, centers)


def _by_comparison(points: Floats, centers: Floats) -> Nearest:
    index = np.zeros(len(points), dtype=np.intp)
    distance = np.empty(len(points))
    for start in range(0, len(points), _POINTS_AT_ONCE):
        some = slice(start, start + _POINTS_AT_ONCE)
        squared = _compare(np.ascontiguousarray(points[some].T), centers, index[some])
        np.sqrt(squared, out=distance[some])
    return Nearest(index, distance)


def _compare(columns: Floats, centers: Floats, index: Labels) -> Floats:
    """Write the nearest centre of each point into `index`; return the squared distances."""
    best = np.full(columns.shape[1], np.inf)
    for label, center in enumerate(centers):
        squared = np.zeros_like(best)
        for column, coordinate in zip(columns, center, strict=True):
            difference = column - coordinate
            difference *= difference
            squared += difference
        index[squared < best] = label
        np.minimum(best, squared, out=best)
    return best


def _by_tree(points: Floats, centers: Floats) -> Nearest:
    from scipy.spatial import cKDTree  # slow to import, and seldom needed

    distances, indices = cKDTree(centers).query(points, k=2)
    nearest = Nearest(indices[:, 0].astype(np.intp), distances[:, 0])
    tied = np.flatnonzero(distances[:, 0] == distances[:, 1])  # a tree takes either
    nearest.index[tied] = _by_comparison(points[tied], centers).index
    return nearest
