"""Lines and dots that may lie anywhere, drawn into a picture in place: all lines of one pen in one call.

Points are continuous frame coordinates (see `tracker.geometry`). OpenCV takes 32-bit integers only and dashes a line
of a billion pixels one by one, so everything is clipped to the picture first; what is not finite is not drawn.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.drawing.style import DARK, Color
from tracker.geometry import Box
from tracker.image import Image

Point: TypeAlias = tuple[float, float]
Segments: TypeAlias = NDArray[np.float64]
"""Straight lines `(n, 2, 2)`: of each start and end, of each x and y."""

_SHIFT = 4
"""Fractional bits of the coordinates that OpenCV is given."""
_FAR = 1e9
"""Points farther away than this, in pixels, are no place in a picture."""
_SHADE = 3
"""So many steps of a fading line share a shade."""
_FAINTEST = 0.3
"""Weight of a fading line's color at its beginning."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A line's color, its width, that of the dark rim on either side, and the lengths of dash and gap; in pixels."""

    color: Color
    width: int
    halo: int = 0
    dash: tuple[float, float] | None = None


def draw_segments(image: Image, segments: ArrayLike, pen: Pen, *, smooth: bool = True) -> None:
    """Draw separate straight lines `(n, 2, 2)`; `smooth` anti-aliases them. The rims lie below all of the lines."""
    pieces, _ = visible_pieces(segments, pen, image.shape[1], image.shape[0])
    if not len(pieces):
        return
    lines = list(pieces)
    kind = cv2.LINE_AA if smooth else cv2.LINE_8
    if pen.halo:
        cv2.polylines(image, lines, False, DARK, pen.width + 2 * pen.halo, kind, _SHIFT)
    cv2.polylines(image, lines, False, pen.color, pen.width, kind, _SHIFT)


def draw_fading(image: Image, points: Sequence[Point | None], color: Color, width: int) -> None:
    """Draw a line that fades and thins toward its beginning, broken where a point is None.

    A part of it has the color that the pixel at its start is mixed to: it looks translucent and costs no blending.
    """
    count = len(points) - 1
    if count < 1:
        return
    places = [(math.nan, math.nan) if point is None else point for point in points]
    pieces, numbers = visible_pieces(along(places), Pen(color, width), image.shape[1], image.shape[0])
    lines, begin = list(pieces), 0
    starts = range(0, count, _SHADE)
    ends = np.searchsorted(numbers, [*starts[1:], count]).tolist()
    for start, end in zip(starts, ends, strict=True):
        if begin == end:
            continue
        strength = min((start + _SHADE) / count, 1.0)
        shade = color
        x, y = places[numbers[end - 1]]
        if 0 <= x < image.shape[1] and 0 <= y < image.shape[0]:
            weight = _FAINTEST + (1.0 - _FAINTEST) * strength
            blue, green, red = image[int(y), int(x)].tolist()
            shade = (
                round(blue + weight * (color[0] - blue)),
                round(green + weight * (color[1] - green)),
                round(red + weight * (color[2] - red)),
            )
        thickness = max(1, round(strength * width))
        cv2.polylines(image, lines[begin:end], False, shade, thickness, cv2.LINE_AA, _SHIFT)
        begin = end


def draw_boxes(image: Image, boxes: Sequence[Box], pen: Pen) -> None:
    """Draw the outlines of boxes on their outermost pixels, crisp."""
    if not boxes:
        return
    edges = np.rint([(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes])
    left, top, right, bottom = edges[np.isfinite(edges).all(axis=1)].T
    # A line runs through the centers of the pixels, of which there is at least one.
    left, top = left + 0.5, top + 0.5
    right, bottom = np.maximum(right - 0.5, left), np.maximum(bottom - 0.5, top)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]).transpose(2, 0, 1)
    segments = np.stack((corners, np.roll(corners, -1, axis=1)), axis=2)
    draw_segments(image, segments.reshape(-1, 2, 2), pen, smooth=False)


def draw_dots(image: Image, points: Sequence[Point], radius: float, color: Color, *, halo: int = 0) -> None:
    """Draw filled discs."""
    height, width = image.shape[:2]
    reach = radius + halo
    one = 1 << _SHIFT
    for x, y in points:
        if not (-reach < x < width + reach and -reach < y < height + reach):  # so written, a NaN fails it, too
            continue
        center = round((x - 0.5) * one), round((y - 0.5) * one)
        if halo:
            cv2.circle(image, center, round(reach * one), DARK, -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(image, center, round(radius * one), color, -1, cv2.LINE_AA, _SHIFT)


def along(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Return the segments of an open line through `points`."""
    return list(itertools.pairwise(points))


def around(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Return the segments of a closed line through `points`."""
    return list(zip(points, (*points[1:], *points[:1]), strict=True))


def visible_pieces(
    segments: ArrayLike, pen: Pen, width: int, height: int
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Return what is to be drawn of segments in a picture of `width` x `height`: dashes, or the parts inside it.

    Returns:
        The pieces `(m, 2, 2)` as OpenCV takes them, with fractional bits; and the number of each one's segment, rising.
    """
    lines = np.asarray(segments, np.float64).reshape(-1, 2, 2)
    chosen = np.arange(len(lines))
    first, last = np.zeros(len(lines)), np.ones(len(lines))
    size = np.array((width, height), np.float64)
    if not ((lines >= 0) & (lines <= size)).all():  # as nearly all are
        chosen, first, last = clipped(lines, size, pen.width + pen.halo)
        lines = lines[chosen]
    step = lines[:, 1] - lines[:, 0]
    if pen.dash is not None:
        owner, first, last = _dashes(np.hypot(step[:, 0], step[:, 1]), first, last, *pen.dash)
        chosen, lines, step = chosen[owner], lines[owner], step[owner]
    ends = lines[:, :1] + np.stack((first, last), axis=1)[:, :, None] * step[:, None]
    # OpenCV's pixel i has its center at i, ours at i + 0.5.
    return np.rint((ends - 0.5) * (1 << _SHIFT)).astype(np.int32), chosen


def clipped(
    lines: Segments, size: NDArray[np.float64], margin: float
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Clip segments to a picture of `size` (width, height) widened by `margin`.

    Liang & Barsky 1984, "A new concept and method for line clipping": a segment is inside between the last edge that
    it enters by and the first that it leaves by.

    Returns:
        The numbers of the segments that are partly inside, and of each its part [t0, t1] of [0, 1].
    """
    near = np.flatnonzero((np.abs(lines) <= _FAR).all(axis=(1, 2)))  # which a NaN is not
    start = lines[near, 0]
    step = lines[near, 1] - start
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        edges = (-margin - start) / step, (size + margin - start) / step
    enter, leave = np.minimum(*edges), np.maximum(*edges)
    # Along an axis in which it does not move, it is inside everywhere or nowhere.
    still = step == 0
    inside = (start >= -margin) & (start <= size + margin)
    enter[still], leave[still] = np.where(inside[still], -np.inf, np.inf), np.where(inside[still], np.inf, -np.inf)
    first, last = enter.max(axis=1).clip(0.0, None), leave.min(axis=1).clip(None, 1.0)
    seen = first <= last
    return near[seen], first[seen], last[seen]


def _dashes(
    lengths: NDArray[np.float64], first: NDArray[np.float64], last: NDArray[np.float64], on: float, off: float
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Return the dashes of segments in their parts [first, last], counted from their starts: they stay with the box.

    Returns:
        The number of each dash's segment, and where it begins and ends in it. A segment no longer than a dash is one.
    """
    solid = lengths <= on
    scale = np.where(solid, 1.0, lengths)
    period, dash = np.where(solid, np.inf, (on + off) / scale), np.where(solid, np.inf, on / scale)
    skipped = np.where(solid, 0.0, np.floor(first / period))
    counts = np.where(solid, 1, np.ceil(last / period) - skipped).astype(np.intp).clip(0, None)
    owner = np.repeat(np.arange(len(lengths)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + skipped[owner]
    begin = np.where(solid[owner], 0.0, number) * np.where(solid, 0.0, period)[owner]
    end = np.minimum(begin + dash[owner], last[owner])
    begin = np.maximum(begin, first[owner])
    kept = (begin < end) | solid[owner]
    return owner[kept], begin[kept], end[kept]
