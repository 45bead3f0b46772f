"""A picture with a grid that is labeled in its own pixels, so that a box can be read off without a window."""

from __future__ import annotations

import math

import cv2
import numpy as np

from tracker.drawing.labels import draw_plate, fitting_plate
from tracker.drawing.style import Sizes
from tracker.image import Image

_LINES = 12
"""Lines across the longer side, about."""
_WIDTH = 960
"""Pixels that the picture is enlarged to, at least, so that the labels have room."""
_LIGHT = (255, 255, 255)
_DARK = (0, 0, 0)


def grid_step(length: int) -> int:
    """Return the pixels between two lines for a side of `length` pixels: 1, 2 or 5 times a power of ten."""
    wanted = max(1.0, length / _LINES)
    power: int = 10 ** math.floor(math.log10(wanted))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted)


def with_grid(image: Image) -> Image:
    """Return a copy, a whole number of times as large, with lines at round pixels and their numbers at the edges.

    Args:
        image: `(H, W, 3) uint8` BGR.
    """
    height, width = image.shape[:2]
    times = max(1, math.ceil(_WIDTH / max(width, height)))
    size = width * times, height * times
    picture = np.ascontiguousarray(cv2.resize(image, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    step = grid_step(max(width, height))
    for color, shift in ((_DARK, 1), (_LIGHT, 0)):  # light on dark: seen on every picture
        for x in range(0, width, step):
            cv2.line(picture, (x * times + shift, 0), (x * times + shift, size[1]), color)
        for y in range(0, height, step):
            cv2.line(picture, (0, y * times + shift), (size[0], y * times + shift), color)
    for x in range(step, width, step):
        _label(picture, x, (x * times, 0), step * times)
    for y in range(step, height, step):
        _label(picture, y, (0, y * times), step * times)
    return picture


def _label(picture: Image, number: int, corner: tuple[int, int], room: int) -> None:
    sizes = Sizes.of(_WIDTH, _WIDTH // 2)
    plate = fitting_plate([str(number)], room, sizes)
    if plate is not None:
        left, top = corner
        draw_plate(picture, plate, (left, top, left + plate.width, top + plate.height), sizes)
