"""Color spaces and bins."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.config.settings import ColorSettings
from tracker.cues.color import COLOR_SPACES, GRAY_BINS, Quantizer

DEFAULT_BINS = {
    "bgr": (16, 16, 16),
    "hsv": (16, 8, 8),
    "hs": (16, 8),
    "lab": (8, 32, 32),
    "ycrcb": (7, 9, 11),
    "gray": (32,),
}


def all_colors():
    """A picture with many colors, every gray among them."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    image[0, :, :] = np.arange(0, 256, 4, dtype=np.uint8)[:, None]
    return image


@pytest.mark.parametrize("space", sorted(COLOR_SPACES))
def test_every_pixel_has_a_bin_of_the_range(space):
    quantizer = Quantizer(ColorSettings(space=space, bins=DEFAULT_BINS[space]))
    bins = quantizer.bins(all_colors())
    assert bins.shape == (64, 64)
    assert bins.min() >= 0
    assert bins.max() < quantizer.size
    assert len(np.unique(bins)) > 8


def test_bgr_bins_are_the_high_bits():
    image = all_colors()
    blue, green, red = (image[..., c].astype(int) >> 4 for c in range(3))
    bins = Quantizer(ColorSettings()).bins(image)
    assert (bins == (blue << 8) + (green << 4) + red).all()


@pytest.mark.parametrize("space", ["lab", "ycrcb", "gray"])
def test_bins_agree_with_numpys_histogram(space):
    image = all_colors()
    quantizer = Quantizer(ColorSettings(space=space, bins=DEFAULT_BINS[space]))
    converted = cv2.cvtColor(image, COLOR_SPACES[space].code).reshape(64 * 64, -1)
    want, _ = np.histogramdd(converted, bins=DEFAULT_BINS[space], range=[(0, 256)] * converted.shape[1])
    got = np.bincount(quantizer.bins(image).ravel(), minlength=quantizer.size)
    assert (got == want.ravel()).all()


@settings(deadline=None)
@given(st.integers(0, 255))
def test_grays_have_bins_by_brightness_where_hue_means_nothing(value):
    for space in ("hs", "hsv"):
        quantizer = Quantizer(ColorSettings(space=space, bins=DEFAULT_BINS[space]))
        assert (
            quantizer.bins(np.full((1, 1, 3), value, np.uint8))[0, 0] == quantizer.color_bins + value * GRAY_BINS // 256
        )


def test_saturated_colors_have_bins_by_hue():
    quantizer = Quantizer(ColorSettings(space="hs", bins=(6, 1)))
    colors = [(0, 0, 255), (0, 255, 255), (0, 255, 0), (255, 255, 0), (255, 0, 0), (255, 0, 255)]
    assert quantizer.bins(np.array([colors], np.uint8)).ravel().tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("bins", [(1, 1, 1), (256, 16, 16), (3, 5, 7)])
def test_any_number_of_bins(bins):
    quantizer = Quantizer(ColorSettings(bins=bins))
    got = quantizer.bins(all_colors())
    assert quantizer.size == np.prod(bins)
    assert got.max() < quantizer.size
    assert len(np.unique(got)) <= quantizer.size
