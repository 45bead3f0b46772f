"""What moves before a still camera: found, and what only seems to move: not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from tests.movers import box_of, empty, ground, noisy, pictures, visitors, with_balls
from tracker.detection import MotionDetector
from tracker.geometry import Box, iou
from tracker.image import Image
from tracker.video.synthetic.scene import Renderer

LEARNING = 40


def detector_after(images: Iterable[Image]) -> MotionDetector:
    detector = MotionDetector()
    for image in images:
        detector.detect(image)
    return detector


def still(count: int = LEARNING) -> list[Image]:
    return [noisy(ground(), seed) for seed in range(count)]


@pytest.mark.parametrize("width", [320, 640, 1920])
def test_finds_what_comes_in_where_it_is(width: int) -> None:
    scene = visitors(1, frames=60, width=width)
    detector = MotionDetector()
    found = [detector.detect(image) for image in pictures(scene)]
    assert not any(found[:33])
    for index in range(48, 60):
        truth = scene.truth(index)
        assert truth is not None
        assert max(iou(box, truth) for box in found[index]) > 0.6


def test_the_first_frames_only_teach() -> None:
    images = [noisy(with_balls(ground(), [(20.0 + 8 * k, 90.0, 14.0)]), k) for k in range(30)]
    detector = MotionDetector()
    assert not any(detector.detect(image) for image in images[:25])
    assert any(detector.detect(image) for image in images[25:])


def test_a_thing_that_does_not_move_is_never_reported() -> None:
    scene = [noisy(with_balls(ground(), [(160.0, 90.0, 20.0)]), seed) for seed in range(60)]
    detector = MotionDetector()
    assert not any(detector.detect(image) for image in scene)


@pytest.mark.parametrize("noise", [2.0, 8.0, 16.0])
def test_noise_is_nothing(noise: float) -> None:
    renderer, detector = Renderer(empty(3, noise)), MotionDetector()
    assert sum(len(detector.detect(renderer.image(index))) for index in range(300)) == 0


@pytest.mark.parametrize("light", [1.4, 0.55, 2.0, 0.2])
def test_another_light_is_nothing(light: float) -> None:
    detector = detector_after(still())
    for image in still(12):
        assert detector.detect(np.clip(image * light, 0, 255).astype(np.uint8)) == ()


def test_another_picture_is_nothing() -> None:
    detector = detector_after(still())
    assert not any(detector.detect(noisy(ground(9), seed)) for seed in range(12))


@pytest.mark.parametrize("darkness", [0.6, 0.75])
def test_a_shadow_is_no_part_of_what_throws_it(darkness: float) -> None:
    detector = detector_after(still())
    for step in range(20):
        x = 60.0 + 6 * step
        shadowed = ground()
        shadowed[100:112, int(x) - 60 : int(x)] = (shadowed[100:112, int(x) - 60 : int(x)] * darkness).astype(np.uint8)
        assert detector.detect(noisy(shadowed, step)) == ()
        (found,) = detector.detect(noisy(with_balls(shadowed, [(x, 96.0, 16.0)]), step))
        assert iou(found, Box(x - 16, 80, 32, 32)) > 0.8


def test_what_is_too_small_or_too_large_is_nothing() -> None:
    detector = detector_after(still())
    assert detector.detect(with_balls(ground(), [(100.0, 90.0, 3.0)])) == ()
    large = ground()
    large[20:160, 40:240] = (0, 136, 255)
    assert detector.detect(large) == ()


def test_fragments_of_one_thing_are_one() -> None:
    detector = detector_after(still())
    striped = ground()
    for top in range(60, 120, 12):
        striped[top : top + 8, 100:140] = (0, 136, 255)
    (found,) = detector.detect(striped)
    assert iou(found, Box(100, 60, 40, 56)) > 0.9


BALL = (160.0, 90.0, 20.0)


def stopped(count: int) -> list[Image]:
    return [noisy(with_balls(ground(), [BALL]), 100 + seed, 6.0) for seed in range(count)]


def test_what_stands_still_becomes_background_unless_it_is_held() -> None:
    free, holding = detector_after(still()), detector_after(still())
    for image in stopped(200):
        free.detect(image)
        found = holding.detect(image, held=[box_of(BALL).scaled(1.2)])
    assert not free.is_present(box_of(BALL))
    assert holding.is_present(box_of(BALL))
    assert iou(found[0], box_of(BALL)) > 0.8
    assert holding.detect(noisy(ground(), 1)) == ()
    assert not holding.is_present(box_of(BALL))


@pytest.mark.parametrize("noise", [3.0, 12.0])
def test_holding_an_empty_place_finds_nothing_in_it(noise: float) -> None:
    detector = detector_after(noisy(ground(), seed, noise) for seed in range(LEARNING))
    for seed in range(200):
        assert detector.detect(noisy(ground(), seed, noise), held=[box_of(BALL), Box(-90, -90, 40, 40)]) == ()
        assert not detector.is_present(box_of(BALL))


def test_sees_what_is_too_large_to_be_found_and_nothing_outside_the_frame() -> None:
    detector = detector_after(still())
    large = with_balls(ground(), [(160.0, 90.0, 70.0)])
    assert detector.detect(large) == ()
    assert detector.is_present(Box(100, 30, 120, 120))
    assert not detector.is_present(Box(5, 5, 60, 60))
    assert not detector.is_present(Box(-300, 30, 120, 120))
    assert not detector.is_present(Box(400, 30, 120, 120))


def test_while_the_background_is_learned_something_may_be_anywhere() -> None:
    detector = MotionDetector()
    assert detector.is_present(box_of(BALL))
    for image in still():
        detector.detect(image)
    assert not detector.is_present(box_of(BALL))
    detector.detect(ground(9))
    assert detector.is_present(box_of(BALL))


def test_two_apart_are_two() -> None:
    detector = detector_after(still())
    assert len(detector.detect(with_balls(ground(), [(80.0, 90.0, 15.0), (125.0, 90.0, 15.0)]))) == 2


def test_the_same_frames_give_the_same_boxes_and_are_not_changed() -> None:
    images = list(pictures(visitors(2, frames=70, width=320)))
    copies = [image.copy() for image in images]
    for image in images:
        image.setflags(write=False)
    first, second = MotionDetector(), MotionDetector()
    assert [first.detect(image) for image in images] == [second.detect(image) for image in images]
    for image, copy in zip(images, copies, strict=True):
        np.testing.assert_array_equal(image, copy)
