"""Rendered scenes in which targets start by themselves: each thing has one number for as long as it is there."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.movers import empty, ground, noisy, pictures, visitors, with_balls
from tracker import open_source
from tracker.config.detection import TrackManagerSettings
from tracker.detection import ColorDetector, Detector, MotionDetector
from tracker.formats.json_lines import JsonLines
from tracker.formats.motchallenge import MotLines
from tracker.formats.otb import Got10kLines
from tracker.geometry import iou
from tracker.image import Image
from tracker.output.text import CsvSink, TextSink
from tracker.output.video_file import VideoFileSink
from tracker.session import Session, Step, TrackManager
from tracker.video.synthetic.scene import Renderer


def follow(images: list[Image], detector: Detector) -> list[Step]:
    return list(Session(open_source(images), targets={}, initiation=TrackManager(detector)))


def ids(steps: list[Step]) -> set[int]:
    return {track.id for step in steps for track in step.tracks}


def balls_at(ways: list[float], noise: float = 3.0) -> list[Image]:
    """A ball that is there in each frame."""
    return [noisy(with_balls(ground(), [(x, 90.0, 18.0)]), index, noise) for index, x in enumerate(ways)]


@pytest.mark.parametrize("seed", range(4))
def test_each_mover_has_one_number_while_it_is_there(seed: int) -> None:
    scene = visitors(seed)
    steps = follow(list(pictures(scene)), MotionDetector())
    assert ids(steps) == {0, 1, 2}
    for number in range(3):
        truths = [scene.truth(index, number) for index in range(scene.frames)]
        there = [index for index, truth in enumerate(truths) if truth is not None]
        overlaps = {
            (index, track.id): iou(track.result.box, truth)
            for index, truth in enumerate(truths)
            if truth is not None
            for track in steps[index].tracks
        }
        own = {track for (_, track), overlap in overlaps.items() if overlap > 0.3}
        assert len(own) == 1
        (track,) = own
        alive = [step.frame.index for step in steps if track in {each.id for each in step.tracks}]
        assert there[0] < alive[0] <= there[0] + 25
        assert alive == list(range(alive[0], alive[-1] + 1))
        assert alive[-1] <= there[-1] + TrackManagerSettings().max_away + 15
        assert np.mean([overlaps[index, track] for index in alive if index in there]) > 0.7


def street(way: Callable[[int], tuple[float, float]], walkers: int = 4, frames: int = 170) -> list[Image]:
    """Walkers of several speeds who come in from both sides, seen by a camera that has gone so far in each frame."""
    wall = ground(2, 1280, 480)
    images = []
    for index in range(frames):
        across, down = way(index)
        left, top = round(300 + across), round(120 + down)
        balls = []
        for number in range(walkers):
            gone = (index - 40 - 15 * number) * (2.0 + 0.4 * number)
            balls.append((340.0 - gone if number % 2 else gone - 20.0, 35.0 + 36.0 * number, 13.0))
        images.append(noisy(with_balls(wall[top : top + 180, left : left + 320], balls), index))
    return images


def test_all_who_pass_a_still_camera_come_and_nobody_does_before_one_that_moves() -> None:
    """The same walkers, both ways: what a camera that stands is for, and what one that pans or sways must not do."""
    assert len(ids(follow(street(lambda _: (0.0, 0.0)), MotionDetector()))) == 4
    for way in (
        lambda index: (1.0 * index, 0.0),
        lambda index: (3.0 * index, 0.3 * index),
        lambda index: (40.0 * math.sin(index / 30), 10.0 * math.sin(index / 21)),
    ):
        assert not ids(follow(street(way), MotionDetector()))


@pytest.mark.parametrize("noise", [2.0, 10.0])
def test_nobody_comes_on_the_empty_background(noise: float) -> None:
    renderer = Renderer(empty(5, noise))
    images = [renderer.image(index) for index in range(300)]
    images[150] = np.clip(images[150].astype(int) * 2, 0, 255).astype(np.uint8)  # a flash
    for index in range(200, 300):  # half the light
        images[index] = (images[index] * 0.55).astype(np.uint8)
    assert not ids(follow(images, MotionDetector()))


def test_a_thing_that_goes_away_leaves_no_ghost() -> None:
    ways = [100.0] * 250 + [100.0 + 4 * k for k in range(70)] + [380.0] * 40
    steps = follow(balls_at(ways), MotionDetector())
    assert ids(steps) == {0}
    for step in steps[:300]:
        for track in step.tracks:
            assert not track.result.ok or abs(track.result.box.center[0] - ways[step.frame.index]) < 12


@pytest.mark.parametrize("noise", [3.0, 9.0])
def test_what_stops_for_ten_seconds_and_goes_on_is_the_same(noise: float) -> None:
    away = [-60.0]
    ways = away * 35 + [-30 + 3.0 * k for k in range(60)] + [150.0] * 250 + [150 + 3.0 * k for k in range(70)]
    steps = follow(balls_at([*ways, *away * 60], noise), MotionDetector())
    assert ids(steps) == {0}
    alive = [step for step in steps if step.tracks]
    assert alive[0].frame.index < 70
    assert len(ways) - 10 < alive[-1].frame.index < len(ways) + 30
    for step in alive[: 370 - alive[0].frame.index]:
        assert abs(step.tracks[0].result.box.center[0] - ways[step.frame.index]) < 5


def test_what_comes_near_and_fills_the_picture_stays_the_same() -> None:
    place = [min(-30.0 + 3 * k, 160.0) for k in range(-35, 330)]
    size = [16 + 0.6 * min(max(k - 65, 0), 115) for k in range(-35, 330)]
    images = [noisy(with_balls(ground(), [(x, 90.0, r)]), k) for k, (x, r) in enumerate(zip(place, size, strict=True))]
    steps = follow(images, MotionDetector())
    assert ids(steps) == {0}
    assert steps[-1].tracks[0].result.box.area > 0.3 * 320 * 180


def test_a_thing_of_a_color_stays_the_same_in_shade() -> None:
    images = []
    for index in range(380):
        image = with_balls(ground(), [(40 + 0.65 * index, 90.0, 16.0)])
        image[:, 100:230] = (image[:, 100:230] * 0.6).astype(np.uint8)
        images.append(noisy(image, index))
    steps = follow(images, ColorDetector.of_color("FF8800"))
    assert ids(steps) == {0}
    assert steps[-1].tracks[0].result.box.center[0] == pytest.approx(286, abs=8)


def test_balls_of_a_color_are_followed_beside_a_named_target() -> None:
    images = []
    for index in range(40):
        balls = [(40.0 + 3 * index, 40.0, 12.0), (260.0, 30.0 + 2 * index, 15.0)]
        image = with_balls(with_balls(ground(), balls), [(80.0 + index, 140.0, 13.0)], (200, 60, 0))
        images.append(noisy(image, index))
    manager = TrackManager(ColorDetector.of_color("FF8800"))
    steps = list(Session(open_source(images), targets={"blue": (67, 127, 26, 26)}, initiation=manager))
    assert [[track.label for track in step.tracks] for step in (steps[0], steps[-1])] == [
        ["blue"],
        ["blue", "color", "color"],
    ]
    assert [track.id for track in steps[-1].tracks] == [0, 1, 2]
    for track, truth in zip(steps[-1].tracks, [(119.0, 140.0), (157.0, 40.0), (260.0, 108.0)], strict=True):
        assert track.result.box.center == pytest.approx(truth, abs=4)


def test_every_sink_bears_frames_without_targets_and_targets_that_come_and_go(tmp_path: Path) -> None:
    images = [ground()] * 8 + [with_balls(ground(), [(60.0 + 2 * k, 90.0, 16.0)]) for k in range(12)] + [ground()] * 40
    images = [noisy(image, index) for index, image in enumerate(images)]
    sinks = [
        CsvSink(tmp_path / "out.csv"),
        TextSink(tmp_path / "out.jsonl", JsonLines()),
        TextSink(tmp_path / "mot.txt", MotLines()),
        TextSink(tmp_path / "got.txt", Got10kLines()),
        VideoFileSink(tmp_path / "out.mp4", 25.0),
    ]
    manager = TrackManager(ColorDetector.of_color("FF8800"), TrackManagerSettings(max_lost=5))
    session = Session(open_source(images), targets={}, initiation=manager, sinks=sinks)
    alive = [step.frame.index for step in session if step.tracks]
    assert alive == list(range(15, alive[-1] + 1))
    assert alive[-1] < 50
    with open_source(tmp_path / "out.mp4") as video:
        assert sum(1 for _ in video) == 60
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    assert [(row["frame"], row["id"], row["label"]) for row in rows] == [(str(i), "0", "color") for i in alive]
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == len(alive)
    seen = (tmp_path / "mot.txt").read_text("utf-8").splitlines()
    assert {tuple(line.split(",")[:2]) for line in seen} <= {(str(i + 1), "1") for i in alive}
    lines = (tmp_path / "got.txt").read_text("utf-8").splitlines()
    assert [line == "nan,nan,nan,nan" for line in lines] == [index not in alive for index in range(60)]
    assert (session.summary.frames, session.summary.targets, session.summary.state) == (60, 1, None)


def test_a_run_in_which_nothing_comes() -> None:
    session = Session(
        open_source([ground()] * 5), targets={}, initiation=TrackManager(ColorDetector.of_color("FF8800"))
    )
    assert session.expecting
    assert all(step.tracks == () for step in session)
    assert (session.summary.frames, session.summary.targets, session.summary.state) == (5, 0, None)


def test_the_same_frames_give_the_same_targets() -> None:
    images = list(pictures(visitors(3, frames=90, width=320)))
    first, second = (
        [[(track.id, track.result.box) for track in step.tracks] for step in follow(images, MotionDetector())]
        for _ in range(2)
    )
    assert first == second
    assert any(first)
