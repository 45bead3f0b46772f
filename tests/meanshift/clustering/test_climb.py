from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.meanshift.clustering.helpers import (
    bandwidths,
    point_sets,
    quick,
)
from tracker.errors import DataError
from tracker.meanshift.clustering import MeanShift
from tracker.meanshift.clustering.ball import Ball, Cloud
from tracker.meanshift.clustering.climb import ball_sums, climb
from tracker.meanshift.kernels import KERNELS, StoppingRule


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


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5])
@pytest.mark.parametrize("kernel", sorted(KERNELS))
def test_every_climb_comes_to_rest(dimensions, kernel):
    points = np.random.default_rng(dimensions).normal(size=(300, dimensions))
    rule = StoppingRule(tolerance=1e-3 * 0.5, max_iterations=10_000)
    ends = climb(ball_sums(Cloud(points), Ball(KERNELS[kernel], 0.5)), points, rule)
    assert ends.iterations < 2_000
    assert np.all(ends.mass > 0)


def test_bins_too_empty():
    with pytest.raises(DataError, match=r"no bin of side 1 holds min_bin_freq=3 points \(the fullest holds 2\)"):
        MeanShift(bandwidth=1.0, bin_seeding=True, min_bin_freq=3).fit([[0.0], [0.1], [5.0]])
