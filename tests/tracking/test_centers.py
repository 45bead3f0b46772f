"""Where a target is has one answer: the box and the rotated box share their center, in every state and preset."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.golden.results import PRESETS, SCENES, SEVERAL, VIDEOS, first_box, first_boxes
from tracker import MultiTracker, Tracker, TrackResult, open_source
from tracker.formats.starts import read_starts
from tracker.geometry import Box

REAL = sorted((Path(__file__).parents[2].parent / "shared" / "bench").glob("*.mp4"))[::8]
"""Real clips beside the repository, where there are any."""
FRAMES = 40


def has_one_center(result: TrackResult) -> bool:
    turned = result.rotated_box
    return turned is None or (turned.center_x, turned.center_y) == pytest.approx(result.box.center)


def followed(spec: str, preset: str, box: Box) -> list[TrackResult]:
    tracker = Tracker.from_config(preset)
    with open_source(spec) as source:
        frames = islice(source, FRAMES)
        tracker.init(next(frames).image, box)
        return [tracker.update(frame.image, frame.timestamp) for frame in frames]


@pytest.mark.parametrize("preset", PRESETS)
def test_of_a_target_that_is_hidden_passed_or_away(preset: str) -> None:
    found = [each for spec in SCENES.values() for each in followed(spec, preset, first_boxes(spec, 1)[0])]
    assert all(has_one_center(result) for result in found)
    assert any(result.rotated_box for result in found) == (preset == "classic")


@pytest.mark.parametrize("preset", PRESETS)
def test_of_several_targets_that_claim_one_place(preset: str) -> None:
    spec, count, _ = SEVERAL["overtake"]
    tracker = MultiTracker.from_config(preset)
    with open_source(spec) as source:
        frames = iter(source)
        image = next(frames).image
        for box in first_boxes(spec, count):
            tracker.add(image, box)
        found = [each for frame in frames for each in tracker.update(frame.image, frame.timestamp).values()]
    assert all(has_one_center(result) for result in found)


@pytest.mark.parametrize("preset", PRESETS)
def test_of_real_and_bundled_clips(preset: str) -> None:
    starts = {str(VIDEOS / f"{name}.mp4"): first_box(name) for name in ("juggle", "grey")}
    starts |= {
        str(clip): read_starts(clip.with_suffix(".csv"))[0].box for clip in REAL[: None if preset == "classic" else 1]
    }
    for clip, box in starts.items():
        assert all(has_one_center(result) for result in followed(clip, preset, box)), clip
