from __future__ import annotations

import numpy as np

from tracker.meanshift.clustering.labels import nearest_centers


def test_many_centers_and_few_centers_label_alike():
    rng = np.random.default_rng(0)
    points, centers = rng.integers(0, 9, size=(400, 2)) / 2.0, rng.integers(0, 9, size=(80, 2)) / 1.0
    squared = np.square(points[:, None] - centers).sum(axis=2)
    nearest = nearest_centers(points, centers)
    np.testing.assert_array_equal(nearest.index, squared.argmin(axis=1))
    np.testing.assert_allclose(nearest.distance, np.sqrt(squared.min(axis=1)))
