"""Text on dark translucent plates that keep clear of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2

from tracker.drawing.style import GREY, WHITE, Color, Sizes
from tracker.image import Image

Rect: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels, half-open."""

_FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class Plate:
    """A line of text on its plate, measured and not yet placed.

    Attributes:
        text: what it says.
        accent: colour of the bar at its left edge, None for no bar.
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
    for text in texts:
        extent = cv2.getTextSize(text, _FONT, *_font(sizes))[0][0]
        width = extent + 2 * sizes.pad + (sizes.line if accent else 0)
        if width <= room:
            return Plate(text, accent, level, width, height)
    return None


def place(plate: Plate, spots: Sequence[tuple[float, float]], taken: Sequence[Rect], frame: Rect) -> Rect:
    """Return where the plate goes: the first of the left-top `spots` that lies in `frame` and on nothing `taken`.

    Where there is none, the first spot is moved into the frame.
    """
    candidates = [(round(x), round(y), round(x) + plate.width, round(y) + plate.height) for x, y in spots]
    moved = [_moved_into(rect, frame) for rect in candidates]
    free = [rect for rect in moved if not any(overlap(rect, other) for other in taken)]
    still = [rect for rect in free if rect in candidates]
    return (still or free or moved)[0]


def draw_plate(image: Image, plate: Plate, rect: Rect, sizes: Sizes) -> None:
    """Draw the plate at `rect`, which lies in the picture."""
    left, top, right, bottom = rect
    shade(image, rect)
    x = left + sizes.pad
    if plate.accent:
        image[top:bottom, left : left + sizes.line] = plate.accent
        x += sizes.line
    if plate.level is not None:
        bar = slice(bottom - sizes.thin - 1, bottom)
        image[bar, left : left + round(plate.level * (right - left))] = plate.accent or GREY
    write_plate(image, plate, (x - sizes.pad, top), sizes)


def write_plate(image: Image, plate: Plate, corner: tuple[int, int], sizes: Sizes) -> None:
    """Write the plate's text alone, with the plate's left top `corner` where it is given."""
    scale, thickness = _font(sizes)
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


def _font(sizes: Sizes) -> tuple[float, int]:
    """Scale and thickness that make a capital `sizes.text` pixels high (22 at scale 1)."""
    scale = sizes.text / 22
    return scale, max(1, round(1.6 * scale))


def _moved_into(rect: Rect, frame: Rect) -> Rect:
    left, top, right, bottom = rect
    x = max(min(left, frame[2] - (right - left)), frame[0]) - left
    y = max(min(top, frame[3] - (bottom - top)), frame[1]) - top
    return left + x, top + y, right + x, bottom + y
