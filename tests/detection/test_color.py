"""Things of a color: how many are found, where, and which are not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.movers import ORANGE, box_of, ground, noisy, with_balls
from tracker.detection import ColorDetector
from tracker.detection.color import COLOR_NAMES
from tracker.geometry import Box, iou
from tracker.image import Image

OTHERS = [(0, 0, 220), (200, 60, 0), (40, 180, 40), (30, 30, 30), (235, 235, 235), (0, 225, 225)]
BALLS = [(50.0, 40.0, 14.0), (150.0, 60.0, 10.0), (260.0, 50.0, 20.0), (90.0, 130.0, 16.0)]


@pytest.fixture
def orange() -> ColorDetector:
    return ColorDetector.of_color("FF8800")


def hits(found: tuple[Box, ...], truth: list[Box]) -> list[float]:
    """The overlap of each true box with what was found for it."""
    return [max((iou(box, each) for each in found), default=0.0) for box in truth]


@pytest.mark.parametrize("count", [0, 1, 2, 4])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_finds_each_ball_of_the_color_and_nothing_else(orange: ColorDetector, count: int, seed: int) -> None:
    image = with_balls(ground(seed), BALLS[:count])
    for number, color in enumerate(OTHERS):
        image = with_balls(image, [(30.0 + 48 * number, 165.0, 11.0)], color)
    found = orange.detect(noisy(image, seed))
    assert len(found) == count
    assert all(overlap > 0.75 for overlap in hits(found, [box_of(ball) for ball in BALLS[:count]]))


@pytest.mark.parametrize("color", OTHERS)
def test_finds_any_color_and_gray_too(color: tuple[int, int, int]) -> None:
    blue, green, red = color
    detector = ColorDetector.of_color(f"#{red:02x}{green:02X}{blue:02x}")
    (found,) = detector.detect(noisy(with_balls(with_balls(ground(), BALLS[:1]), BALLS[2:3], color), 5))
    assert iou(found, box_of(BALLS[2])) > 0.7


@pytest.mark.parametrize(("distance", "angle"), [(2.0, 0.0), (2.0, 0.8), (1.9, 1.6), (1.8, 2.5)])
@pytest.mark.parametrize("radius", [12.0, 15.0, 24.0])
def test_two_that_touch_are_two(orange: ColorDetector, distance: float, angle: float, radius: float) -> None:
    one = (140.0, 90.0, radius)
    other = (140.0 + distance * radius * np.cos(angle), 90.0 + distance * radius * np.sin(angle), radius)
    found = orange.detect(noisy(with_balls(ground(), [one, other]), 1))
    assert len(found) == 2
    assert all(overlap > 0.6 for overlap in hits(found, [box_of(one), box_of(other)]))


def test_three_in_a_row_are_three(orange: ColorDetector) -> None:
    row = [(100.0 + 30 * k, 90.0, 15.0) for k in range(3)]
    assert len(orange.detect(noisy(with_balls(ground(), row), 2))) == 3


@pytest.mark.parametrize("size", [(150, 24), (24, 120), (60, 60), (90, 40)])
def test_a_long_thing_is_one(orange: ColorDetector, size: tuple[int, int]) -> None:
    image = ground()
    image[30 : 30 + size[1], 80 : 80 + size[0]] = ORANGE
    (found,) = orange.detect(noisy(image, 3))
    assert iou(found, Box(80, 30, *size)) > 0.9


def test_what_is_small_or_everywhere_is_nothing(orange: ColorDetector) -> None:
    assert orange.detect(with_balls(ground(), [(50.0, 50.0, 2.5)])) == ()
    assert orange.detect(np.full((180, 320, 3), ORANGE, np.uint8)) == ()
    half = ground()
    half[:, :170] = ORANGE
    assert orange.detect(half) == ()


def test_sees_a_part_of_a_thing_and_what_is_too_large_to_be_found(orange: ColorDetector) -> None:
    assert not orange.is_present(box_of(BALLS[0]))
    orange.detect(with_balls(ground(), BALLS[:1]))
    assert orange.is_present(box_of(BALLS[0]))
    assert orange.is_present(box_of(BALLS[0]).moved(18.0, 0.0))
    assert not orange.is_present(box_of(BALLS[1]))
    half = ground()
    half[:, :170] = ORANGE
    assert orange.detect(half) == ()
    assert orange.is_present(box_of(BALLS[0]))


@pytest.mark.parametrize(("width", "height"), [(320, 180), (1920, 1080), (240, 700), (64, 64)])
def test_boxes_are_in_pixels_of_the_frame(orange: ColorDetector, width: int, height: int) -> None:
    ball = (0.4 * width, 0.6 * height, 0.15 * min(width, height))
    (found,) = orange.detect(with_balls(ground(0, width, height), [ball]))
    assert iou(found, box_of(ball)) > 0.8


def test_a_colored_speck_of_noise_is_nothing(orange: ColorDetector) -> None:
    image = noisy(ground(), 4)
    image[np.random.default_rng(4).random(image.shape[:2]) < 0.02] = ORANGE
    assert orange.detect(image) == ()


def thing() -> Image:
    """A picture of something red and green on the background, filling its middle."""
    picture = ground(7, 40, 40)
    cv2.circle(picture, (20, 20), 19, (30, 30, 200), -1)
    cv2.circle(picture, (20, 20), 11, (60, 170, 30), -1)
    return picture


def scene_with(picture: Image, x: int, y: int, opaque: Image) -> Image:
    image = ground(3)
    part = image[y : y + picture.shape[0], x : x + picture.shape[1]]
    part[opaque > 0] = picture[opaque > 0]
    return with_balls(image, BALLS[:2])


@pytest.mark.parametrize("cut_out", [False, True])
@pytest.mark.parametrize("suffix", [".png", ".bmp"])
def test_finds_what_a_picture_shows(tmp_path: Path, cut_out: bool, suffix: str) -> None:
    opaque = np.zeros((40, 40), np.uint8)
    cv2.circle(opaque, (20, 20), 19, 255, -1)
    path = tmp_path / f"thing{suffix}"
    cv2.imwrite(str(path), np.dstack([thing(), opaque]) if cut_out and suffix == ".png" else thing())
    (found,) = ColorDetector.of_picture(path).detect(noisy(scene_with(thing(), 200, 90, opaque), 6))
    assert iou(found, Box(201, 91, 39, 39)) > 0.7


def test_what_has_only_one_of_the_colors_is_not_the_thing(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "thing.png"), thing())
    detector = ColorDetector.of_picture(tmp_path / "thing.png")
    assert detector.detect(noisy(with_balls(ground(3), BALLS[2:3], (30, 30, 200)), 7)) == ()
    assert detector.detect(noisy(with_balls(ground(3), BALLS[2:3], (60, 170, 30)), 7)) == ()


def test_a_gray_picture_finds_its_grays_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cv2.imwrite(str(tmp_path / "gray.png"), np.full((20, 20), 230, np.uint8))
    image = with_balls(with_balls(ground(), BALLS[:1]), BALLS[1:2], (230, 230, 230))
    (found,) = ColorDetector.of_picture(tmp_path / "gray.png").detect(image)
    assert iou(found, box_of(BALLS[1])) > 0.7
    (said,) = caplog.messages
    assert "gray.png has hardly any color: much else may be taken for what it shows" in said


def test_only_what_is_cut_out_need_have_a_color(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    picture = np.full((40, 40, 4), (128, 128, 128, 0), np.uint8)
    cv2.circle(picture, (20, 20), 8, (*ORANGE, 255), -1)
    cv2.imwrite(str(tmp_path / "ball.png"), picture)
    ColorDetector.of_picture(tmp_path / "ball.png")
    assert not caplog.messages


def test_the_same_frame_gives_the_same_boxes_and_is_not_changed(orange: ColorDetector) -> None:
    image = noisy(with_balls(ground(), BALLS), 8)
    before = image.copy()
    image.setflags(write=False)
    assert orange.detect(image) == ColorDetector.of_color("#ff8800").detect(image) == orange.detect(image)
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("name", ["orange", "Blue", " green "])
def test_a_color_may_be_named(name: str) -> None:
    shade = COLOR_NAMES[name.strip().lower()]
    image = np.full((120, 160, 3), 128, np.uint8)
    image[40:70, 50:90] = [int(shade[at : at + 2], 16) for at in (4, 2, 0)]
    assert ColorDetector.of_color(name).detect(image)
