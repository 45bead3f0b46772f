"""The strip below the picture: the length of a recording, the place in it, and how the target stood where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracker.drawing.style import DARK, STATE_STYLES, WHITE
from tracker.image import Image
from tracker.tracking.result import TrackState

HEIGHT = 14
"""Pixels of the strip."""
_BACK, _DONE = (48, 48, 48), (110, 110, 110)
UNKNOWN, DONE = 0, 1
RANKS: dict[TrackState, int] = {TrackState.TRACKING: 2, TrackState.OCCLUDED: 3, TrackState.LOST: 4}
"""Numbers of the states in what the strip shows: the higher, the worse."""
_COLORS: NDArray[np.uint8] = np.array(
    [_BACK, _DONE, *(STATE_STYLES[state].color for state in RANKS)], np.uint8
)  # in the order of the ranks


def draw_strip(width: int, ranks: NDArray[np.uint8], place: float, marks: Sequence[float]) -> Image:
    """Return a strip, `(HEIGHT, width, 3) uint8`.

    Args:
        width: in pixels.
        ranks: what is known of equal parts of the recording: `UNKNOWN`, `DONE` or of `RANKS`.
        place: what is shown, as a part of the length, in [0, 1].
        marks: where targets were chosen, as parts of the length.
    """
    parts = np.arange(width) * len(ranks) // max(1, width)
    # A pixel shows the worst of its parts: a short stretch must not fall between two pixels.
    ends = np.append(parts[1:], len(ranks))
    worst = np.array([ranks[a : max(a + 1, b)].max() for a, b in zip(parts, ends, strict=True)], np.uint8)
    strip = np.empty((HEIGHT, width, 3), np.uint8)
    strip[:] = DARK
    strip[3:-3] = _COLORS[worst]
    for mark in marks:
        column = round(mark * (width - 1))
        strip[:, max(0, column - 1) : column + 1] = WHITE
    column = round(min(max(place, 0.0), 1.0) * (width - 1))
    strip[:, max(0, column - 3) : column + 4] = DARK
    strip[:, max(0, column - 1) : column + 2] = WHITE
    return strip
