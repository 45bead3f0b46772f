from __future__ import annotations

import numpy as np
import pytest

from tests.meanshift.clustering.helpers import (
    three_blobs,
)
from tracker.meanshift.clustering.ball import Cloud
from tracker.meanshift.clustering.grouping import coarsened


def test_grid_mode_keeps_mass_and_mean():
    points, _ = three_blobs(5000)
    cloud = coarsened(Cloud(points), 1.0)
    assert len(cloud.points) < len(points) / 2
    assert cloud.weights.sum() == pytest.approx(5000)
    np.testing.assert_allclose(np.average(cloud.points, axis=0, weights=cloud.weights), points.mean(axis=0))
