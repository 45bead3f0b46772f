"""Decoding ahead: the same frames, errors and ends as without, and nothing left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from tests.video.live_fakes import wait_until
from tracker.errors import SourceError
from tracker.video.ahead import DecodedAhead
from tracker.video.base import Frame, FrameSource, SourceInfo


class Counted(FrameSource):
    """A recording that counts what was read of it, and may fail."""

    def __init__(self, frames: int, fails: bool = False) -> None:
        self.info = SourceInfo("counted", 4, 4, 25.0, frames)
        self.read, self.closed = 0, False
        self._frames, self._fails = frames, fails

    def __iter__(self) -> Iterator[Frame]:
        for number in range(self._frames):
            self.read += 1
            self.bad_frames = number // 10
            yield Frame(np.full((4, 4, 3), number % 256, np.uint8), number, number / 25)
        if self._fails:
            raise SourceError("damaged")

    def close(self) -> None:
        self.closed = True


def test_every_frame_comes_once_and_in_order() -> None:
    source = Counted(300)
    with DecodedAhead(source) as ahead:
        assert [frame.index for frame in ahead] == list(range(300))
        assert ahead.bad_frames == 29
        assert list(ahead) == []
    assert source.closed


def test_it_reads_ahead_and_no_farther_than_its_room() -> None:
    source = Counted(300)
    with DecodedAhead(source) as ahead:
        next(iter(ahead))
        wait_until(lambda: source.read == 6)  # one handed out, four that wait, one that has no room
        assert source.read == 6


def test_an_error_comes_after_the_frames_before_it() -> None:
    with DecodedAhead(Counted(7, fails=True)) as ahead:
        frames = iter(ahead)
        assert [next(frames).index for _ in range(7)] == list(range(7))
        with pytest.raises(SourceError, match="damaged"):
            next(frames)


def test_a_stop_while_a_far_start_is_decoded_up_to_is_answered_at_once() -> None:
    go_on = threading.Event()

    class Far(Counted):
        def __iter__(self) -> Iterator[Frame]:
            go_on.wait()
            yield from super().__iter__()

    source = Far(3)
    ahead = DecodedAhead(source)
    threading.Timer(0.2, ahead.stop).start()
    assert list(ahead) == []
    ahead.close()
    assert not source.closed
    go_on.set()
    assert ahead._thread is not None
    ahead._thread.join()


def test_closing_early_leaves_no_thread() -> None:
    before = threading.active_count()
    for _ in range(20):
        with DecodedAhead(Counted(300)) as ahead:
            next(iter(ahead))
    assert threading.active_count() == before
