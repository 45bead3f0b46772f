from __future__ import annotations

import sys

import numpy as np
import pytest
from skimage.data import astronaut

from tests.segmentation.pictures import patches, photograph
from tracker.errors import ConfigError, FrameError
from tracker.segmentation import segment
from tracker.segmentation.filtering import COLOR_SPACES, PixelModes
from tracker.segmentation.segment import MAX_PIXELS


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


def test_thermal_pictures_are_taken_over_their_own_range():
    picture, truth = patches()
    thermal = 29300 + picture[:, :, 1].astype(np.uint16)
    for deep in (thermal, thermal.astype(np.float32) / 100):
        np.testing.assert_array_equal(segment(deep, hr=15).labels, truth)


def test_a_large_picture_is_worked_on_at_a_bounded_size():
    picture, truth = patches()
    large = picture.repeat(4, axis=0).repeat(4, axis=1)
    result = segment(large, hs=20, hr=12, min_size=320, max_pixels=60 * 80)
    assert result.working_size == (80, 60)
    np.testing.assert_array_equal(result.labels, truth.repeat(4, axis=0).repeat(4, axis=1))
    assert result.labels.dtype == np.int32
    assert result.sizes.tolist() == np.bincount(truth.ravel() * 1, weights=np.full(truth.size, 16)).tolist()
    np.testing.assert_allclose(result.places[2], [160, 120], atol=4)
    assert result.filtered.shape == result.flat.shape == large.shape
    assert segment(picture).working_size == (80, 60)


@pytest.mark.parametrize("size", [(3000, 4000), (100, 200_000), (4001, 2999)])
def test_twelve_megapixels_are_worked_on_as_at_most_one_and_a_half(size, monkeypatch):
    seen = []

    def stand_in(planes, hs, hr):
        seen.append((planes.shape[1] * planes.shape[2], hs))
        pixels = planes.shape[1] * planes.shape[2]
        return PixelModes(np.zeros((pixels, 3), np.float32), np.zeros((pixels, 2), np.float32))

    monkeypatch.setattr(sys.modules[segment.__module__], "climb_pixels", stand_in)
    result = segment(np.zeros((*size, 3), np.uint8))
    ((pixels, hs),) = seen
    assert pixels <= MAX_PIXELS
    assert 1 <= hs <= 7
    assert result.labels.shape == size
    assert result.count == 1


@pytest.mark.parametrize("max_pixels", [1, 7, 100])
def test_any_working_size_covers_the_picture(max_pixels):
    result = segment(patches()[0], max_pixels=max_pixels)
    assert result.labels.shape == (60, 80)
    assert set(np.unique(result.labels)) == set(range(result.count))
    assert result.sizes.sum() == 4800


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
        ({"max_pixels": 0}, "max_pixels is a number of pixels of at least 1; got 0"),
        ({"color": "hsv"}, "color is one of luv, lab, bgr; got 'hsv'"),
    ],
)
def test_settings_out_of_range(settings, message):
    with pytest.raises(ConfigError, match=message):
        segment(np.zeros((4, 4, 3), np.uint8), **settings)


def test_what_is_no_picture():
    with pytest.raises(FrameError, match="got None"):
        segment(None)
