"""Panels: hues, the confidence over time, lines and tables of text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tracker.drawing.panels import draw_curve, draw_table, hue_shares
from tracker.drawing.style import STATE_STYLES, Sizes
from tracker.drawing.viewport import Viewport
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import Track, TrackState
from tracker.viewer.keys import HELP

MakeTrack = Callable[..., Track]


def picture(width: int = 320, height: int = 240) -> Image:
    return np.full((height, width, 3), 120, np.uint8)


@pytest.mark.parametrize(("color", "bar"), [((0, 0, 255), 0), ((0, 255, 0), 12), ((255, 0, 0), 24), ((90, 90, 90), 36)])
def test_hues(color: tuple[int, int, int], bar: int) -> None:
    image = np.zeros((40, 60, 3), np.uint8)
    image[10:30, 20:40] = color
    shares = hue_shares(image, Box(20, 10, 20, 20))
    assert shares.argmax() == bar
    assert shares.sum() == pytest.approx(1.0)


def test_a_box_outside_has_no_hues() -> None:
    assert not hue_shares(picture(), Box(1000, 1000, 5, 5)).any()


@pytest.mark.parametrize(
    "frame", [(160, 120), (320, 240), (640, 360), (1920, 1080), (400, 480)]
)  # OpenCV 4 has no narrower letters
def test_the_whole_help_fits_on_what_a_frame_is_shown_as(frame: tuple[int, int]) -> None:
    width, height = Viewport.fitting(*frame).size
    sizes = Sizes.of(width, height)
    canvas = picture(width, height)
    draw_table(canvas, HELP, sizes)
    changed = np.argwhere((canvas != 120).any(axis=2))
    tall = changed[:, 0].max() - changed[:, 0].min() + 1
    assert tall >= 10 * len(HELP), "it can be read"
    for number, (key, meaning) in enumerate(HELP):  # each row is there: with other letters in it, it is another picture
        other = picture(width, height)
        draw_table(other, [*HELP[:number], (key, meaning[::-1]), *HELP[number + 1 :]], sizes)
        assert (other != canvas).any() or meaning == meaning[::-1]


def test_where_there_is_no_room_the_help_shows_what_it_can() -> None:
    canvas = picture(320, 60)
    draw_table(canvas, HELP, Sizes.of(320, 60))
    assert (canvas != 120).any()


def test_the_curve_has_the_colors_of_the_states(make_track: MakeTrack) -> None:
    results = [make_track(confidence=0.5, state=state).result for state in TrackState for _ in range(20)]
    canvas = picture()
    draw_curve(canvas, results, (200, 150, 300, 230))
    for style in STATE_STYLES.values():
        assert (canvas == style.color).all(axis=2).any()
    before = canvas.copy()
    draw_curve(canvas, results[:1], (0, 0, 50, 40))
    assert (canvas[150:230, 200:300] == before[150:230, 200:300]).all()
