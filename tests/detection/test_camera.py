"""A camera that moves is noticed, and nothing that moves before one that stands still is taken for it."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest

from tests.movers import empty, ground, noisy, pictures, visitors, with_balls
from tracker import open_source
from tracker.config.detection import CameraSettings, MotionSettings
from tracker.detection import MotionDetector
from tracker.detection.motion import CameraWatch
from tracker.geometry import Box, iou
from tracker.image import Image
from tracker.session import Session, TrackManager
from tracker.video.synthetic.scene import Renderer


def pan(x: float, y: float, frames: int = 40) -> list[Image]:
    """What a camera sees that goes so many pixels a frame."""
    wall = ground(2, 640, 400)
    corners = [(round(100 + x * k), round(80 + y * k)) for k in range(frames)]
    return [noisy(wall[top : top + 180, left : left + 320], k) for k, (left, top) in enumerate(corners)]


def looks(images: Iterable[Image]) -> list[bool]:
    watch = CameraWatch(CameraSettings())
    return [watch.has_moved(image) for image in images]


@pytest.mark.parametrize("way", [(1.0, 0.0), (0.0, -0.8), (3.0, 1.0), (-2.0, 2.0)])
def test_a_camera_that_pans_is_noticed_at_every_look_but_the_first(way: tuple[float, float]) -> None:
    seen = looks(pan(*way))
    assert [index for index, moved in enumerate(seen) if moved] == [9, 14, 19, 24, 29, 34, 39]


def test_a_camera_that_stands_still_has_not_moved() -> None:
    assert not any(looks(pan(0.0, 0.0)))
    renderer = Renderer(empty(5, 8.0))
    assert not any(looks(renderer.image(index) for index in range(100)))


@pytest.mark.parametrize("seed", range(2))
def test_what_moves_before_a_camera_is_no_camera(seed: int) -> None:
    assert not any(looks(pictures(visitors(seed, width=320))))


def test_what_moves_before_a_wall_without_a_pattern_is_no_camera() -> None:
    wall = np.full((180, 320, 3), 120, np.uint8)
    assert not any(looks(noisy(with_balls(wall, [(40.0 + 3 * k, 60.0, 30.0)]), k) for k in range(80)))


def test_a_small_picture_can_be_looked_at() -> None:
    assert not any(looks([np.full((9, 7, 3), 90, np.uint8)] * 12))


def test_nothing_is_found_while_the_camera_moves_which_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    detector = MotionDetector()
    moving = pan(2.0, 0.0, 80)
    assert not any(detector.detect(image) for image in [*moving, *reversed(moving), *moving])
    (said,) = caplog.messages
    assert said.startswith("the camera moves, and nothing is found while it does: hold it still, or")


@pytest.mark.parametrize("way", [(2.0, 0.0), (-1.5, 1.0)])
def test_what_moves_is_found_soon_after_the_camera_has_come_to_rest(way: tuple[float, float]) -> None:
    """Each look at a pan doubled the wait: after one of two seconds the detector was blind for 800 frames."""
    detector = MotionDetector()
    moving = pan(*way, 60)
    assert not any(detector.detect(image) for image in moving)
    rest = [noisy(moving[-1], 100 + seed, 2.0) for seed in range(50)]
    assert not any(detector.detect(image) for image in rest)
    assert detector._foreground is not None
    found = [detector.detect(with_balls(rest[k], [(60.0 + 6 * k, 90.0, 16.0)])) for k in range(10)]
    assert all(len(boxes) == 1 for boxes in found)
    assert iou(found[-1][0], Box(98, 74, 32, 32)) > 0.6


@pytest.mark.parametrize("drift", [None, (0.1, 0.0), (0.0, -0.05)])
def test_a_camera_that_drifts_or_of_which_nothing_is_clear_does_not_rest(drift: tuple[float, float] | None) -> None:
    watch = CameraWatch(CameraSettings())
    assert any(list(map(watch.has_moved, pan(2.0, 0.0, 20))))
    random = np.random.default_rng(5)
    unclear = [random.integers(0, 256, (180, 320, 3), np.uint8) for _ in range(60)]
    for image in unclear if drift is None else drifting(*drift):
        assert not watch.has_moved(image)
        assert not watch.rests


def drifting(x: float, y: float, frames: int = 90) -> list[Image]:
    """What a camera sees that goes parts of a pixel a frame."""
    wall = ground(2, 640, 400)
    shifts = [np.array([[1, 0, -138 - x * k], [0, 1, -80 - y * k]]) for k in range(frames)]
    return [noisy(np.asarray(cv2.warpAffine(wall, shift, (320, 180))), k) for k, shift in enumerate(shifts)]


def test_nobody_comes_where_a_still_camera_begins_to_move() -> None:
    source = open_source([*pan(0.0, 0.0, 60), *pan(1.5, 0.5, 60)])
    assert not any(step.tracks for step in Session(source, initiation=TrackManager(MotionDetector())))


def test_one_push_is_not_worth_a_word(caplog: pytest.LogCaptureFixture) -> None:
    detector = MotionDetector()
    (pushed,) = pan(20.0, 0.0, 2)[1:]
    for image in [pan(0.0, 0.0, 1)[0]] * 42 + [pushed] * 60:
        detector.detect(image)
    assert detector.detect(with_balls(pushed, [(100.0, 90.0, 16.0)])) != ()
    assert not caplog.messages


def test_each_move_of_the_camera_doubles_the_time_without_detections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two moves of a pan, the first wait was enough for a background in which everything moved: 29 targets."""
    detector = MotionDetector(MotionSettings(learning=3))
    moved = [False]
    monkeypatch.setattr(detector._camera, "has_moved", lambda _: moved[0])
    image = np.full((48, 64, 3), 90, np.uint8)

    def frames_until_it_finds() -> int:
        moved[0] = True
        detector.detect(image)
        moved[0] = False
        for count in range(1, 200):
            detector.detect(image)
            if detector._foreground is not None:
                return count
        return 0

    waits = [frames_until_it_finds() for _ in range(7)]
    assert waits == [4, 7, 13, 25, 49, 97, 97]
    for _ in range(4 * 96 + 2):
        detector.detect(image)
    assert frames_until_it_finds() == 4
