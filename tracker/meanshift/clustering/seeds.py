"""Where to start climbing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.errors import DataError
from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.clustering.grouping import group_by_cell


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
