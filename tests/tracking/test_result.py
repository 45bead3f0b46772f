"""What is said of a frame."""

import pytest

from tracker.geometry import Box
from tracker.tracking.result import Track, TrackResult, TrackState


@pytest.mark.parametrize("state", TrackState)
def test_only_a_target_that_is_tracked_is_ok(state):
    assert TrackResult(Box(0, 0, 1, 1), state, 0.5).ok is (state is TrackState.TRACKING)


@pytest.mark.parametrize(("label", "name"), [("", "#3"), ("ann", "ann #3")])
def test_a_track_is_called_by_its_label_and_number(label, name):
    assert Track(3, label, TrackResult(Box(0, 0, 1, 1), TrackState.LOST, 0.0)).name == name
