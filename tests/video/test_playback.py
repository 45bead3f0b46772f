"""The playback of a source: pace, speed, single frames and jumps."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.viewer.helpers import PATIENCE
from tracker.errors import ConfigError, SourceError
from tracker.video.base import FrameSource
from tracker.video.live.slot import Feed
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.playback import FASTEST, SLOWEST, Clock, LivePlayback, RecordingPlayback, playback_of
from tracker.video.seekable import Seekable
from tracker.video.sources import open_source

IMAGES = [np.full((24, 32, 3), 10 * k, np.uint8) for k in range(20)]


def open_images(start: float | None = None) -> FrameSource:
    return open_source(IMAGES, start=start, fps=10.0)


def seekable() -> Seekable:
    return Seekable(open_images(), open_images)


def test_a_seekable_source_goes_on_from_where_it_was_sent() -> None:
    with seekable() as source:
        frames = iter(source)
        assert [next(frames).index for _ in range(3)] == [0, 1, 2]
        source.seek(1.5)
        assert [frame.index for frame in frames] == [15, 16, 17, 18, 19]
        source.seek(-3.0)
        assert next(iter(source)).index == 0


def test_a_jump_into_nothing_changes_nothing() -> None:
    with seekable() as source:
        frames = iter(source)
        next(frames)
        with pytest.raises(SourceError):
            source.seek(100.0)
        assert next(frames).index == 1


def test_a_closed_seekable_source_says_so() -> None:
    source = seekable()
    source.close()
    with pytest.raises(SourceError, match="is closed"):
        list(source)


def test_file_frames_come_when_they_are_due() -> None:
    playback = RecordingPlayback(seekable(), 1.0)
    first = playback.next()
    assert first is not None
    assert first.index == 0
    assert playback.next() is None
    assert 0.0 < playback.wait() <= 0.1
    time.sleep(0.12)
    second = playback.next()
    assert second is not None
    assert second.index == 1
    stepped = playback.next(at_once=True)
    assert stepped is not None
    assert stepped.index == 2
    playback.source.close()


def test_a_file_ends() -> None:
    playback = RecordingPlayback(seekable(), 0.0)
    while playback.next() is not None:
        assert not playback.ended
    assert playback.ended
    assert playback.seek(0.0).done
    assert not playback.ended
    playback.source.close()


def test_what_is_said_of_a_file() -> None:
    playback = RecordingPlayback(seekable())
    assert playback.status() == ""
    assert playback.faster().text == playback.status() == "speed x2"
    for _ in range(3):
        playback.slower()
    assert playback.status() == "speed x1/4"
    assert RecordingPlayback(seekable(), 0.0).status() == "speed as fast as it goes"


class Steady(Feed):
    """Twenty pictures a second."""

    def read(self) -> np.ndarray:
        time.sleep(0.05)
        return IMAGES[3].copy()

    def close(self) -> None:
        pass


def test_a_live_playback() -> None:
    with LiveSource("cam", Steady, LivePolicy()) as source:
        playback = LivePlayback(source)
        frames = (frame for _ in range(PATIENCE) if (frame := playback.next()) is not None)
        assert next(frames).index < next(frames).index
        assert "age" in playback.status()
        assert "dropped" in playback.status()
        assert not any(result.done for result in (playback.faster(), playback.slower(), playback.seek(1.0)))
        assert playback.wait() == 0.0


def test_frames_are_due_by_their_timestamps() -> None:
    clock = Clock()
    assert clock.wait(10.0, 100.0) == 0.0
    assert clock.wait(10.5, 100.1) == pytest.approx(0.4)
    assert clock.wait(10.5, 100.6) == 0.0


@pytest.mark.parametrize(("speed", "wait"), [(0.5, 2.0), (2.0, 0.5), (0.0, 0.0)])
def test_speed_stretches_time(speed: float, wait: float) -> None:
    clock = Clock(speed)
    clock.wait(0.0, 0.0)
    assert clock.wait(1.0, 0.0) == pytest.approx(wait)


def test_a_long_delay_is_not_caught_up_with() -> None:
    clock = Clock()
    clock.wait(0.0, 0.0)
    assert clock.wait(0.04, 5.0) == 0.0
    assert clock.wait(0.08, 5.0) == pytest.approx(0.04)


def test_a_pause_does_not_count() -> None:
    clock = Clock()
    clock.wait(0.0, 0.0)
    clock.restart()
    assert clock.wait(1.0, 60.0) == 0.0
    assert clock.wait(1.5, 60.0) == pytest.approx(0.5)


def test_speed_doubles_and_halves_within_bounds() -> None:
    playback = playback_of(open_images(), open_images)
    playback.faster()
    assert playback.speed == 2.0
    for _ in range(20):
        playback.faster()
    assert playback.speed == FASTEST
    for _ in range(20):
        playback.slower()
    assert playback.speed == SLOWEST
    playback.source.close()


def test_slower_than_as_fast_as_it_goes_is_paced() -> None:
    playback = playback_of(open_images(), open_images, 0.0)
    playback.slower()
    assert playback.speed == FASTEST
    playback.source.close()


def test_another_speed_leaves_out_no_frame() -> None:
    playback = playback_of(open_images(), open_images, 0.0)
    taken = []
    while (frame := playback.next()) is not None:
        taken.append(frame.index)
        assert playback.wait() == 0.0  # decodes the next one
        playback.set_speed(0.0)
    assert taken == list(range(20))
    playback.source.close()


@pytest.mark.parametrize("speed", [-1.0, float("nan"), float("inf")])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ConfigError, match=r"speed .* is not possible: 1 is the true speed"):
        Clock(speed)
