"""The estimator `MeanShift`: mean-shift clustering with the interface of scikit-learn."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tracker.errors import DataError
from tracker.meanshift.clustering.ball import Ball, BallSums, Cloud, Floats
from tracker.meanshift.clustering.bandwidth import estimate_bandwidth
from tracker.meanshift.clustering.climb import ProgressCallback, ball_sums, bin_seeds, climb, merge
from tracker.meanshift.clustering.grouping import coarsened
from tracker.meanshift.clustering.labels import Labels, nearest_centers
from tracker.meanshift.clustering.sklearn_face import SklearnFace
from tracker.meanshift.clustering.validation import Assignment, ClimbMode, as_points, as_weights, check_settings
from tracker.meanshift.kernels import KERNELS, StoppingRule

_TOLERANCE = 1e-3  # a move shorter than this many bandwidths is none


class MeanShift(SklearnFace):
    """Clustering with one cluster for each mode of the density (Fukunaga & Hostetler 1975; Comaniciu & Meer 2002).

    Every seed moves to the mean of the points within its ball until it rests; of resting places within one bandwidth
    of each other the one with more points stays; each point takes the label of the nearest that stayed. Labels,
    centers and number of iterations are those of scikit-learn's class of the same name, for the settings that both
    have. It runs without scikit-learn, and works in its pipelines.

    Time for one step of one seed grows with about √n of the n points in its ball for two coordinates, n^⅔ for three,
    and with the number of all points from four on. Memory is about eight numbers a point in two dimensions.

    Args:
        bandwidth: radius of the ball in units of the data, > 0 (the standard deviation for `kernel="gaussian"`); None
            takes `estimate_bandwidth(X)`, whose time grows with the square of the number of points.
        seeds: `(K, d)` starting points; None takes every point, or bins.
        bin_seeding: start from the occupied bins of a grid of side `bandwidth` instead of from every point. Ignored
            if `seeds` is given.
        min_bin_freq: points (or weight) that such a bin holds at least, ≥ 1.
        cluster_all: False labels points that are further than a bandwidth from every center −1 ("orphans").
        max_iter: moves after which a seed rests anyway, ≥ 0.
        kernel: weight of a point by its distance r in bandwidths: `flat` 1 up to r = 1, `epanechnikov` 1 − r²,
            `gaussian` exp(−r²/2) up to r = 3. A kernel other than `flat` looks at every point of its ball.
        assign: `nearest` gives a point the label of the nearest center, as scikit-learn does; `basin` that of the
            mode to which it climbs, for `fit` and for `predict`.
        mode: `exact`, or `grid` for an approximation: the points of each cell of a grid of a tenth of the bandwidth
            climb as one. It pays where many points share a cell; centers move by a few hundredths of a bandwidth and
            a few labels near borders change.
        progress: called with a `ClimbProgress` after every step of all seeds.

    Attributes:
        cluster_centers_: `(k, d)` modes, the heaviest first; float32 for float32 data, float64 otherwise.
        cluster_masses_: `(k,)` weight (for the flat kernel and no weights: number of points) in the ball about each.
        labels_: `(N,)` index of each point's cluster; −1 for orphans.
        n_iter_: the largest number of moves of a seed, not counting its last.
        n_features_in_: d.
        feature_names_in_: `(d,)` names of the columns, where the points were a table with names for all of them.
        bandwidth_: the bandwidth used.
        approximate_: whether the result comes from an approximation (`mode="grid"`).

    Example:
        >>> import numpy as np
        >>> X = np.array([[1, 1], [2, 1], [1, 0], [4, 7], [3, 5], [3, 6]])
        >>> MeanShift(bandwidth=2).fit(X).labels_
        array([1, 1, 1, 0, 0, 0])
    """

    cluster_centers_: NDArray[Any]
    cluster_masses_: Floats
    labels_: Labels
    n_iter_: int
    bandwidth_: float
    approximate_: bool
    _sums: BallSums | None

    def __init__(
        self,
        *,
        bandwidth: float | None = None,
        seeds: Any = None,
        bin_seeding: bool = False,
        min_bin_freq: int = 1,
        cluster_all: bool = True,
        max_iter: int = 300,
        kernel: str = "flat",
        assign: Assignment = "nearest",
        mode: ClimbMode = "exact",
        progress: ProgressCallback | None = None,
    ) -> None:
        self.bandwidth = bandwidth
        self.seeds = seeds
        self.bin_seeding = bin_seeding
        self.min_bin_freq = min_bin_freq
        self.cluster_all = cluster_all
        self.max_iter = max_iter
        self.kernel = kernel
        self.assign = assign
        self.mode = mode
        self.progress = progress

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:  # noqa: N803
        """Find the clusters of `(N, d)` points.

        Args:
            X: the points: floats or integers, finite.
            y: not used; pipelines pass it.
            sample_weight: `(N,)` weights ≥ 0; a weight of k counts as k copies of the point, 0 as none (such a point
                gets a label all the same).

        Raises:
            ConfigError: a setting is out of range.
            DataError: points, seeds or weights cannot be used, or no point lies within the ball of any seed.
        """
        check_settings(self.get_params())
        points = as_points(X)
        weights = as_weights(sample_weight, len(points))
        positions = points.astype(np.float64, copy=False)
        cloud = Cloud(positions, None)
        starts = points
        if weights is not None:
            held = weights > 0
            cloud, starts = Cloud(positions[held], weights[held]), points[held]
        bandwidth = float(self._usable_bandwidth(starts, cloud))
        seeds = self._seeds(starts, cloud, bandwidth)
        approximate = self.mode == "grid"
        if approximate:
            cloud = coarsened(cloud, bandwidth)
            seeds = cloud.points if seeds is starts else seeds
        sums = ball_sums(cloud, Ball(KERNELS[self.kernel], bandwidth))
        precision = np.dtype(np.float32 if points.dtype == np.float32 else np.float64)
        ends = climb(sums, seeds, self._rule(bandwidth), precision, self.progress)
        if not ends.mass.any():
            raise _nothing_near(cloud.points, seeds, bandwidth)
        modes = merge(ends, bandwidth)
        if self.assign == "basin":
            # Where the seeds were the points, each has climbed already.
            positions = ends.centers if seeds is points else climb(sums, positions, self._rule(bandwidth)).centers
        labels = _label(positions, modes.centers, None if self.cluster_all else bandwidth)
        # All at once and last: a fit that fails leaves the model as it was, unfitted or with what it had found before.
        self._note_features(X, points.shape[1])
        self.cluster_centers_, self.cluster_masses_, self.labels_ = modes.centers, modes.mass, labels
        self.n_iter_, self.bandwidth_, self.approximate_ = ends.iterations, bandwidth, approximate
        self._sums = sums if self.assign == "basin" else None
        return self

    def predict(self, X: Any) -> Labels:  # noqa: N803
        """Label `(M, d)` new points: by the nearest center, or (`assign="basin"`) by the mode that each climbs to.

        As in scikit-learn, orphans are told apart in `labels_` only; a nearest center always exists. A climb that
        ends further than a bandwidth from every center does give −1 if `cluster_all` is False.

        Raises:
            NotInitialisedError: `fit` was not called.
            DataError: the points cannot be used, or have another dimension than those fitted.
        """
        self._check_fitted()
        points = as_points(X)
        self._check_features(X, points.shape[1])
        positions = points.astype(np.float64, copy=False)
        if self._sums is None:
            return _label(positions, self.cluster_centers_)
        ends = climb(self._sums, positions, self._rule(self.bandwidth_)).centers
        return _label(ends, self.cluster_centers_, None if self.cluster_all else self.bandwidth_)

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> Labels:  # noqa: N803
        """Return `fit(X, y, sample_weight).labels_`."""
        return self.fit(X, y, sample_weight).labels_

    def _usable_bandwidth(self, points: NDArray[Any], cloud: Cloud) -> float:
        bandwidth = self.bandwidth
        if bandwidth is None:
            bandwidth = estimate_bandwidth(points, sample_weight=cloud.weights)
        if bandwidth > 0:
            return bandwidth
        # So many points coincide that the estimate is 0: take a ball that holds coinciding points and no others.
        gaps = np.diff(np.sort(cloud.points, axis=0), axis=0)
        return float(gaps[gaps > 0].min()) / 2 if gaps.any() else 1.0

    def _seeds(self, points: NDArray[Any], cloud: Cloud, bandwidth: float) -> NDArray[Any]:
        if self.seeds is not None:
            seeds = as_points(self.seeds, "seeds")
            if seeds.shape[1] != points.shape[1]:
                raise DataError(
                    f"seeds have {seeds.shape[1]} coordinates, X has {points.shape[1]}: give seeds of X's dimension"
                )
            return seeds
        if self.bin_seeding:
            return bin_seeds(points, bandwidth, self.min_bin_freq, cloud.weights)
        return points

    def _rule(self, bandwidth: float) -> StoppingRule:
        return StoppingRule(tolerance=_TOLERANCE * bandwidth, max_iterations=self.max_iter)


def _label(positions: NDArray[Any], centers: NDArray[Any], reach: float | None = None) -> Labels:
    """Return the index of the center nearest to each position; −1 where that is further than `reach`, if given."""
    nearest = nearest_centers(positions.astype(np.float64, copy=False), centers.astype(np.float64, copy=False))
    if reach is not None:
        nearest.index[nearest.distance > reach] = -1
    return nearest.index


def _nothing_near(points: Floats, seeds: NDArray[Any], bandwidth: float) -> DataError:
    nearest = float(nearest_centers(seeds.astype(np.float64), points).distance.min())
    return DataError(
        f"no point lies within bandwidth={bandwidth:g} of any of the {len(seeds)} seeds (the nearest is {nearest:g} "
        "away): raise the bandwidth, or give seeds nearer to the points"
    )
