from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from tracker.errors import OutputError
from tracker.output.base import Sink
from tracker.output.staged import Shown, StagedSink
from tracker.tracking.result import Track
from tracker.video.base import Frame


class Late:
    """Hands on each frame some frames late."""

    def __init__(self, ahead: int) -> None:
        self.ahead = ahead
        self.waiting: list[Shown] = []

    def push(self, frame: Frame, tracks: Sequence[Track]) -> Iterator[Shown]:
        self.waiting.append((frame, tuple(tracks)))
        if len(self.waiting) > self.ahead:
            yield self.waiting.pop(0)

    def finish(self) -> Iterator[Shown]:
        while self.waiting:
            yield self.waiting.pop(0)


class Kept(Sink):
    """Remembers what it was given; may refuse from a frame on."""

    def __init__(self, refuse_from: int = 1000) -> None:
        self.frames: list[int] = []
        self.closed = 0
        self.refuse_from = refuse_from

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        if frame.index >= self.refuse_from:
            raise OutputError("disk full")
        self.frames.append(frame.index)

    def close(self) -> None:
        self.closed += 1


def frames(count: int) -> list[Frame]:
    return [Frame(np.zeros((4, 4, 3), np.uint8), n, n / 25) for n in range(count)]


@pytest.mark.parametrize("delays", [(), (0,), (3,), (2, 5), (30,), (4, 0, 1)])
def test_every_frame_gets_through_all_stages_once_and_in_order(delays: tuple[int, ...]) -> None:
    sink = Kept()
    with StagedSink([Late(delay) for delay in delays], sink) as staged:
        for number, frame in enumerate(frames(20)):
            staged.write(frame, ())
            assert len(sink.frames) == max(0, number + 1 - sum(delays))
    assert sink.frames == list(range(20))
    assert sink.closed


def test_closing_twice_writes_once() -> None:
    sink = Kept()
    staged = StagedSink([Late(3)], sink)
    for frame in frames(5):
        staged.write(frame, ())
    staged.close()
    staged.close()
    assert sink.frames == list(range(5))


def test_a_sink_that_fails_at_the_end_is_closed_all_the_same() -> None:
    sink = Kept(refuse_from=3)
    staged = StagedSink([Late(10)], sink)
    for frame in frames(5):
        staged.write(frame, ())
    with pytest.raises(OutputError, match="disk full"):
        staged.close()
    assert sink.closed == 1
