"""What `MeanShift` offers beyond scikit-learn's."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from tracker.meanshift.clustering import ClimbProgress, MeanShift, estimate_bandwidth
from tracker.meanshift.clustering.ball import Cloud
from tracker.meanshift.clustering.grouping import coarsened
from tracker.meanshift.clustering.labels import nearest_centers


def three_blobs(count=1500, seed=0, spread=0.6):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, count)
    return np.array([[1, 1], [-1, -1], [1, -1]])[truth] * 2 + rng.normal(scale=spread, size=(count, 2)), truth


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


def test_weights_move_a_centre():
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


def test_estimated_bandwidth_takes_weights_for_copies():
    points = np.random.default_rng(0).normal(size=(60, 2))
    copies = np.random.default_rng(1).integers(0, 4, 60)
    weighted = estimate_bandwidth(points, sample_weight=copies)
    assert weighted == pytest.approx(estimate_bandwidth(np.repeat(points, copies, axis=0)), rel=1e-12)
    assert 0 < estimate_bandwidth(points, sample_weight=np.full(60, 1 / 60)) < 3


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


def broad_and_narrow():
    """A broad heap about 0 and a small narrow one about 5, whose basin ends well before the middle between them."""
    rng = np.random.default_rng(0)
    return np.concatenate((rng.normal(0, 1.7, size=(1500, 1)), rng.normal(5, 0.3, size=(60, 1))))


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


def test_grid_mode_keeps_mass_and_mean():
    points, _ = three_blobs(5000)
    cloud = coarsened(Cloud(points), 1.0)
    assert len(cloud.points) < len(points) / 2
    assert cloud.weights.sum() == pytest.approx(5000)
    np.testing.assert_allclose(np.average(cloud.points, axis=0, weights=cloud.weights), points.mean(axis=0))


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


def test_many_centres_and_few_centres_label_alike():
    rng = np.random.default_rng(0)
    points, centers = rng.integers(0, 9, size=(400, 2)) / 2.0, rng.integers(0, 9, size=(80, 2)) / 1.0
    squared = np.square(points[:, None] - centers).sum(axis=2)
    nearest = nearest_centers(points, centers)
    np.testing.assert_array_equal(nearest.index, squared.argmin(axis=1))
    np.testing.assert_allclose(nearest.distance, np.sqrt(squared.min(axis=1)))


def test_it_runs_without_scikit_learn():
    program = """
import sys
sys.modules["sklearn"] = None
from tracker.errors import NotInitialisedError
from tracker.meanshift.clustering import MeanShift
try:
    MeanShift().predict([[0.0]])
except NotInitialisedError:
    print(MeanShift(bandwidth=1.0).fit_predict([[0.0], [0.5], [9.0]]).tolist())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[0, 0, 1]"
