from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import MeanShift as Reference
from sklearn.datasets import make_blobs

from tracker.meanshift.clustering import MeanShift

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


def blobs(count, dimensions, seed=0):
    corners = np.random.default_rng(7).choice([-1.0, 1.0], size=(3, dimensions))
    return make_blobs(n_samples=count, centers=corners, cluster_std=0.6, random_state=seed)[0]


def three_blobs(count=1500, seed=0, spread=0.6):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, count)
    return np.array([[1, 1], [-1, -1], [1, -1]])[truth] * 2 + rng.normal(scale=spread, size=(count, 2)), truth


def broad_and_narrow():
    """A broad heap about 0 and a small narrow one about 5, whose basin ends well before the middle between them."""
    rng = np.random.default_rng(0)
    return np.concatenate((rng.normal(0, 1.7, size=(1500, 1)), rng.normal(5, 0.3, size=(60, 1))))


def assert_same(points, tolerance=1e-6, **settings):
    expected, got = Reference(**settings).fit(points), MeanShift(**settings).fit(points)
    np.testing.assert_array_equal(got.labels_, expected.labels_)
    assert got.n_iter_ == expected.n_iter_
    assert got.cluster_centers_.dtype == expected.cluster_centers_.dtype
    np.testing.assert_allclose(got.cluster_centers_, expected.cluster_centers_, rtol=0, atol=tolerance * got.bandwidth_)
    fresh = points[::7] + points.dtype.type(1)
    np.testing.assert_array_equal(got.predict(fresh), expected.predict(fresh))
    return got
