"""Text on dark translucent plates that keep clear of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import cv2

from tracker.drawing.style import GRAY, WHITE, Color, Sizes
from tracker.image import Image

Rect: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels, half-open."""

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_MEASURED = 4096
"""Texts whose widths are remembered: the same few words come back in every frame."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A line of text on its plate, measured and not yet placed.

    Attributes:
        text: the text.
        accent: color of the bar at its left edge, None for no bar.
        level: length of the bar at its foot as a part of its width, in [0, 1]; None for no bar.
        width: in pixels.
        height: in pixels.
    """

    text: str
    accent: Color | None
    level: float | None
    width: int
    height: int


def fitting_plate(
    texts: Sequence[str], room: int, sizes: Sizes, *, accent: Color | None = None, level: float | None = None
) -> Plate | None:
    """Return the plate of the first of `texts` that is at most `room` pixels wide; None if none is."""
    height = sizes.text + 2 * sizes.pad + (sizes.thin + 1 if level is not None else 0)
    around = 2 * sizes.pad + (sizes.line if accent else 0)
    for text in texts:
        width = _extent(text, sizes.text) + around
        if width <= room:
            return Plate(text, accent, level, width, height)
    return None


def place(plate: Plate, spots: Sequence[tuple[float, float]], taken: Sequence[Rect], frame: Rect) -> Rect:
    """Return where the plate goes: the first of the left-top `spots` that lies in `frame` and on nothing `taken`.

    Where there is none, it is the first spot that is on nothing `taken` once it is moved into the frame, and else the
    first one, moved.
    """
    fallback: Rect | None = None
    fallback_is_free = False
    for spot_x, spot_y in spots:
        x, y = round(spot_x), round(spot_y)
        left = max(min(x, frame[2] - plate.width), frame[0])
        top = max(min(y, frame[3] - plate.height), frame[1])
        rect = (left, top, left + plate.width, top + plate.height)
        free = True
        for other in taken:
            if rect[0] < other[2] and other[0] < rect[2] and rect[1] < other[3] and other[1] < rect[3]:
                free = False
                break
        if free and (left, top) == (x, y):
            return rect
        if fallback is None or (free and not fallback_is_free):
            fallback, fallback_is_free = rect, free
    assert fallback is not None
    return fallback


def draw_plate(image: Image, plate: Plate, rect: Rect, sizes: Sizes) -> None:
    """Draw the plate at `rect`, which lies in the picture."""
    left, top, right, bottom = rect
    shade(image, rect)
    x = left
    if plate.accent:
        image[top:bottom, left : left + sizes.line] = plate.accent
        x += sizes.line
    if plate.level is not None:
        bar = slice(bottom - sizes.thin - 1, bottom)
        image[bar, left : left + round(plate.level * (right - left))] = plate.accent or GRAY
    write_plate(image, plate, (x, top), sizes)


def write_plate(image: Image, plate: Plate, corner: tuple[int, int], sizes: Sizes) -> None:
    """Write the plate's text alone, with the plate's left top `corner` where it is given."""
    scale, thickness = _font(sizes.text)
    start = corner[0] + sizes.pad, corner[1] + sizes.pad + sizes.text
    cv2.putText(image, plate.text, start, _FONT, scale, WHITE, thickness, cv2.LINE_AA)


def shade(image: Image, rect: Rect) -> None:
    """Darken a part of the picture so far that white is readable on it, whatever it shows."""
    left, top, right, bottom = rect
    part = image[top:bottom, left:right]
    if part.size:
        part[:] = cv2.convertScaleAbs(part, alpha=0.25, beta=10)


def overlap(a: Rect, b: Rect) -> int:
    """Return the pixels that two rectangles share."""
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)


@lru_cache(_MEASURED)
def _extent(text: str, height: int) -> int:
    """Return the width in pixels of a text whose capitals are `height` pixels high."""
    return int(cv2.getTextSize(text, _FONT, *_font(height))[0][0])


@lru_cache(_MEASURED)
def _font(height: int) -> tuple[float, int]:
    """Return the scale and thickness that make a capital `height` pixels high (22 at scale 1)."""
    scale = height / 22
    return scale, max(1, round(1.6 * scale))
