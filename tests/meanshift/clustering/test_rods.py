from __future__ import annotations

import math

import numpy as np
import pytest

from tracker.meanshift.clustering.ball import Ball, Cloud, DenseSums
from tracker.meanshift.clustering.rods import PrefixSums, RodSums
from tracker.meanshift.kernels import KERNELS


def test_sums_over_spans_keep_their_digits_beside_large_numbers() -> None:
    values = np.random.default_rng(0).normal(size=2000)
    values[::10] *= 1e12
    sums = PrefixSums([values, np.ones(2000)], [1e-9, 1e-9])
    first, end = np.array([0, 11, 501, 77]), np.array([2000, 20, 510, 77])
    exact = [math.fsum(values[a:b]) for a, b in zip(first, end, strict=True)]
    np.testing.assert_allclose(sums.between(first, end)[0], exact, rtol=1e-12, atol=1e-9)
    assert sums.between(first, end)[1].tolist() == [2000, 9, 9, 0]


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("kernel", sorted(KERNELS))
def test_rods_and_all_distances_give_the_same_sums(dimensions: int, kernel: str) -> None:
    rng = np.random.default_rng(dimensions)
    # Three groups with wide voids between them, which the axes of the grid cut out.
    points = rng.normal(size=(3000, dimensions)) + rng.integers(0, 3, 3000)[:, None] * 1e2
    cloud, ball = Cloud(points, rng.uniform(0.5, 2.0, 3000)), Ball(KERNELS[kernel], 0.4)
    centers = points[::50]
    by_rods, by_distances = RodSums(cloud, ball)(centers), DenseSums(cloud, ball)(centers)
    np.testing.assert_allclose(by_rods.mass, by_distances.mass, rtol=1e-9)
    np.testing.assert_allclose(by_rods.means, by_distances.means, rtol=1e-9)
