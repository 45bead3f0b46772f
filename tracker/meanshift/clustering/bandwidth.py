"""A bandwidth from the data: the mean distance within which a given share of all points lies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tracker.errors import ConfigError
from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.clustering.validation import as_points, as_weights, is_real, is_whole

_DISTANCES_AT_ONCE = 1 << 19  # bounds the memory to a few times 4 MB
_SUMMED_AT_ONCE = 500  # as scikit-learn does: the order of summation decides the last digit


def estimate_bandwidth(
    X: Any,  # noqa: N803 - the name that scikit-learn's users pass
    *,
    quantile: float = 0.3,
    n_samples: int | None = None,
    random_state: int | np.random.RandomState | None = 0,
    sample_weight: Any = None,
) -> float:
    """Return the mean distance from a point to its nearest `quantile` of all points, itself included.

    Time grows with the square of the number of points used; memory does not. The result is scikit-learn's.

    Args:
        X: `(N, d)` points.
        quantile: in [0, 1]; 0.5 takes the median of the distances from each point.
        n_samples: how many points to draw at random, ≥ 1; None takes all.
        random_state: seed or generator of that draw; None draws anew each time.
        sample_weight: `(N,)` weights ≥ 0; a weight of k counts as k copies of the point.

    Returns:
        The bandwidth, ≥ 0. It is 0 where at least that share of the points coincide.

    Raises:
        ConfigError: a setting is out of range.
        DataError: the points cannot be used.
    """
    if not is_real(quantile, 0, 1):
        raise ConfigError(f"quantile lies in [0, 1]; got {quantile!r}")
    if n_samples is not None and not is_whole(n_samples, 1):
        raise ConfigError(f"n_samples is a whole number of at least 1, or None; got {n_samples!r}")
    points = as_points(X).astype(np.float64, copy=False)
    weights = as_weights(sample_weight, len(points))
    if n_samples is not None:
        drawn = _generator(random_state).permutation(len(points))[:n_samples]
        points = points[drawn]
        weights = None if weights is None else weights[drawn]
    if weights is None:
        reach = _reaches(points, max(1, int(len(points) * quantile)))
        total = 0.0
        for start in range(0, len(reach), _SUMMED_AT_ONCE):
            total += reach[start : start + _SUMMED_AT_ONCE].sum()
        return total / len(points)
    return np.average(_weighted_reaches(points, weights, quantile), weights=weights)


def _generator(random_state: int | np.random.RandomState | None) -> np.random.RandomState:
    if isinstance(random_state, np.random.RandomState):
        return random_state
    if random_state is None or (is_whole(random_state, 0) and random_state < 2**32):
        return np.random.RandomState(random_state)
    raise ConfigError(f"random_state is a whole number from 0 to 2³²−1, a RandomState or None; got {random_state!r}")


def _reaches(points: Floats, neighbors: int) -> Floats:
    """Distance from each point to its k-th nearest, itself being the first."""
    squared = np.empty(len(points))
    block = max(1, _DISTANCES_AT_ONCE // len(points))
    for start in range(0, len(points), block):
        distances = _squared_distances(points[start : start + block], points)
        distances.partition(neighbors - 1, axis=1)
        squared[start : start + block] = distances[:, neighbors - 1]
    return np.sqrt(squared)


def _weighted_reaches(points: Floats, weights: Floats, quantile: float) -> Floats:
    """Distance from each point within which the share `quantile` of all weight lies."""
    share = float(weights.sum()) * quantile
    wanted = math.floor(share) if share >= 1 else share  # whole numbers, as without weights
    squared = np.empty(len(points))
    block = max(1, _DISTANCES_AT_ONCE // len(points))
    for start in range(0, len(points), block):
        distances = _squared_distances(points[start : start + block], points)
        order = np.argsort(distances, axis=1)
        missing = (np.cumsum(weights[order], axis=1) < wanted).sum(axis=1)
        last = np.take_along_axis(order, np.minimum(missing, len(points) - 1)[:, None], axis=1)
        squared[start : start + block] = np.take_along_axis(distances, last, axis=1)[:, 0]
    return np.sqrt(squared)


def _squared_distances(some: Floats, points: Floats) -> Floats:
    """All squared distances, summed axis by axis in the order in which scikit-learn's trees do."""
    total = np.zeros((len(some), len(points)))
    for a, b in zip(some.T, points.T, strict=True):
        difference = a[:, None] - b
        difference *= difference
        total += difference
    return total
