import numpy as np
import pytest

from tracker.evaluation.drills.base import Episode
from tracker.evaluation.drills.plates import is_near, slid, slide, with_plate
from tracker.geometry import Box

EPISODE = Episode(20, 30, absent=True)


def test_a_plate_is_cut_to_the_frame_and_the_picture_is_left_alone() -> None:
    image, plate = np.zeros((40, 60, 3), np.uint8), np.full((40, 60, 3), 9, np.uint8)
    covered = with_plate(image, plate, Box(50.5, -5, 30, 10))
    assert covered[:5, 50:].min() == 9
    assert covered.sum() == 9 * 3 * 5 * 10
    assert not image.any()
    assert with_plate(image, plate, Box(70, 0, 5, 5)) is image


def test_a_plate_comes_from_the_left_stays_and_goes_to_the_right() -> None:
    assert [slide(row, EPISODE) for row in (12, 16, 20, 29, 30, 33)] == pytest.approx([-1, -0.5, 0, 0, 1 / 8, 0.5])
    assert [row for row in range(50) if is_near(row, EPISODE)] == list(range(12, 38))
    assert slid(Box(100, 5, 10, 10), 12, EPISODE) == Box(85, 5, 10, 10)
    assert not is_near(0, Episode(3, 9, absent=True))
