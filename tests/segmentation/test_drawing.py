from __future__ import annotations

import numpy as np
from skimage.data import coffee

from tests.segmentation.pictures import patches, photograph
from tracker.segmentation import draw_flat, draw_outlines, segment


def test_outlines_lie_on_borders_only_and_leave_the_picture_alone():
    picture, _ = patches()
    before = picture.copy()
    result = segment(picture, hs=5, hr=12)
    drawn = draw_outlines(picture, result, (255, 0, 255))
    changed = np.any(drawn != picture, axis=2)
    assert 100 < changed.sum() < 400
    assert np.all(drawn[changed] == (255, 0, 255))
    assert changed[30, 20]
    assert not changed[10, 10]
    np.testing.assert_array_equal(picture, before)


def test_flat_has_one_color_a_region():
    result = segment(photograph(coffee), hs=4, hr=8)
    flat = draw_flat(result)
    for label in range(0, result.count, 7):
        assert len(np.unique(flat[result.labels == label], axis=0)) == 1
