"""The mean-shift iteration for all seeds at once: where it starts, how it climbs, and which ends are modes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tracker.errors import DataError
from tracker.meanshift.clustering.ball import Ball, BallSums, Cloud, DenseSums, Floats, squared_distances
from tracker.meanshift.clustering.grouping import group_by_cell
from tracker.meanshift.clustering.rods import RodSums
from tracker.meanshift.kernels import StoppingRule

_FEW = 2000  # candidates up to which comparing all of them beats building a tree


@dataclass(frozen=True, slots=True)
class ClimbProgress:
    """State of a climb: `iteration` steps were made, and `active` of `seeds` seeds still move."""

    iteration: int
    active: int
    seeds: int


ProgressCallback: TypeAlias = Callable[[ClimbProgress], None]


@dataclass(frozen=True, slots=True)
class Climb:
    """The ends of K seeds.

    Attributes:
        centers: `(K, d)`, in the precision asked for; a seed that saw no point stays where it was.
        mass: `(K,)` weight within the ball before the last move; 0 for a seed that saw no point.
        iterations: the largest number of moves that were followed by another.
    """

    centers: NDArray[Any]
    mass: Floats
    iterations: int


@dataclass(frozen=True, slots=True)
class Modes:
    """The modes found, the heaviest first.

    Attributes:
        centers: `(k, d)`.
        mass: `(k,)` weight within the ball about each.
    """

    centers: NDArray[Any]
    mass: Floats


def ball_sums(cloud: Cloud, ball: Ball) -> BallSums:
    """Return the quickest `BallSums` for this data: by rods up to three dimensions, by all distances above."""
    return RodSums(cloud, ball) if cloud.points.shape[1] <= 3 else DenseSums(cloud, ball)


def bin_seeds(
    points: NDArray[Any], bandwidth: float, min_bin_freq: int = 1, weights: Floats | None = None
) -> NDArray[Any]:
    """Return the middles of the occupied bins of a grid of side `bandwidth`, in the order of their first points.

    The bin numbers are kept in single precision and multiplied by the bandwidth in the precision that numpy gives to
    that product (double for a numpy float, single for a Python float). scikit-learn does so, and a seed that differs
    in the eighth digit may end in another mode.

    Args:
        points: `(N, d)`, finite, of any real dtype.
        bandwidth: side of a bin, > 0.
        min_bin_freq: points (or weight) that a bin must hold at least.
        weights: `(N,)` masses of the points; None counts them.

    Returns:
        `(K, d)` seeds; the points themselves where each has a bin of its own.

    Raises:
        DataError: no bin holds enough points.
    """
    bins = np.round(points / bandwidth)
    groups = group_by_cell(bins.T)
    held = groups.sizes if weights is None else groups.sums(weights)
    chosen = np.sort(groups.first[held >= min_bin_freq])
    if not len(chosen):
        raise DataError(
            f"no bin of side {bandwidth:g} holds min_bin_freq={min_bin_freq} points (the fullest holds {held.max():g})"
            ": lower min_bin_freq or raise the bandwidth"
        )
    total = len(points) if weights is None else weights.sum()
    if len(chosen) == total:
        return points
    with np.errstate(over="ignore"):
        middles = bins[chosen].astype(np.float32)
    # Beyond 2²⁴ bins from zero that precision misses the bin; its first point is a seed that does see a point.
    missed = np.any(middles != bins[chosen], axis=1)
    if missed.any():
        return np.where(missed[:, None], points[chosen], bins[chosen] * bandwidth)
    return middles * bandwidth


def climb(
    sums: BallSums,
    seeds: NDArray[Any],
    rule: StoppingRule,
    dtype: DTypeLike = np.float64,
    progress: ProgressCallback | None = None,
) -> Climb:
    """Move every seed to the mean of its ball until it rests.

    A step is the mean-shift vector of Comaniciu & Meer 2002, eq. 17: c ← Σ x g(‖x − c‖²/h²) / Σ g(‖x − c‖²/h²).

    Args:
        sums: the data.
        seeds: `(K, d)` starting points.
        rule: when a seed rests; its tolerance is in units of the data.
        dtype: precision in which the centers are kept from step to step.
        progress: called after every step.
    """
    here = np.array(seeds, dtype=np.float64)
    centers, mass = here.copy(), np.zeros(len(seeds))
    active = np.arange(len(seeds))
    completed = 0
    while len(active):
        held = sums(here)
        sees = held.mass > 0
        after = held.means.astype(dtype, copy=False)
        if not sees.all():
            after[~sees] = here[~sees]
        moved = np.sqrt(np.square((after - here).astype(dtype, copy=False)).sum(axis=1))
        here = after.astype(np.float64, copy=False)
        resting = ~sees | rule.converged(moved) | rule.exhausted(completed)
        if resting.any():
            rested, goes_on = active[resting], ~resting
            centers[rested], mass[rested] = here[resting], held.mass[resting]
            active, here = active[goes_on], here[goes_on]
        if progress is not None:
            progress(ClimbProgress(completed + 1, len(active), len(seeds)))
        if len(active):
            completed += 1
    return Climb(centers.astype(dtype, copy=False), mass, completed)


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
    """Indices of the centers that remain when each, in turn, drops all later ones within a bandwidth."""
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
