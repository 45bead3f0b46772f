"""What must hold for any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tracker.meanshift.clustering import MeanShift
from tracker.meanshift.clustering.ball import Ball, Cloud
from tracker.meanshift.clustering.climb import ball_sums, climb
from tracker.meanshift.kernels import KERNELS, StoppingRule

quick = settings(deadline=None, max_examples=40)


@st.composite
def point_sets(draw, most=40):
    """Points on a lattice of eighths, so that shifting and scaling by powers of two is exact; many coincide."""
    shape = (draw(st.integers(1, most)), draw(st.integers(1, 4)))
    return draw(arrays(np.int64, shape, elements=st.integers(-40, 40))) / 8.0


bandwidths = st.sampled_from([0.3, 0.7, 1.0, 2.5, 30.0])


def fit(points, bandwidth, **more):
    return MeanShift(bandwidth=bandwidth, **more).fit(points)


def sorted_rows(array):
    return array[np.lexsort(array.T)]


@quick
@given(point_sets(), bandwidths, st.integers(-3, 3))
def test_shifted_points_give_shifted_centres(points, bandwidth, offset):
    plain, moved = fit(points, bandwidth), fit(points + 64.0 * offset, bandwidth)
    got, expected = np.round(moved.cluster_centers_ - 64.0 * offset, 6), np.round(plain.cluster_centers_, 6)
    np.testing.assert_allclose(sorted_rows(got), sorted_rows(expected), atol=1e-5)


@quick
@given(point_sets(), bandwidths, st.sampled_from([-10, -3, 4, 20]))
def test_scaled_points_give_scaled_centres(points, bandwidth, power):
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


@quick
@given(point_sets(), bandwidths, st.sampled_from(sorted(KERNELS)))
def test_the_density_never_falls_along_a_path(points, bandwidth, kernel):
    ball = Ball(KERNELS[kernel], bandwidth)
    sums = ball_sums(Cloud(points), ball)

    def density(places):
        squared = np.square(places[:, None] - points).sum(axis=2) / bandwidth**2
        return KERNELS[kernel].profile(squared).sum(axis=1)

    places = points.copy()
    for _ in range(8):
        moved = sums(places).means
        assert np.all(density(moved) >= density(places) - 1e-9 * len(points))
        places = moved


@quick
@given(point_sets(), bandwidths, st.sampled_from(sorted(KERNELS)), st.booleans())
def test_sums_are_those_of_the_exact_ball(points, bandwidth, kernel, weighted):
    weights = np.linspace(0.5, 3.0, len(points)) if weighted else None
    ball = Ball(KERNELS[kernel], bandwidth)
    centers = np.concatenate((points, points * 0.7 + 0.1, np.full((1, points.shape[1]), 1e5)))
    got = ball_sums(Cloud(points, weights), ball)(centers)
    squared = sum((a[:, None] - b) ** 2 for a, b in zip(centers.T, points.T, strict=True))
    expected = ball.weight(squared) * (1.0 if weights is None else weights)
    np.testing.assert_allclose(got.mass, expected.sum(axis=1), atol=1e-9)
    held = got.mass > 0
    means = expected @ points / np.where(held, got.mass, 1.0)[:, None]
    np.testing.assert_allclose(got.means[held], means[held], atol=1e-9)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5])
@pytest.mark.parametrize("kernel", sorted(KERNELS))
def test_every_climb_comes_to_rest(dimensions, kernel):
    points = np.random.default_rng(dimensions).normal(size=(300, dimensions))
    rule = StoppingRule(tolerance=1e-3 * 0.5, max_iterations=10_000)
    ends = climb(ball_sums(Cloud(points), Ball(KERNELS[kernel], 0.5)), points, rule)
    assert ends.iterations < 2_000
    assert np.all(ends.mass > 0)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, np.float16, bool])
def test_any_real_type_will_do(dtype):
    points = np.array([[0, 0], [1, 0], [1, 1], [9, 9], [9, 8]]).astype(dtype)
    as_float = MeanShift(bandwidth=2.0).fit(points.astype(np.float64))
    np.testing.assert_array_equal(MeanShift(bandwidth=2.0).fit(points).labels_, as_float.labels_)


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
