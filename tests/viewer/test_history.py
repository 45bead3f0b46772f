"""What the timeline remembers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tracker.drawing.strip import DONE, RANKS
from tracker.session import Step
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame
from tracker.viewer.history import History

TRACKING, OCCLUDED, LOST = TrackState.TRACKING, TrackState.OCCLUDED, TrackState.LOST


@pytest.fixture
def step(make_track: Callable[..., Track]) -> Callable[..., Step]:
    def make(second: float, *states: TrackState) -> Step:
        image = np.zeros((4, 4, 3), np.uint8)
        return Step(Frame(image, round(25 * second), second), tuple(make_track(state=state) for state in states))

    return make


def test_the_next_doubtful_stretch_is_found_and_after_the_last_the_first(step: Callable[..., Step]) -> None:
    history = History(10.0)
    assert history.next_doubtful(0.0) is None
    for number in range(250):
        second = number / 25
        state = OCCLUDED if 2 <= second < 3 else LOST if 7 <= second < 7.5 else TRACKING
        history.take(step(second, state))
    assert history.next_doubtful(0.0) == pytest.approx(2.0, abs=0.05)
    assert history.next_doubtful(2.5) == pytest.approx(7.0, abs=0.05)
    assert history.next_doubtful(8.0) == pytest.approx(2.0, abs=0.05)


def test_what_is_tracked_again_replaces_what_was_known(step: Callable[..., Step]) -> None:
    history = History(10.0)
    for number in range(250):
        history.take(step(number / 25, LOST))
    history.jump()
    for number in range(250):
        history.take(step(number / 25, TRACKING))
    assert history.next_doubtful(0.0) is None


def test_the_worst_of_several_counts_and_none_is_no_doubt(step: Callable[..., Step]) -> None:
    history = History(1.0)
    history.take(step(0.0, TRACKING, LOST, OCCLUDED))
    assert history.ranks[0] == RANKS[LOST]
    history.take(step(0.5))
    assert history.ranks[2048] == DONE


def test_a_recording_that_is_longer_than_it_said_keeps_its_stretches(step: Callable[..., Step]) -> None:
    history = History(1.0)
    history.take(step(0.5, LOST))
    history.take(step(30.0, TRACKING))
    assert history.seconds >= 30.0
    assert history.next_doubtful(1.0) == pytest.approx(0.5, abs=0.05)
    assert 0.0 <= history.place(30.0) <= 1.0
    assert history.time(history.place(12.0)) == pytest.approx(12.0)


def test_choices_are_marked() -> None:
    history = History(10.0)
    history.choose(2.5)
    assert history.marks == [0.25]
