from __future__ import annotations

import numpy as np
import pytest
from skimage.data import astronaut

from tests.segmentation.pictures import patches, photograph
from tracker.errors import ConfigError, FrameError
from tracker.segmentation import segment
from tracker.segmentation.filtering import (
    COLOR_SPACES,
)


@pytest.mark.parametrize("color", sorted(COLOR_SPACES))
@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_plain_areas_are_the_regions(color, noise):
    picture, truth = patches(noise)
    result = segment(picture, hs=5, hr=20 if color == "bgr" else 12, color=color)
    assert result.count == 3
    # Regions are numbered by their first pixels, and so is the truth.
    np.testing.assert_array_equal(result.labels, truth)
    assert result.sizes.tolist() == np.bincount(truth.ravel()).tolist()
    assert np.abs(result.flat.astype(int) - patches()[0]).max() <= 4
    np.testing.assert_allclose(result.places[2], [40, 30], atol=1)


def test_a_plain_picture_is_one_region():
    result = segment(np.full((20, 30, 3), 77, np.uint8))
    assert result.count == 1
    assert result.sizes.tolist() == [600]
    np.testing.assert_array_equal(result.filtered, 77)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 4)])
def test_pictures_smaller_than_the_window(shape):
    assert segment(np.zeros((*shape, 3), np.uint8), hs=7).labels.shape == shape


def test_gray_and_deep_pictures_are_taken():
    picture, truth = patches()
    gray = picture[:, :, 1]
    np.testing.assert_array_equal(segment(gray, hr=15).labels, truth)
    np.testing.assert_array_equal(segment(gray.astype(np.uint16) * 257, hr=15).labels, truth)


def test_the_same_picture_gives_the_same_result():
    picture = photograph(astronaut)
    np.testing.assert_array_equal(segment(picture).labels, segment(picture.copy()).labels)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"hs": 0}, "hs is a whole number of pixels from 1 to 200; got 0"),
        ({"hs": 2.5}, "got 2.5"),
        ({"hs": True}, "got True"),
        ({"hr": 0}, "hr is a number above 0 and at most 1000; got 0"),
        ({"hr": float("nan")}, "got nan"),
        ({"hr": "6"}, "got '6'"),
        ({"min_size": 0}, "min_size is a whole number of pixels of at least 1; got 0"),
        ({"color": "hsv"}, "color is one of luv, lab, bgr; got 'hsv'"),
    ],
)
def test_settings_out_of_range(settings, message):
    with pytest.raises(ConfigError, match=message):
        segment(np.zeros((4, 4, 3), np.uint8), **settings)


def test_what_is_no_picture():
    with pytest.raises(FrameError, match="got None"):
        segment(None)
