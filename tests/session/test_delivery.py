"""Steps on their way to the sinks: each frame once, only forwards, and counted."""

from __future__ import annotations

import numpy as np
import pytest

from tests.session.helpers import Notes
from tracker.geometry import Box
from tracker.session.delivery import Delivery
from tracker.session.step import Step
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame

IMAGE = np.zeros((9, 9, 3), np.uint8)


def step(index: int, *states: TrackState) -> Step:
    tracks = tuple(Track(k, "", TrackResult(Box(0, 0, 5, 5), state, 1.0)) for k, state in enumerate(states))
    return Step(Frame(IMAGE, index, index / 25), tracks)


def test_nothing_before_a_target_but_to_the_recording() -> None:
    results, record = Notes(), Notes()
    delivery = Delivery([results], record, started=False)
    for one in (step(0), step(1), step(2, TrackState.TRACKING), step(3)):
        delivery.write(one)
    assert results.frames == [2, 3]
    assert record.frames == [0, 1, 2, 3]
    assert record.tracks == []


def test_every_frame_where_tracks_start_by_themselves() -> None:
    results = Notes()
    delivery = Delivery([results], None, started=True)
    delivery.write(step(0))
    assert results.frames == [0]


def test_a_frame_comes_once_and_the_newest_state_counts() -> None:
    one, other = Notes(), Notes()
    delivery = Delivery([one, other], None, started=False)
    for number in (0, 1, 2, 1, 2, 3):
        delivery.write(step(number, TrackState.TRACKING, TrackState.OCCLUDED))
    delivery.write(step(3, TrackState.LOST))
    assert one.frames == other.frames == [0, 1, 2, 3]
    summary = delivery.summary(7, (), stopped=True)
    assert (summary.frames, summary.targets, summary.bad_frames, summary.stopped) == (4, 2, 7, True)
    assert summary.states == {TrackState.TRACKING: 4, TrackState.OCCLUDED: 4}
    assert summary.state is TrackState.LOST


def test_the_state_is_the_worst_of_those_that_were_named() -> None:
    delivery = Delivery([], None, started=False)
    delivery.write(step(0, TrackState.OCCLUDED, TrackState.TRACKING, TrackState.LOST))
    assert delivery.summary(0, (), stopped=False).state is TrackState.LOST
    assert delivery.summary(0, {2}, stopped=False).state is TrackState.OCCLUDED
    assert delivery.summary(0, {0, 1, 2}, stopped=False).state is None


def test_the_time_of_a_pause_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10.0]
    monkeypatch.setattr("tracker.session.delivery.time.perf_counter", lambda: now[0])
    delivery = Delivery([], None, started=True)

    def seconds() -> float:
        return delivery.summary(0, (), stopped=False).seconds

    delivery.begin()
    for held, moment in ((False, 11.0), (True, 12.0), (True, 15.0), (False, 20.0), (False, 21.0), (True, 23.0)):
        now[0] = moment
        delivery.hold(held=held)
    now[0] = 30.0
    assert seconds() == 5.0
    delivery.end()
    now[0] = 50.0
    assert seconds() == 5.0
