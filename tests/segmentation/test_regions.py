from __future__ import annotations

import numpy as np
import pytest
from skimage.data import astronaut, chelsea, coffee

from tests.segmentation.pictures import is_connected, photograph
from tracker.segmentation import segment


@pytest.mark.parametrize("make", [astronaut, chelsea, coffee])
@pytest.mark.parametrize("min_size", [1, 40])
def test_photographs_fall_into_connected_regions_of_the_least_size(make, min_size):
    result = segment(photograph(make), hs=4, hr=8, min_size=min_size)
    assert result.labels.dtype == np.int32
    assert result.sizes.sum() == result.labels.size
    assert result.sizes.min() >= min_size
    assert all(is_connected(result.labels, label) for label in range(0, result.count, 1 + result.count // 20))
    first = [int(np.argmax(result.labels.ravel() == label)) for label in range(result.count)]
    assert first == sorted(first)


def test_a_wider_radius_gives_fewer_regions():
    picture = photograph(coffee)
    counts = [segment(picture, hs=4, hr=hr).count for hr in (4, 8, 16, 1000)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 1
