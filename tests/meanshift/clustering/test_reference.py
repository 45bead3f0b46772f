from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import estimate_bandwidth as reference_bandwidth
from sklearn.datasets import make_blobs

from tests.meanshift.clustering.helpers import (
    assert_same,
    blobs,
)
from tracker.meanshift.clustering import estimate_bandwidth

pytestmark = pytest.mark.filterwarnings("ignore:Binning data failed")


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
    # The reference adds up in single precision, so its own centers are good to a few 1e-6 only.
    points = blobs(500, dimensions, seed=dimensions).astype(np.float32)
    assert assert_same(points, tolerance=1e-5, bandwidth=0.8, bin_seeding=True).cluster_centers_.dtype == np.float32


def test_the_tutorial():
    points, _ = make_blobs(n_samples=10000, centers=[[1, 1], [-1, -1], [1, -1]], cluster_std=0.6, random_state=0)
    bandwidth = estimate_bandwidth(points, quantile=0.2, n_samples=500)
    assert bandwidth == reference_bandwidth(points, quantile=0.2, n_samples=500)
    assert len(assert_same(points, bandwidth=bandwidth, bin_seeding=True).cluster_centers_) == 3
