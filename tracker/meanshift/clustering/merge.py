"""Which of the places where seeds came to rest are modes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.clustering.climb import Climb
from tracker.meanshift.clustering.dense import squared_distances

_FEW = 2000  # candidates up to which comparing all of them beats building a tree


@dataclass(frozen=True, slots=True)
class Modes:
    """The modes found, the heaviest first.

    Attributes:
        centers: `(k, d)`.
        mass: `(k,)` weight within the ball about each.
    """

    centers: NDArray[Any]
    mass: Floats


def merge(ends: Climb, bandwidth: float) -> Modes:
    """Keep the heaviest end, drop all within one bandwidth of it, and so on with the next.

    Ends of equal mass are taken in descending order of their coordinates. Of seeds that end in one and the same point
    with different masses (it was reached from balls that hold different points) the last counts.
    """
    centers, mass = ends.centers[ends.mass > 0], ends.mass[ends.mass > 0]
    by_place = np.lexsort((*centers.T[::-1],))  # stable: equal ends stay in the order of their seeds
    last = np.append(np.any(np.diff(centers[by_place], axis=0) != 0, axis=1), True)
    by_place = by_place[last]
    order = by_place[np.lexsort((*centers[by_place].T[::-1], mass[by_place]))[::-1]]
    kept = order[_suppressed(centers[order].astype(np.float64, copy=False), bandwidth)]
    return Modes(centers[kept], mass[kept])


def _suppressed(centers: Floats, bandwidth: float) -> NDArray[np.intp]:
    """Indices of the centres that remain when each, in turn, drops all later ones within a bandwidth."""
    if len(centers) > _FEW:
        return _suppressed_by_tree(centers, bandwidth)
    kept = []
    left = np.arange(len(centers))
    while len(left):
        first, left = left[0], left[1:]
        kept.append(first)
        distances = squared_distances(centers[left], centers[[first]])
        left = left[distances > bandwidth**2]
    return np.array(kept, dtype=np.intp)


def _suppressed_by_tree(centers: Floats, bandwidth: float) -> NDArray[np.intp]:
    from scipy.spatial import cKDTree  # slow to import, and seldom needed

    tree = cKDTree(centers)
    alive = np.ones(len(centers), dtype=bool)
    kept = []
    for index in range(len(centers)):
        if not alive[index]:
            continue
        kept.append(index)
        near = np.asarray(tree.query_ball_point(centers[index], bandwidth * (1 + 1e-9)), dtype=np.intp)
        alive[near[squared_distances(centers[near], centers[[index]]) <= bandwidth**2]] = False
    return np.array(kept, dtype=np.intp)
