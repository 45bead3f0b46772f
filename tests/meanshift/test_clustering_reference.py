"""Same labels, centres and iterations as scikit-learn."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.cluster import MeanShift as Reference
from sklearn.cluster import estimate_bandwidth as reference_bandwidth
from sklearn.datasets import make_blobs
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from tracker.meanshift.clustering import MeanShift, estimate_bandwidth

pytestmark = pytest.mark.filterwarnings("ignore:Binning data failed")


def blobs(count, dimensions, seed=0):
    corners = np.random.default_rng(7).choice([-1.0, 1.0], size=(3, dimensions))
    return make_blobs(n_samples=count, centers=corners, cluster_std=0.6, random_state=seed)[0]


def assert_same(points, tolerance=1e-6, **settings):
    expected, got = Reference(**settings).fit(points), MeanShift(**settings).fit(points)
    np.testing.assert_array_equal(got.labels_, expected.labels_)
    assert got.n_iter_ == expected.n_iter_
    assert got.cluster_centers_.dtype == expected.cluster_centers_.dtype
    np.testing.assert_allclose(got.cluster_centers_, expected.cluster_centers_, rtol=0, atol=tolerance * got.bandwidth_)
    fresh = points[::7] + points.dtype.type(1)
    np.testing.assert_array_equal(got.predict(fresh), expected.predict(fresh))
    return got


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("count", [200, 1000])
def test_bin_seeds(dimensions, count):
    points = blobs(count, dimensions, seed=dimensions)
    bandwidth = estimate_bandwidth(points, quantile=0.2, n_samples=500)
    assert_same(points, bandwidth=bandwidth, bin_seeding=True)
    assert_same(points, bandwidth=float(bandwidth), bin_seeding=True, cluster_all=False, min_bin_freq=3)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5])
def test_all_points_as_seeds(dimensions):
    assert_same(blobs(150, dimensions, seed=3), bandwidth=0.8)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
def test_given_seeds(dimensions):
    points = blobs(1000, dimensions)
    assert_same(points, bandwidth=0.5, seeds=points[:30] * 1.1)
    assert_same(points, bandwidth=0.5, seeds=np.concatenate((points[:5], np.full((1, dimensions), 1e9))))


def test_estimated_bandwidth():
    assert_same(blobs(300, 2))


@pytest.mark.parametrize("max_iter", [0, 1, 3])
def test_max_iter(max_iter):
    assert_same(blobs(500, 2), bandwidth=0.7, bin_seeding=True, max_iter=max_iter)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
def test_ties_on_a_lattice(dimensions):
    # Few enough clusters for the reference to compare a point with each: its trees break ties as they happen to be.
    points = np.random.default_rng(0).integers(0, 30 // dimensions, size=(400, dimensions))
    assert_same(points, bandwidth=3, bin_seeding=True)
    assert_same(points * 0.5, bandwidth=1.5, bin_seeding=True)
    assert_same(points[:80], bandwidth=3)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
def test_distant_outliers(dimensions):
    rng = np.random.default_rng(1)
    points = blobs(400, dimensions)
    two = np.concatenate((points, [[1e6] * dimensions], [[-1e6] * dimensions]))
    assert_same(two, bandwidth=0.7, bin_seeding=True)
    many = np.concatenate((points, rng.uniform(-1e6, 1e6, size=(40, dimensions))))
    assert_same(many, bandwidth=0.7, bin_seeding=True)


@pytest.mark.parametrize("distance", [1e2, 1e4, 1e6])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_groups_far_apart_along_one_axis(distance, axis):
    points = np.random.default_rng(axis).random((300, 3)) * 4
    points[100:200, axis] += distance
    assert_same(points, bandwidth=1.0, bin_seeding=True)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
def test_data_far_from_zero(dimensions):
    assert_same(blobs(500, dimensions) + 1e6, bandwidth=0.7, bin_seeding=True)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
def test_many_small_clusters(dimensions):
    points = np.random.default_rng(2).uniform(size=(250, dimensions))
    assert_same(points, bandwidth=0.03, bin_seeding=True)
    assert_same(points, bandwidth=0.25, bin_seeding=True)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5])
def test_single_precision_is_kept(dimensions):
    # The reference adds up in single precision, so its own centres are good to a few 1e-6 only.
    points = blobs(500, dimensions, seed=dimensions).astype(np.float32)
    assert assert_same(points, tolerance=1e-5, bandwidth=0.8, bin_seeding=True).cluster_centers_.dtype == np.float32


def test_the_tutorial():
    points, _ = make_blobs(n_samples=10000, centers=[[1, 1], [-1, -1], [1, -1]], cluster_std=0.6, random_state=0)
    bandwidth = estimate_bandwidth(points, quantile=0.2, n_samples=500)
    assert bandwidth == reference_bandwidth(points, quantile=0.2, n_samples=500)
    assert len(assert_same(points, bandwidth=bandwidth, bin_seeding=True).cluster_centers_) == 3


@pytest.mark.parametrize("quantile", [0.0, 0.01, 0.3, 0.45])
@pytest.mark.parametrize("drawn", [None, 1, 60, 5000])
def test_bandwidth_to_the_last_bit(quantile, drawn):
    points = blobs(1200, 3, seed=5)
    settings = {"quantile": quantile, "n_samples": drawn, "random_state": 4}
    assert estimate_bandwidth(points, **settings) == reference_bandwidth(points, **settings)


def test_bandwidth_at_large_quantiles():
    # From a half on the reference takes squares apart in a matrix product, which costs it digits.
    points = blobs(400, 2)
    assert estimate_bandwidth(points, quantile=1.0) == pytest.approx(
        reference_bandwidth(points, quantile=1.0), rel=1e-9
    )


def test_a_bandwidth_in_single_precision():
    points = blobs(200, 2)
    bandwidth = np.float32(0.75)
    expected = MeanShift(bandwidth=float(bandwidth), bin_seeding=True).fit(points)
    np.testing.assert_array_equal(
        MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(points).labels_, expected.labels_
    )


def test_check_estimator():
    with pytest.warns(UserWarning, match="does not inherit"):
        check_estimator(MeanShift(), on_skip=None)


def test_clone_and_pipeline():
    points = blobs(300, 2)
    model = MeanShift(bandwidth=0.9, kernel="epanechnikov")
    assert clone(model).get_params() == model.get_params()
    assert repr(model) == "MeanShift(bandwidth=0.9, kernel='epanechnikov')"
    pipeline = make_pipeline(StandardScaler(), MeanShift(bandwidth=0.9))
    scaled = StandardScaler().fit_transform(points)
    np.testing.assert_array_equal(pipeline.fit_predict(points), MeanShift(bandwidth=0.9).fit_predict(scaled))
    assert pipeline.set_params(meanshift__bandwidth=0.5).get_params()["meanshift__bandwidth"] == 0.5
