"""The mean-shift iteration, for all seeds at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tracker.meanshift.clustering.ball import Ball, BallSums, Cloud, Floats
from tracker.meanshift.clustering.dense import DenseSums
from tracker.meanshift.clustering.rods import RodSums
from tracker.meanshift.kernels import StoppingRule


@dataclass(frozen=True, slots=True)
class ClimbProgress:
    """How far a climb has come: `iteration` steps were made, and `active` of `seeds` seeds still move."""

    iteration: int
    active: int
    seeds: int


ProgressCallback: TypeAlias = Callable[[ClimbProgress], None]


@dataclass(frozen=True, slots=True)
class Climb:
    """Where K seeds ended.

    Attributes:
        centers: `(K, d)`, in the precision asked for; a seed that saw no point stays where it was.
        mass: `(K,)` weight within the ball before the last move; 0 for a seed that saw no point.
        iterations: the largest number of moves that were followed by another.
    """

    centers: NDArray[Any]
    mass: Floats
    iterations: int


def ball_sums(cloud: Cloud, ball: Ball) -> BallSums:
    """Return the quickest way to sum over balls of this data."""
    return RodSums(cloud, ball) if cloud.points.shape[1] <= 3 else DenseSums(cloud, ball)


def climb(
    sums: BallSums,
    seeds: NDArray[Any],
    rule: StoppingRule,
    dtype: DTypeLike = np.float64,
    progress: ProgressCallback | None = None,
) -> Climb:
    """Move every seed to the mean of its ball until it rests (Comaniciu & Meer 2002, section 2.3).

    Args:
        sums: the data.
        seeds: `(K, d)` starting points.
        rule: when a seed rests; its tolerance is in units of the data.
        dtype: precision in which the centres are kept from step to step.
        progress: called after every step.
    """
    centers = np.array(seeds, dtype=np.float64)
    mass = np.zeros(len(seeds))
    active = np.arange(len(seeds))
    completed = 0
    while len(active):
        before = centers[active]
        held = sums(before)
        sees = held.mass > 0
        after = held.means
        if not sees.all():
            after[~sees] = before[~sees]
        after = after.astype(dtype, copy=False)
        moved = np.sqrt(np.square((after - before).astype(dtype, copy=False)).sum(axis=1))
        centers[active] = after
        mass[active] = held.mass
        resting = ~sees | rule.converged(moved) | rule.exhausted(completed)
        active = active[~resting]
        if progress is not None:
            progress(ClimbProgress(completed + 1, len(active), len(seeds)))
        if len(active):
            completed += 1
    return Climb(centers.astype(dtype, copy=False), mass, completed)
