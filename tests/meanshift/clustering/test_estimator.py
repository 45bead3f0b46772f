from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.meanshift.clustering.helpers import (
    bandwidths,
    blobs,
    broad_and_narrow,
    fit,
    point_sets,
    quick,
    sorted_rows,
    three_blobs,
)
from tracker.errors import DataError
from tracker.meanshift.clustering import ClimbProgress, MeanShift
from tracker.meanshift.clustering.ball import Cloud
from tracker.meanshift.clustering.grouping import coarsened
from tracker.meanshift.clustering.labels import nearest_centers


@pytest.mark.parametrize("kernel", ["flat", "epanechnikov", "gaussian"])
def test_every_kernel_finds_well_separated_blobs(kernel):
    points, truth = three_blobs()
    bandwidth = 0.5 if kernel == "gaussian" else 1.3
    model = MeanShift(bandwidth=bandwidth, kernel=kernel, bin_seeding=True, min_bin_freq=5).fit(points)
    near = nearest_centers(np.array([[2.0, 2], [-2, -2], [2, -2]]), model.cluster_centers_)
    assert np.all(near.distance < 0.25)
    assert np.mean(near.index[truth] == model.labels_) > 0.97


def test_the_gaussian_kernel_makes_the_smoother_density():
    points = np.random.default_rng(3).normal(size=(400, 2))
    flat = MeanShift(bandwidth=0.5).fit(points)
    gaussian = MeanShift(bandwidth=0.5, kernel="gaussian").fit(points)
    assert len(gaussian.cluster_centers_) < len(flat.cluster_centers_)


def test_weights_move_a_center():
    points = np.array([[0.0], [1.0]])
    model = MeanShift(bandwidth=3.0).fit(points, sample_weight=[3.0, 1.0])
    np.testing.assert_allclose(model.cluster_centers_, [[0.25]])
    assert model.cluster_masses_.tolist() == [4.0]


@pytest.mark.parametrize("dimensions", [1, 3, 5])
def test_the_scale_of_weights_matters_to_masses_only(dimensions):
    points = np.random.default_rng(0).normal(size=(200, dimensions))
    weights = np.random.default_rng(1).uniform(0, 1, 200)
    some = MeanShift(bandwidth=0.8).fit(points, sample_weight=weights)
    more = MeanShift(bandwidth=0.8).fit(points, sample_weight=weights * 1024)
    np.testing.assert_array_equal(more.labels_, some.labels_)
    np.testing.assert_allclose(more.cluster_masses_, some.cluster_masses_ * 1024)


def test_bins_weigh_what_their_points_weigh():
    points = np.array([[0.0], [10.0]])
    model = MeanShift(bandwidth=1.0, bin_seeding=True, min_bin_freq=2).fit(points, sample_weight=[2, 1])
    assert model.cluster_centers_.tolist() == [[0.0]]


@pytest.mark.parametrize("assign", ["nearest", "basin"])
def test_orphans(assign):
    points = np.array([[0.0], [0.1], [0.2], [50.0]])
    model = MeanShift(bandwidth=1.0, seeds=[[0.0]], cluster_all=False, assign=assign).fit(points)
    assert model.labels_.tolist() == [0, 0, 0, -1]
    assert MeanShift(bandwidth=1.0, seeds=[[0.0]], assign=assign).fit(points).labels_.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("seeds", [None, [[0.0], [5.0]]])
def test_basin_labels_follow_the_climb(seeds):
    points = broad_and_narrow()
    settings = {"bandwidth": 0.7, "kernel": "gaussian", "seeds": seeds}
    nearest = MeanShift(**settings).fit(points)
    basin = MeanShift(**settings, assign="basin").fit(points)
    np.testing.assert_array_equal(basin.cluster_centers_, nearest.cluster_centers_)
    assert nearest.cluster_centers_.shape == (2, 1)
    between = (points[:, 0] > 2.7) & (points[:, 0] < 3.5)
    assert between.sum() > 10
    assert set(nearest.labels_[between]) == {1}
    assert set(basin.labels_[between]) == {0}
    np.testing.assert_array_equal(basin.predict(points), basin.labels_)


def test_basin_predict_tells_what_climbs_nowhere():
    model = MeanShift(bandwidth=1.0, assign="basin", cluster_all=False).fit(broad_and_narrow())
    assert model.predict([[500.0]]).tolist() == [-1]
    assert model.set_params(cluster_all=True).predict([[500.0]])[0] >= 0


def test_grid_mode_is_near_and_says_so():
    points, _ = three_blobs(20_000)
    exact = MeanShift(bandwidth=1.0, bin_seeding=True).fit(points)
    grid = MeanShift(bandwidth=1.0, bin_seeding=True, mode="grid").fit(points)
    assert grid.approximate_
    assert not exact.approximate_
    assert np.mean(grid.labels_ == exact.labels_) > 0.99
    np.testing.assert_allclose(grid.cluster_centers_, exact.cluster_centers_, atol=0.1)


def test_grid_mode_without_seeds_starts_from_the_cells():
    points, _ = three_blobs(5000)
    seen = []
    MeanShift(bandwidth=1.0, mode="grid", progress=seen.append).fit(points)
    assert seen[0].seeds == len(coarsened(Cloud(points), 1.0).points)


def test_progress_counts_down():
    points, _ = three_blobs()
    seen = []
    model = MeanShift(bandwidth=1.0, bin_seeding=True, progress=seen.append).fit(points)
    assert all(isinstance(step, ClimbProgress) for step in seen)
    assert [step.iteration for step in seen] == list(range(1, model.n_iter_ + 2))
    assert [step.active for step in seen] == sorted((step.active for step in seen), reverse=True)
    assert seen[-1].active == 0


@pytest.mark.parametrize("assign", ["nearest", "basin"])
@pytest.mark.parametrize("dimensions", [2, 4])
def test_a_fitted_model_can_be_copied_and_pickled(assign, dimensions):
    points = np.random.default_rng(0).normal(size=(100, dimensions))
    model = MeanShift(bandwidth=1.0, assign=assign).fit(points)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(twin.predict(points), model.predict(points))


def test_the_callers_array_is_left_alone():
    points, _ = three_blobs(300)
    before = points.copy()
    points.setflags(write=False)
    MeanShift(bandwidth=1.0).fit(points).predict(points)
    np.testing.assert_array_equal(points, before)


def test_a_bandwidth_in_single_precision():
    points = blobs(200, 2)
    bandwidth = np.float32(0.75)
    expected = MeanShift(bandwidth=float(bandwidth), bin_seeding=True).fit(points)
    np.testing.assert_array_equal(
        MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(points).labels_, expected.labels_
    )


def test_seeds_that_see_nothing():
    with pytest.raises(
        DataError, match=r"no point lies within bandwidth=1 of any of the 2 seeds \(the nearest is 8 away"
    ):
        MeanShift(bandwidth=1.0, seeds=[[9.0], [20.0]]).fit([[0.0], [1.0]])


def test_seeds_of_another_dimension():
    with pytest.raises(DataError, match="seeds have 3 coordinates, X has 1"):
        MeanShift(bandwidth=1.0, seeds=[[0.0, 0.0, 0.0]]).fit([[0.0], [1.0]])


@pytest.mark.parametrize("count", [1, 2, 7])
def test_coinciding_points_are_one_cluster(count):
    model = MeanShift().fit(np.full((count, 3), 0.1))
    assert model.labels_.tolist() == [0] * count
    np.testing.assert_allclose(model.cluster_centers_, [[0.1, 0.1, 0.1]])


def test_an_estimate_of_zero_still_separates_what_differs():
    points = np.repeat([[0.0, 0.0], [0.0, 1e-3], [5.0, 5.0]], [8, 4, 4], axis=0)
    model = MeanShift().fit(points)
    assert model.labels_.tolist() == [0] * 8 + [2] * 4 + [1] * 4


def test_fewer_points_than_dimensions():
    points = np.eye(3, 8) * 10
    assert MeanShift(bandwidth=1.0).fit(points).cluster_centers_.shape == (3, 8)


def test_collinear_points():
    line = np.linspace(0, 1, 50)[:, None] * [1.0, 2.0, 3.0]
    two = np.concatenate((line, line + 20))
    model = MeanShift(bandwidth=8.0).fit(two)
    assert len(model.cluster_centers_) == 2
    assert len(set(model.labels_[:50])) == 1


def test_a_plateau_does_not_move_for_ever():
    ring = np.stack((np.cos(np.arange(60) / 60 * 2 * np.pi), np.sin(np.arange(60) / 60 * 2 * np.pi)), axis=1)
    model = MeanShift(bandwidth=0.3).fit(ring)
    assert model.n_iter_ < 300
    assert np.all(model.labels_ >= 0)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
@pytest.mark.parametrize("distance", [1e6, 1e12, 1e100])
def test_outliers_however_distant_leave_the_rest_alone(dimensions, distance):
    cluster = np.random.default_rng(0).normal(size=(200, dimensions))
    outliers = np.array([[distance] * dimensions, [-distance] * dimensions, [distance / 3] * dimensions])
    alone = MeanShift(bandwidth=2.5, bin_seeding=True).fit(cluster)
    with_outliers = MeanShift(bandwidth=2.5, bin_seeding=True).fit(np.concatenate((cluster, outliers)))
    near = np.abs(with_outliers.cluster_centers_[:, 0]) < 1e3
    np.testing.assert_allclose(with_outliers.cluster_centers_[near], alone.cluster_centers_, atol=1e-6)
    assert (~near).sum() == 3


@quick
@given(point_sets(), bandwidths, st.integers(-3, 3))
def test_shifted_points_give_shifted_centers(points, bandwidth, offset):
    plain, moved = fit(points, bandwidth), fit(points + 64.0 * offset, bandwidth)
    got, expected = np.round(moved.cluster_centers_ - 64.0 * offset, 6), np.round(plain.cluster_centers_, 6)
    np.testing.assert_allclose(sorted_rows(got), sorted_rows(expected), atol=1e-5)


@quick
@given(point_sets(), bandwidths, st.sampled_from([-10, -3, 4, 20]))
def test_scaled_points_give_scaled_centers(points, bandwidth, power):
    scale = 2.0**power
    plain, scaled = fit(points, bandwidth), fit(points * scale, bandwidth * scale)
    np.testing.assert_array_equal(scaled.cluster_centers_, plain.cluster_centers_ * scale)
    np.testing.assert_array_equal(scaled.labels_, plain.labels_)
    assert scaled.n_iter_ == plain.n_iter_


@quick
@given(point_sets(), bandwidths, st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(points, bandwidth, random):
    order = random.sample(range(len(points)), len(points))
    plain, shuffled = fit(points, bandwidth), fit(points[order], bandwidth)
    np.testing.assert_array_equal(shuffled.cluster_centers_, plain.cluster_centers_)
    np.testing.assert_array_equal(shuffled.labels_, plain.labels_[order])


@quick
@given(point_sets(most=15), bandwidths, st.data(), st.booleans())
def test_a_weight_of_k_is_k_copies(points, bandwidth, data, bins):
    copies = data.draw(arrays(np.int64, len(points), elements=st.integers(0, 4)))
    copies[0] = max(copies[0], 1)
    weighted = MeanShift(bandwidth=bandwidth, bin_seeding=bins).fit(points, sample_weight=copies)
    repeated = MeanShift(bandwidth=bandwidth, bin_seeding=bins).fit(np.repeat(points, copies, axis=0))
    np.testing.assert_allclose(weighted.cluster_centers_, repeated.cluster_centers_, atol=1e-9 * bandwidth)
    np.testing.assert_array_equal(weighted.cluster_masses_, repeated.cluster_masses_)
    np.testing.assert_array_equal(np.repeat(weighted.labels_, copies), repeated.labels_)
