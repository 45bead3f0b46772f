"""The search of a whole frame, after a jump."""

from __future__ import annotations

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
