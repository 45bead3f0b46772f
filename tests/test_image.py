"""What counts as a picture."""

import numpy as np
import pytest

from tracker.errors import FrameError
from tracker.image import as_image


def ramp(height=60, width=80):
    """A picture whose blue and green say where a pixel is."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0], image[..., 1] = np.meshgrid(np.arange(width), np.arange(height))
    return image


def test_a_picture_is_taken_as_it_is():
    image = ramp()
    assert as_image(image) is image


@pytest.mark.parametrize(
    "frame",
    [
        np.full((4, 5), 7, np.uint8),
        np.full((4, 5, 1), 7, np.uint8),
        np.full((4, 5, 4), 7, np.uint8),
        np.full((4, 5, 3), 7 * 257, np.uint16),
        np.full((4, 5), 7 * 257, np.uint16),
    ],
)
def test_gray_alpha_and_sixteen_bits_are_converted(frame):
    frame.setflags(write=False)
    image = as_image(frame)
    assert image.shape == (4, 5, 3)
    assert image.dtype == np.uint8
    assert (image == 7).all()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (None, "did the capture fail"),
        ([[1, 2]], "got list"),
        (np.zeros((0, 5, 3), np.uint8), "empty"),
        (np.zeros((4, 5, 2), np.uint8), "shape"),
        (np.zeros((4,), np.uint8), "shape"),
        (np.zeros((4, 5, 3)), "float64"),
        (np.zeros((4, 5, 3), bool), "bool"),
    ],
)
def test_anything_else_is_refused(frame, message):
    with pytest.raises(FrameError, match=message):
        as_image(frame)
