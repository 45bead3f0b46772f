"""Panels on the window's picture: the target's colors, its confidence over time, lines of text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from tracker.drawing.labels import Plate, Rect, draw_plate, fitting_plate, shade, write_plate
from tracker.drawing.lines import Pen, along, draw_segments
from tracker.drawing.style import STATE_STYLES, WHITE, Color, Sizes
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import TrackResult

_HUES = 36
"""Bars of the histogram, ten degrees each."""
_SHARE = 0.25
"""Part of the frame's width and height that a panel takes."""
_TIGHT = 0.35
"""Space around the letters of a table, in their height."""
_RIM = 3
"""Space around a table, in that around its letters."""
_SMALLEST_TEXT = 6
"""Height in pixels of capital letters that can just be read."""
_GRAY_BELOW = 40
"""Saturation (of 255) below which a pixel has no hue to speak of."""


def panel_rect(width: int, height: int, row: int, sizes: Sizes) -> Rect:
    """Return the place of the `row`-th panel: at the right edge, from the bottom upwards."""
    across, down = max(1, int(_SHARE * width)), max(1, int(_SHARE * height / 2))
    right, bottom = width - sizes.pad, height - sizes.pad - row * (down + sizes.pad)
    return max(0, right - across), max(0, bottom - down), max(1, right), max(1, bottom)


def draw_histogram(canvas: Image, picture: Image, box: Box, rect: Rect) -> None:
    """Draw the hues of the part of `picture` within `box` into `rect` of `canvas`, and grays as a last bar."""
    left, top, right, bottom = rect
    shade(canvas, rect)
    shares = hue_shares(picture, box)
    peak = float(shares.max(initial=0.0))
    edges = np.linspace(left, right, len(shares) + 1).astype(int)
    for number, share in enumerate(shares):
        height = round((bottom - top) * float(share) / peak) if peak > 0 else 0
        canvas[bottom - height : bottom, edges[number] : edges[number + 1]] = _bar_color(number)


def hue_shares(picture: Image, box: Box) -> np.ndarray:
    """Return the share of each hue within `box`, `(37,)`, the last one gray; all zero where the box is outside."""
    x, y, width, height = box.clipped(picture.shape[1], picture.shape[0]).rounded()
    part = picture[y : y + height, x : x + width]
    if not part.size:
        return np.zeros(_HUES + 1)
    hsv = cv2.cvtColor(part, cv2.COLOR_BGR2HSV).reshape(-1, 3)
    colored = hsv[:, 1] >= _GRAY_BELOW
    counts = np.bincount(hsv[colored, 0] // (180 // _HUES), minlength=_HUES)
    return np.append(counts, np.count_nonzero(~colored)) / len(hsv)


def draw_curve(canvas: Image, results: Sequence[TrackResult], rect: Rect) -> None:
    """Draw the confidence of the last frames, 0 at the bottom and 1 at the top, in the colors of the states."""
    left, top, right, bottom = rect
    shade(canvas, rect)
    shown = results[-(right - left) :]
    first = right - len(shown)
    points = [
        (first + k, bottom - 1 - (bottom - top - 2) * min(max(r.confidence, 0.0), 1.0)) for k, r in enumerate(shown)
    ]
    steps = along(points)
    for state, style in STATE_STYLES.items():
        of_state = [step for step, result in zip(steps, shown[1:], strict=True) if result.state is state]
        draw_segments(canvas, of_state, Pen(style.color, 2))
    draw_segments(canvas, [((left, bottom - 1), (right, bottom - 1))], Pen(WHITE, 1), smooth=False)


def draw_texts(canvas: Image, lines: Sequence[str], sizes: Sizes, room: int | None = None) -> None:
    """Draw lines of text, each on its plate, from the top left corner downwards, wrapped to `room` pixels.

    What is too long for a narrow picture is written smaller before it is left out below.
    """
    height, width = canvas.shape[:2]
    room = width if room is None else room
    for text in range(sizes.text, _SMALLEST_TEXT - 1, -1):
        smaller = replace(sizes, text=text, pad=max(1, min(sizes.pad, round(_TIGHT * text) + 1)))
        plates = [plate for line in lines for plate in wrapped(line, room, smaller)]
        if sum(plate.height for plate in plates) + smaller.pad <= height // 2:
            break
    y = smaller.pad
    for plate in plates:
        if y + plate.height > height:
            return
        x = max(0, min(smaller.pad, width - plate.width))
        draw_plate(canvas, plate, (x, y, x + plate.width, y + plate.height), smaller)
        y += plate.height


def wrapped(text: str, room: int, sizes: Sizes) -> list[Plate]:
    """Return the plates of a text that is broken between words, and in them where one is wider than `room` pixels."""
    plates: list[Plate] = []
    words = text.split(" ")
    while words:
        count = next((n for n in range(len(words), 0, -1) if fitting_plate([" ".join(words[:n])], room, sizes)), 0)
        if not count:
            fits = (n for n in range(len(words[0]) - 1, 0, -1) if fitting_plate([words[0][:n]], room, sizes))
            letters = next(fits, 0)
            if not letters:
                return plates
            words[:1] = [words[0][:letters], words[0][letters:]]
            count = 1
        plate = fitting_plate([" ".join(words[:count])], room, sizes)
        assert plate is not None
        plates.append(plate)
        del words[:count]
    return plates


def draw_badge(canvas: Image, text: str, accent: Color, sizes: Sizes) -> int:
    """Write a text into the right top corner, if there is room; return how many pixels from the right it takes."""
    height, width = canvas.shape[:2]
    plate = fitting_plate([text, text.split("  ", maxsplit=1)[0]], width, sizes, accent=accent)
    if plate is None or plate.height > height:
        return 0
    left = max(0, width - plate.width - sizes.pad)
    draw_plate(canvas, plate, (left, sizes.pad, left + plate.width, sizes.pad + plate.height), sizes)
    return int(width - left)


def draw_scale(canvas: Image, ends: tuple[str, str], rect: Rect, sizes: Sizes) -> None:
    """Write the values at the foot and the top of a panel into its left edge, if there is room."""
    left, top, right, bottom = rect
    for text, at_top in zip(ends, (False, True), strict=True):
        small = replace(sizes, text=max(_SMALLEST_TEXT, sizes.text // 2), pad=1)
        plate = fitting_plate([text], right - left, small)
        if plate is not None and 2 * plate.height <= bottom - top:
            write_plate(canvas, plate, (left, top if at_top else bottom - plate.height), small)


def draw_title(canvas: Image, text: str, accent: Color, rect: Rect, sizes: Sizes) -> None:
    """Write a panel's title to the left of its top, if there is room."""
    right, top, *_ = rect
    plate = fitting_plate([text], right, sizes, accent=accent)
    if plate is not None and top + plate.height <= canvas.shape[0]:
        draw_plate(canvas, plate, (right - plate.width, top, right, top + plate.height), sizes)


def draw_table(canvas: Image, rows: Sequence[tuple[str, str]], sizes: Sizes) -> None:
    """Draw two columns of text over the middle of the picture, in letters as large as fit, at most those of `sizes`.

    What has no room in the smallest letters is left out.
    """
    height, width = canvas.shape[:2]
    for text in range(sizes.text, _SMALLEST_TEXT - 1, -1):
        smaller = replace(sizes, text=text, pad=max(1, round(_TIGHT * text)))
        pairs = [(fitting_plate([a], width, smaller), fitting_plate([b], width, smaller)) for a, b in rows]
        plates = [(a, b) for a, b in pairs if a is not None and b is not None]
        first, second = (max((pair[side].width for pair in plates), default=0) for side in (0, 1))
        if len(plates) == len(rows) and first + second <= width and sum(a.height for a, _ in plates) <= height:
            break
    plates = plates[: _that_fit(plates, height)]
    high = sum(a.height for a, _ in plates)
    y, x = (height - high) // 2, max(0, (width - first - second) // 2)
    if plates:
        rim = max(0, min(_RIM * smaller.pad, x - 1, y - 1))
        shade(canvas, (x - rim, y - rim, min(width, x + first + second) + rim, y + high + rim))
    for key, meaning in plates:
        if x + first + meaning.width > width:
            continue
        write_plate(canvas, key, (x, y), smaller)
        write_plate(canvas, meaning, (x + first, y), smaller)
        y += key.height


def _that_fit(plates: Sequence[tuple[Plate, Plate]], height: int) -> int:
    """Return how many of the rows have room one below the other."""
    lowest = itertools.accumulate(a.height for a, _ in plates)
    return sum(edge <= height for edge in lowest)


def _bar_color(number: int) -> tuple[int, int, int]:
    if number == _HUES:
        return 128, 128, 128
    hue = number * (180 // _HUES) + 90 // _HUES
    blue, green, red = cv2.cvtColor(np.full((1, 1, 3), (hue, 255, 255), np.uint8), cv2.COLOR_HSV2BGR)[0, 0].tolist()
    return blue, green, red
