"""The search of a whole frame, after a jump."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from tracker.geometry import Box, iou
from tracker.image import Image
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackState


def scene(*things: tuple[Box, tuple[int, int, int]]) -> Image:
    image = np.random.default_rng(3).integers(90, 130, (480, 640, 3)).astype(np.uint8)
    for box, color in things:
        x, y, width, height = box.rounded()
        image[y : y + height, x : x + width] = color
        image[y + height // 3 : y + height // 2, x : x + width] = (20, 220, 240)
    return image


RED = (40, 40, 220)


@pytest.mark.parametrize("preset", ["fast", "accurate"])
def test_a_target_far_away_is_found_at_once(preset: str) -> None:
    before, after = Box(60, 60, 50, 60), Box(540, 380, 50, 60)
    tracker = MultiTracker.from_config(preset)
    number = tracker.add(scene((before, RED)), before)
    found = tracker.search(scene((after, RED)))[number]
    assert found.state is TrackState.TRACKING
    assert iou(found.box, after) > 0.5


@pytest.mark.parametrize("preset", ["fast", "accurate"])
def test_a_target_that_is_not_there_is_lost_and_not_claimed(preset: str) -> None:
    before = Box(60, 60, 50, 60)
    tracker = MultiTracker.from_config(preset)
    number = tracker.add(scene((before, RED)), before)
    assert tracker.search(scene())[number].state is TrackState.LOST


def other_scene(box: Box) -> Image:
    """What `scene` shows in `box`, before another background."""
    image = np.zeros((480, 640, 3), np.uint8)
    image[:] = np.linspace(0, 255, 640)[None, :, None]
    image[:240] = 255 - image[:240]
    x, y, width, height = box.rounded()
    image[y : y + height, x : x + width] = scene((box, RED))[y : y + height, x : x + width]
    return image


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_a_jump_to_another_scene_with_the_target_in_it_finds_it(preset: str) -> None:
    before, after = Box(60, 60, 50, 60), Box(540, 380, 50, 60)
    tracker = MultiTracker.from_config(preset)
    number = tracker.add(scene((before, RED)), before)
    for _ in range(10):
        tracker.update(scene((before, RED)))
    found = tracker.search(other_scene(after))[number]
    assert found.state is TrackState.TRACKING
    assert iou(found.box, after) > 0.5
    absent = other_scene(after)
    absent[380:440, 540:590] = absent[380:440, 480:530]
    assert tracker.search(absent)[number].state is TrackState.LOST


def darker(place: Box, light: float) -> Image:
    image = np.zeros((480, 640, 3), np.uint8)
    image[:] = np.linspace(60, 200, 640)[None, :, None]
    image[240:] //= 2
    x, y, width, height = place.rounded()
    image[y : y + height, x : x + width] = (40, 40, 220)
    image[y + 20 : y + 30, x : x + width] = (20, 220, 240)
    image[y + 40 : y + 50, x + 10 : x + 20] = (200, 60, 20)
    noise = np.random.default_rng(1).integers(-10, 10, image.shape)
    return (np.clip(image.astype(int) + noise, 0, 255) * light).astype(np.uint8)


@pytest.mark.parametrize("light", [1.0, 0.75, 0.7, 0.65])
@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_places_are_scored_by_the_light_of_their_own_frame(preset: str, light: float) -> None:
    before, after = Box(60, 60, 50, 60), Box(500, 300, 50, 60)
    tracker = MultiTracker.from_config(preset)
    number = tracker.add(darker(before, 1.0), before)
    for _ in range(30):
        tracker.update(darker(before, 1.0))
    found = tracker.search(darker(after, light))[number]
    assert found.state is TrackState.TRACKING
    assert iou(found.box, after) > 0.5


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_what_was_seen_before_a_jump_or_a_cut_counts_no_more(preset: str) -> None:
    place = Box(60, 60, 50, 60)
    tracker = MultiTracker.from_config(preset)
    number = tracker.add(scene((place, RED)), place)
    for _ in range(12):
        tracker.update(scene((place, RED)))
    while tracker.update(scene())[number].state is not TrackState.LOST:
        pass
    doubt = tracker._targets[number].single._states.doubt
    for _ in range(20):
        tracker.update(scene((place, RED)))
        if doubt.count:
            break
    assert doubt.count == 1
    cut = copy.deepcopy(tracker)
    cut.update(other_scene(place))
    tracker.search(scene())
    for each in (cut, tracker):
        doubt = each._targets[number].single._states.doubt
        assert (doubt.seen, doubt.count, doubt.next_best) == (None, 0, None)
