"""Plates of text: the first text that fits, at the first place that is free."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.drawing.pictures import gray
from tracker.drawing.labels import Plate, draw_plate, fitting_plate, overlap, place
from tracker.drawing.style import Sizes
from tracker.tracking.result import Track

MakeTrack = Callable[..., Track]


def test_the_longest_text_that_fits_is_taken() -> None:
    sizes = Sizes.of(640, 360)
    texts = ["a long text that says it all", "a shorter text", "short"]
    plates = [fitting_plate(texts, room, sizes) for room in (10_000, 130, 60, 5)]
    assert [plate.text if plate else None for plate in plates] == [*texts, None]
    wide = fitting_plate(["short"], 10_000, sizes, accent=(1, 2, 3))
    assert plates[2] is not None
    assert wide is not None
    assert wide.width == plates[2].width + sizes.line


PLATE = Plate("x", None, None, 30, 10)
FRAME = (0, 0, 100, 80)


@pytest.mark.parametrize(
    ("spots", "taken", "expected"),
    [
        ([(10, 10)], [], (10, 10, 40, 20)),
        ([(-5, 75)], [], (0, 70, 30, 80)),
        ([(10, 10), (50, 10)], [(0, 0, 20, 20)], (50, 10, 80, 20)),
        ([(-5, 10), (50, 10)], [], (50, 10, 80, 20)),
        ([(10, 10), (90, 10)], [(0, 0, 20, 20)], (70, 10, 100, 20)),
        ([(10, 10), (12, 10)], [(0, 0, 100, 80)], (10, 10, 40, 20)),
        ([(10, 10)], [(40, 10, 60, 20), (0, 20, 100, 30)], (10, 10, 40, 20)),
    ],
)
def test_the_place_is_free_and_in_the_picture_if_there_is_one(
    spots: list[tuple[float, float]], taken: list[tuple[int, int, int, int]], expected: tuple[int, int, int, int]
) -> None:
    assert place(PLATE, spots, taken, FRAME) == expected


def test_overlaps_are_counted_in_pixels() -> None:
    assert overlap((0, 0, 10, 10), (5, 8, 20, 20)) == 10
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0


@pytest.mark.parametrize("level", [0, 128, 255])
def test_white_is_readable_on_a_plate(level: int) -> None:
    image = gray(200, 60, level=level)
    sizes = Sizes.of(640, 360)
    plate = fitting_plate(["MMM"], 200, sizes, accent=(9, 200, 9), level=0.5)
    assert plate is not None
    rect = (10, 10, 10 + plate.width, 10 + plate.height)
    draw_plate(image, plate, rect, sizes)
    assert image[10:-1].max() > 240  # OpenCV 4 draws thin strokes a little darker
    assert np.median(image[10 : rect[3] - 6, 10 + sizes.line : rect[2]]) < 90
    assert (image[12, 10] == (9, 200, 9)).all()
    assert (image[:10] == level).all()
