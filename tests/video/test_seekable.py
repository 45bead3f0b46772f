"""Jumps of a recording beside the loop: they end where they should, or at once when they are not wanted."""

from __future__ import annotations

import numpy as np
import pytest

from tests.viewer.desk import wait_for
from tracker.errors import SourceError
from tracker.image import Image
from tracker.video.base import FrameSource
from tracker.video.recording import Facts, Reader, Recording
from tracker.video.seekable import Seekable
from tracker.video.span import Span


class Endless(Reader):
    """A recording without an end, ten frames a second: a jump far into it never arrives."""

    def __init__(self) -> None:
        self.facts = Facts("endless", 8, 8, 10.0, None)
        self.grabbed = 0
        self.closed = False

    def grab(self) -> bool:
        self.grabbed += 1
        return True

    def retrieve(self) -> Image | None:
        return np.zeros((8, 8, 3), np.uint8)

    def close(self) -> None:
        self.closed = True


FAR = 1e12


@pytest.fixture
def readers() -> list[Endless]:
    return []


@pytest.fixture
def endless(readers: list[Endless]) -> Seekable:
    def opened(start: float = 0.0) -> FrameSource:
        readers.append(Endless())
        return Recording(readers[-1], Span(start))

    return Seekable(opened(), opened)


def under_way(readers: list[Endless]) -> bool:
    return len(readers) == 2 and readers[1].grabbed > 100


def test_a_jump_that_is_canceled_ends_at_once_and_closes_what_it_opened(
    endless: Seekable, readers: list[Endless]
) -> None:
    seeking = endless.begin(FAR)
    wait_for(lambda: under_way(readers), "the jump")
    assert not seeking.done
    seeking.cancel()
    with pytest.raises(SourceError):
        seeking.result()
    assert seeking.done
    assert readers[1].closed
    assert next(iter(endless)).index == 0
    endless.close()


@pytest.mark.parametrize("way", ["stop", "close"])
def test_a_recording_that_is_stopped_or_closed_ends_its_jumps(
    endless: Seekable, readers: list[Endless], way: str
) -> None:
    seeking = endless.begin(FAR)
    wait_for(lambda: under_way(readers), "the jump")
    getattr(endless, way)()
    wait_for(lambda: seeking.done, "its end")
    endless.close()
    assert all(reader.closed for reader in readers)


def test_a_recording_that_is_stopped_on_its_way_to_a_far_start_ends() -> None:
    reader = Endless()
    grab = reader.grab
    recording = Recording(reader, Span(FAR))

    def stopping() -> bool:
        if reader.grabbed == 10:
            recording.stop()
        return grab()

    reader.grab = stopping  # type: ignore[method-assign]
    assert list(recording) == []
    assert reader.grabbed == 11
    recording.close()


def test_a_jump_that_was_canceled_when_it_had_arrived_leads_nowhere(endless: Seekable, readers: list[Endless]) -> None:
    seeking = endless.begin(3.0)
    wait_for(lambda: seeking.done, "the arrival")
    seeking.cancel()
    with pytest.raises(SourceError, match="canceled"):
        seeking.result()
    assert readers[1].closed
    endless.close()
