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
