from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.meanshift.clustering.helpers import (
    bandwidths,
    point_sets,
    quick,
)
from tracker.meanshift.clustering.ball import Ball, Cloud
from tracker.meanshift.clustering.climb import ball_sums
from tracker.meanshift.kernels import KERNELS


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
