"""The picture with a grid."""

from __future__ import annotations

import numpy as np
import pytest

from tests.drawing.pictures import gray, painted
from tracker.drawing.grid import grid_step, with_grid


@pytest.mark.parametrize(
    ("length", "step"), [(8, 1), (12, 1), (100, 10), (320, 50), (640, 100), (1920, 200), (3840, 500)]
)
def test_lines_lie_at_round_numbers(length: int, step: int) -> None:
    assert grid_step(length) == step


def test_a_line_lies_at_the_first_pixel_of_its_number() -> None:
    before = gray(320, 240)
    drawn = with_grid(before)
    assert drawn.shape == (720, 960, 3)
    lines = painted(np.repeat(np.repeat(before, 3, 0), 3, 1), drawn)
    across = np.flatnonzero(lines[100])  # a row between two lines, below the labels of the columns
    assert set(across[across > 60]) == {3 * x + shift for x in range(50, 320, 50) for shift in (0, 1)}
    assert (drawn[100, 150] == 255).all()


def test_the_picture_is_not_changed_and_a_large_one_not_enlarged() -> None:
    before = gray(1920, 1080)
    assert with_grid(before).shape == before.shape
    assert (before == gray(1920, 1080)).all()


def test_every_line_has_its_number() -> None:
    """Plates are dark on gray: there is one at the upper end of each vertical line, and at the left of each other."""
    drawn = with_grid(gray(640, 360, 200))
    for x in range(100, 640, 100):
        assert (drawn[4:10, 2 * x + 4 : 2 * x + 20] < 100).any()
    for y in range(100, 360, 100):
        assert (drawn[2 * y + 4 : 2 * y + 10, 4:20] < 100).any()
