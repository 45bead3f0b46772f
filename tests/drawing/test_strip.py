"""The strip below the picture."""

from __future__ import annotations

import numpy as np

from tracker.drawing.strip import DONE, HEIGHT, RANKS, draw_strip
from tracker.drawing.style import STATE_STYLES, WHITE
from tracker.tracking.result import TrackState


def test_a_short_loss_is_seen_in_any_width() -> None:
    ranks = np.full(4096, RANKS[TrackState.TRACKING], np.uint8)
    ranks[1000] = RANKS[TrackState.LOST]
    for width in (1, 50, 640, 4096, 6000):
        strip = draw_strip(width, ranks, 1.0 if width > 1 else 0.0, [])
        assert strip.shape == (HEIGHT, width, 3)
        if width >= 50:
            assert (strip == STATE_STYLES[TrackState.LOST].color).all(axis=2).any()


def test_the_place_and_the_choices_are_marked() -> None:
    strip = draw_strip(100, np.full(10, DONE, np.uint8), 0.5, [0.1])
    white = (strip == WHITE).all(axis=2).all(axis=0)
    assert {9, 49, 50, 51} <= set(np.flatnonzero(white).tolist()) <= set(range(8, 12)) | set(range(48, 53))
