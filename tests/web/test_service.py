"""The service without a server: one source and its targets, led by commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracker import Tracker, TrackerConfig, open_source
from tracker.config.reader import load_config
from tracker.errors import BoxError, SourceError
from tracker.geometry import Box, iou
from tracker.video.base import Frame
from tracker.web.broadcast import Phase
from tracker.web.library import Choice
from tracker.web.service import TrackingService

SCENE = "synth:smooth:frames=20:size=160x120"
CHOICE = Choice(SCENE, "scene")


def truth(index: int) -> Box:
    with open_source(SCENE) as source:
        return source.truth(index)


@pytest.fixture
def service() -> TrackingService:
    return TrackingService(TrackerConfig(), "fast", speed=0.0)


def to_the_end(service: TrackingService) -> None:
    service.player.play()
    while service.player.phase is Phase.PLAYING:
        service.advance()


def test_before_a_source_there_is_nothing_to_follow(service: TrackingService) -> None:
    snapshot = service.snapshot()
    assert (snapshot.frame, snapshot.tracks, snapshot.status.phase) == (None, (), Phase.IDLE)
    with pytest.raises(BoxError, match="there is no picture yet"):
        service.add((1, 2, 30, 30))
    with pytest.raises(SourceError, match="nothing to record"):
        service.record(Path("never.mp4"))
    assert not service.remove(0)
    accurate = load_config("accurate")
    service.configure(accurate, "accurate")
    assert (service.config, service.status.preset, service.status.revision) == (accurate, "accurate", 1)


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_a_target_is_followed_as_by_the_tracker_itself(preset: str) -> None:
    service = TrackingService(load_config(preset), preset, speed=0.0)
    service.open(CHOICE)
    service.add(truth(0))
    to_the_end(service)
    tracker = Tracker.from_config(preset)
    with open_source(SCENE) as source:
        for entry, frame in zip(service.results.entries(), source, strict=True):
            expected = tracker.update(frame.image) if frame.index else tracker.init(frame.image, truth(0))
            (track,) = entry.tracks
            assert (track.result.box, track.result.confidence) == (expected.box, expected.confidence)
    service.close()


def test_numbers_are_never_given_twice_whatever_is_opened(service: TrackingService) -> None:
    service.open(CHOICE)
    assert [service.add((20, 20, 30, 30)), service.add((60, 20, 30, 30))] == [0, 1]
    assert service.remove(1)
    assert not service.remove(1)
    service.clear()
    assert service.add((20, 20, 30, 30)) == 2
    service.open(CHOICE)
    assert service.snapshot().tracks == ()
    assert service.add((20, 20, 30, 30)) == 3
    service.close()


def test_a_box_on_an_older_frame_is_followed_to_the_newest(service: TrackingService) -> None:
    service.open(CHOICE)
    for _ in range(10):
        service.show(service.player.step())
    service.add(truth(2), "late", index=2)
    (track,) = service.snapshot().tracks
    assert iou(track.result.box, truth(10)) > 0.6
    assert track.label == "late"
    assert [entry.index for entry in service.results.entries()] == list(range(2, 11))  # those between are rows, too
    service.close()


def test_looking_again_changes_no_row(service: TrackingService) -> None:
    service.open(CHOICE)
    service.add(truth(0))
    to_the_end(service)
    first = list(service.results.entries())
    assert [entry.index for entry in first] == list(range(20))
    service.show(service.player.seek(0.2))
    assert service.snapshot().tracks[0].result.box == first[5].tracks[0].result.box
    to_the_end(service)
    to_the_end(service)
    assert list(service.results.entries()) == first
    service.close()


def test_a_box_is_added_without_starting(service: TrackingService) -> None:
    service.open(CHOICE)
    assert [service.add((20, 20, 30, 30)), service.add((60, 20, 30, 30))] == [0, 1]
    assert service.player.phase is Phase.PAUSED
    to_the_end(service)
    assert all(len(entry.tracks) == 2 for entry in service.results.entries())
    service.close()


def test_a_frame_of_another_size_loses_the_targets_and_says_so(service: TrackingService) -> None:
    service.open(CHOICE)
    service.add(truth(0))
    service.show(Frame(np.full((90, 80, 3), 90, np.uint8), 1, 0.04))
    assert service.snapshot().tracks == ()
    assert service.status.message.startswith("the targets are gone: the frame is 80x90")
    assert service.add((10, 10, 20, 20)) == 1
    assert service.status.message == ""
    service.close()


def test_there_are_only_so_many_targets() -> None:
    service = TrackingService(TrackerConfig(), "fast", speed=0.0, max_targets=1)
    service.open(CHOICE)
    service.add((20, 20, 30, 30))
    with pytest.raises(BoxError, match="there are 1 targets already: remove one"):
        service.add((20, 20, 30, 30))
    service.close()


def test_a_recording_has_each_frame_that_was_seen(service: TrackingService, tmp_path: Path) -> None:
    service.open(CHOICE)
    service.record(tmp_path / "seen.mp4")
    assert service.status.recording == "seen.mp4"
    service.add(truth(0))
    to_the_end(service)
    service.close()
    assert service.status.recording == ""
    with open_source(tmp_path / "seen.mp4") as source:
        assert len(list(source)) == 20
