"""Memory: flat once as many rows are kept as may be, whatever goes on for however long; see `bench_serve --minutes`."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np

from tracker.geometry import Box
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame
from tracker.web.events import EventLog
from tracker.web.results import ResultLog

ROWS, TARGETS, FRAMES = 2000, 10, 2000
FLAT = 300_000
"""Bytes. The rows of the second half would take 2 MB, were they kept."""
BARE = np.zeros((1, 1, 3), np.uint8)


def tracks(index: int) -> list[Track]:
    """Ten targets that are lost for a while, now one and now another."""
    states = [TrackState.LOST if index // 20 % TARGETS == number else TrackState.TRACKING for number in range(TARGETS)]
    return [
        Track(number, "", TrackResult(Box(index % 90, number, 9, 9), state, 0.5)) for number, state in enumerate(states)
    ]


def test_rows_and_events_beyond_their_bounds_take_no_memory() -> None:
    log, events = ResultLog(ROWS), EventLog(50)
    after = []
    tracemalloc.start()
    try:
        for index in range(FRAMES):
            frame, found = Frame(BARE, index, index / 25), tracks(index)
            log.write(frame, found)
            events.note(frame, found)
            if index % 100 == 0:
                for target in log.targets:
                    assert len(log.spans(target)) <= ROWS / TARGETS
                    assert len(log.curve(target, 50)) <= 50
            if index in (FRAMES // 2, FRAMES - 1):
                gc.collect()
                after.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert len(log) <= ROWS
    assert log.left_out == FRAMES - ROWS // TARGETS
    assert len(events.newest(1000)) == 50
    assert after[1] - after[0] < FLAT


def test_stretches_are_the_same_however_they_were_found() -> None:
    log = ResultLog(200)
    for index in range(300):
        log.write(Frame(BARE, index, index / 25), tracks(index))
        for target in log.targets:
            log.spans(target)
    kept = {target: log.spans(target) for target in log.targets}
    for target in log.targets.values():
        target.spans = None
    assert {target: log.spans(target) for target in log.targets} == kept
