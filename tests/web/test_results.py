"""The log of results: bounded, and the last word on each frame."""

from __future__ import annotations

import numpy as np

from tracker.geometry import Box, RotatedBox
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame
from tracker.web.results import ResultLog

IMAGE = np.zeros((9, 9, 3), np.uint8)


def track(x: float) -> Track:
    return Track(0, "", TrackResult(Box(x, 0, 5, 5), TrackState.TRACKING, 1.0))


def frame(index: int) -> Frame:
    return Frame(IMAGE, index, index / 25)


def boxes(log: ResultLog) -> list[tuple[int, float]]:
    return [(entry.index, entry.tracks[0].result.box.x) for entry in log.entries()]


def test_going_over_a_frame_again_replaces_nothing() -> None:
    log = ResultLog()
    for index, x in ((3, 1.0), (4, 2.0), (3, 5.0), (2, 9.0)):
        log.write(frame(index), [track(x)])
    assert boxes(log) == [(3, 1.0), (4, 2.0)]  # nor has a target any rows before its first one
    log.write(frame(4), [])
    assert boxes(log) == [(3, 1.0), (4, 2.0)]
    log.put(frame(3), track(7.0))
    assert boxes(log) == [(3, 7.0), (4, 2.0)]


def test_what_was_saved_comes_back() -> None:
    log = ResultLog()
    log.write(frame(0), [track(1.0)])
    saved = log.saved(0)
    log.put(frame(0), track(2.0), key=True)
    log.put(frame(1), track(3.0))
    log.restore(0, saved)
    assert boxes(log) == [(0, 1.0)]
    assert len(log) == 1
    log.restore(0, None)
    assert (boxes(log), len(log), 0 in log) == ([], 0, False)


def test_a_row_is_kept_to_the_last_bit() -> None:
    turned = RotatedBox(1 / 3, 2 / 3, 5.1, 4.9, -12.34)
    result = TrackResult(Box(0.1, 0.2, 1 / 3, 7.7), TrackState.OCCLUDED, 0.123456789, "hidden", turned, 7, 0.0123)
    log = ResultLog()
    log.write(frame(5), [Track(3, "ann", result)])
    assert log.at(5) == (Track(3, "ann", result),)


def test_stretches_of_states_break_where_there_are_no_rows() -> None:
    log = ResultLog()
    for index, state in ((0, "tracking"), (1, "tracking"), (2, "lost"), (3, "tracking"), (9, "tracking")):
        log.write(frame(index), [Track(0, "", TrackResult(Box(0, 0, 5, 5), TrackState(state), 1.0))])
    log.write(frame(5), [Track(1, "", TrackResult(Box(0, 0, 5, 5), TrackState.LOST, 0.0))])
    assert log.spans(0) == [(0, 1, "tracking"), (2, 2, "lost"), (3, 3, "tracking"), (9, 9, "tracking")]


def test_only_the_newest_are_kept() -> None:
    log = ResultLog(3)
    for index in range(6):
        log.write(frame(index), [track(0.0)])
    assert [entry.index for entry in log.entries()] == [3, 4, 5]
    assert log.left_out == 3


def test_a_curve_leaves_no_doubt_out() -> None:
    log = ResultLog()
    for index in range(100):
        confidence = 0.1 if index == 57 else 0.9
        state = TrackState.LOST if index == 57 else TrackState.TRACKING
        log.write(frame(index), [Track(0, "", TrackResult(Box(2.0 * index, 0, 9, 4), state, confidence))])
    whole = log.curve(0, 100)
    assert [point[0] for point in whole] == list(range(100))
    assert whole[0] == (0, 0.9, 6.0, 0.0, "tracking")
    assert whole[57] == (57, 0.1, 6.0, 2.0, "lost")
    short = log.curve(0, 10)
    assert len(short) == 10
    assert (57, 0.1, 6.0, 2.0, "lost") in short
    assert ResultLog().targets == {}
