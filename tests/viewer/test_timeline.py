"""The place in time that the window shows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tracker.session import Step
from tracker.video.base import FrameSource
from tracker.video.playback import playback_of
from tracker.video.sources import open_source
from tracker.viewer.timeline import Timeline

IMAGES = [np.full((24, 32, 3), 10 * k, np.uint8) for k in range(20)]


def open_images(start: float | None = None) -> FrameSource:
    return open_source(IMAGES, start=start, fps=10.0)


@pytest.fixture
def timeline() -> Iterator[Timeline]:
    playback = playback_of(open_images(), open_images, 0.0)
    with playback.source:
        yield Timeline(playback)


def advance(timeline: Timeline, frames: int) -> None:
    for _ in range(frames):
        frame = timeline.next()
        assert frame is not None
        timeline.keep(Step(frame, ()))


def shown(timeline: Timeline) -> int:
    assert timeline.current is not None
    return timeline.current.frame.index


def test_steps_back_and_forth_pause_and_going_on_shows_the_newest(timeline: Timeline) -> None:
    assert timeline.current is None
    assert timeline.status(0.0) == ""
    advance(timeline, 5)
    assert timeline.back()
    assert timeline.back()
    assert (shown(timeline), timeline.paused, timeline.in_past) == (2, True, True)
    assert timeline.forward()
    assert timeline.status(25.0).startswith("frame 3   0.30 of 2.00 s   paused")
    timeline.run()
    assert (shown(timeline), timeline.paused, timeline.in_past) == (4, False, False)
    assert not timeline.forward()


def test_a_jump_leads_there_and_one_into_nothing_changes_nothing(timeline: Timeline) -> None:
    advance(timeline, 3)
    assert timeline.begin_jump(100.0).text == "jumping to 100.2 s ..."
    assert not timeline.arrive().done
    assert shown(timeline) == 2
    timeline.begin_jump(1.0)
    assert timeline.seeking
    assert timeline.arrive().done
    assert not timeline.seeking
    assert timeline.sought() is None
    frame = timeline.next()
    assert frame is not None
    assert frame.index == 12


def test_after_a_return_the_frame_after_it_is_the_next(timeline: Timeline) -> None:
    advance(timeline, 8)
    timeline.back()
    timeline.back()
    past = timeline.current
    assert past is not None
    timeline.begin_return(past.frame)
    assert timeline.arrive().done
    frame = timeline.next()
    assert frame is not None
    assert frame.index == past.frame.index + 1


def test_jumps_on_jumps_add_up_and_the_newest_wins(timeline: Timeline) -> None:
    advance(timeline, 3)
    timeline.begin_jump(0.4)
    timeline.begin_jump(0.4)
    assert timeline.arrive().done
    frame = timeline.next()
    assert frame is not None
    assert frame.index == 10


def test_a_jump_that_is_canceled_leads_nowhere(timeline: Timeline) -> None:
    advance(timeline, 3)
    timeline.begin_to(1.5)
    timeline.cancel_jump()
    assert not timeline.seeking
    assert not timeline.arrive().done
    frame = timeline.next()
    assert frame is not None
    assert frame.index == 3
