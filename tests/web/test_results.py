"""The log of results: bounded, and the last word on each frame."""

from __future__ import annotations

import numpy as np

from tracker.geometry import Box
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame
from tracker.web.results import ResultLog

IMAGE = np.zeros((9, 9, 3), np.uint8)


def track(x: float) -> Track:
    return Track(0, "", TrackResult(Box(x, 0, 5, 5), TrackState.TRACKING, 1.0))


def frame(index: int) -> Frame:
    return Frame(IMAGE, index, index / 25)


def test_a_frame_that_is_gone_through_again_replaces_what_was_found_before() -> None:
    log = ResultLog()
    for index, x in ((3, 1.0), (4, 2.0), (3, 5.0)):
        log.write(frame(index), [track(x)])
    assert [(entry.index, entry.tracks[0].result.box.x) for entry in log.entries()] == [(3, 5.0), (4, 2.0)]
    log.write(frame(4), [])
    assert [entry.index for entry in log.entries()] == [3]


def test_only_the_newest_are_kept() -> None:
    log = ResultLog(3)
    for index in range(6):
        log.write(frame(index), [track(0.0)])
    assert [entry.index for entry in log.entries()] == [3, 4, 5]
