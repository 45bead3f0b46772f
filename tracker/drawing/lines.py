"""Lines and dots that may lie anywhere, drawn into a picture in place.

Points are continuous frame coordinates (see `tracker.geometry`). OpenCV takes 32-bit integers only and dashes a line
of a billion pixels one by one, so everything is clipped to the picture first; what is not finite is not drawn.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.drawing.style import DARK, Color
from tracker.geometry import Box
from tracker.image import Image

Point: TypeAlias = tuple[float, float]
Segment: TypeAlias = tuple[Point, Point]

_SHIFT = 4
"""Fractional bits of the coordinates that OpenCV is given."""
_FAR = 1e9
"""Points farther away than this, in pixels, are no place in a picture."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A line's colour, its width, that of the dark rim on either side, and the lengths of dash and gap; in pixels."""

    color: Color
    width: int
    halo: int = 0
    dash: tuple[float, float] | None = None


def draw_segments(image: Image, segments: Sequence[Segment], pen: Pen, *, smooth: bool = True) -> None:
    """Draw separate straight lines; `smooth` anti-aliases them."""
    height, width = image.shape[:2]
    margin = pen.width + pen.halo
    pieces = [
        piece
        for segment in segments
        for span in clip_segment(segment, width, height, margin)
        for piece in _dashes(segment, span, pen.dash)
    ]
    if not pieces:
        return
    fixed = list(_fixed(np.asarray(pieces, dtype=np.float64)))
    kind = cv2.LINE_AA if smooth else cv2.LINE_8
    if pen.halo:
        cv2.polylines(image, fixed, False, DARK, pen.width + 2 * pen.halo, kind, _SHIFT)
    cv2.polylines(image, fixed, False, pen.color, pen.width, kind, _SHIFT)


def draw_box(image: Image, box: Box, pen: Pen) -> None:
    """Draw a box's outline on its outermost pixels, crisp."""
    if not all(math.isfinite(v) for v in box):
        return
    left, top, width, height = box.rounded()
    right, bottom = max(left + width, left + 1), max(top + height, top + 1)
    xs, ys = (left + 0.5, right - 0.5), (top + 0.5, bottom - 0.5)
    corners = ((xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1]))
    draw_segments(image, around(corners), pen, smooth=False)


def draw_dot(image: Image, point: Point, radius: float, color: Color, *, halo: int = 0) -> None:
    """Draw a filled disc."""
    height, width = image.shape[:2]
    reach = radius + halo
    # Written so that a NaN fails it.
    if not (-reach < point[0] < width + reach and -reach < point[1] < height + reach):
        return
    center = tuple(_fixed(np.asarray(point, dtype=np.float64)).tolist())
    one = 1 << _SHIFT
    if halo:
        cv2.circle(image, center, round((radius + halo) * one), DARK, -1, cv2.LINE_AA, _SHIFT)
    cv2.circle(image, center, round(radius * one), color, -1, cv2.LINE_AA, _SHIFT)


def along(points: Sequence[Point]) -> list[Segment]:
    """Return the segments of an open line through `points`."""
    return list(itertools.pairwise(points))


def around(points: Sequence[Point]) -> list[Segment]:
    """Return the segments of a closed line through `points`."""
    return along([*points, *points[:1]])


def clip_segment(segment: Segment, width: float, height: float, margin: float) -> Iterator[tuple[float, float]]:
    """Yield the span [t0, t1] ⊆ [0, 1] of a segment inside the picture widened by `margin`; nothing if there is none.

    Liang & Barsky 1984, "A new concept and method for line clipping".
    """
    (x0, y0), (x1, y1) = segment
    if 0 <= x0 <= width and 0 <= x1 <= width and 0 <= y0 <= height and 0 <= y1 <= height:
        yield 0.0, 1.0  # as nearly all are
        return
    if not all(abs(v) <= _FAR for v in (x0, y0, x1, y1)):  # so written, a NaN fails it too
        return
    dx, dy = x1 - x0, y1 - y0
    first, last = 0.0, 1.0
    edges = (
        (-dx, x0 + margin),
        (dx, width + margin - x0),
        (-dy, y0 + margin),
        (dy, height + margin - y0),
    )
    for step, room in edges:
        if step == 0.0:
            if room < 0.0:
                return
        elif step < 0.0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first <= last:
        yield first, last


def _dashes(segment: Segment, span: tuple[float, float], dash: tuple[float, float] | None) -> Iterator[Segment]:
    """Yield the dashes of a segment that lie in `span`, counted from its start so that they stay with the box."""
    (x0, y0), (x1, y1) = segment
    dx, dy = x1 - x0, y1 - y0
    first, last = span

    def piece(start: float, end: float) -> Segment:
        return (x0 + start * dx, y0 + start * dy), (x0 + end * dx, y0 + end * dy)

    length = math.hypot(dx, dy)
    if dash is None or length <= dash[0]:
        yield piece(first, last)
        return
    on, period = dash[0] / length, (dash[0] + dash[1]) / length
    start = math.floor(first / period) * period
    for k in range(math.ceil((last - start) / period)):
        begin, end = max(start + k * period, first), min(start + k * period + on, last)
        if begin < end:
            yield piece(begin, end)


def _fixed(points: NDArray[np.float64]) -> NDArray[np.int32]:
    # OpenCV's pixel i has its centre at i, ours at i + 0.5.
    return np.rint((points - 0.5) * (1 << _SHIFT)).astype(np.int32)
