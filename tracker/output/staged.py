"""Stages between the tracker and a sink: effects, reframing, and whatever else gives the frames another look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame

Shown: TypeAlias = tuple[Frame, tuple[Track, ...]]
"""A frame as a sink gets it, and its targets in the pixels of that frame."""


class Stage(Protocol):
    """Takes frames and hands them on changed, in order, each once; it may keep some back to look ahead."""

    def push(self, frame: Frame, tracks: Sequence[Track]) -> Iterator[Shown]:
        """Take the next frame; yield those that are done."""
        ...

    def finish(self) -> Iterator[Shown]:
        """Yield the frames that are left."""
        ...


class StagedSink(Sink):
    """A sink that gets its frames through stages, the first one first."""

    def __init__(self, stages: Iterable[Stage], sink: Sink) -> None:
        """Take over `sink`, which is closed with this one."""
        self._stages = tuple(stages)
        self._sink = sink
        self._closed = False

    @property
    def left_out(self) -> int:
        """See `Sink.left_out`."""
        return self._sink.left_out

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Hand the frame to the first stage, and what comes out of the last one to the sink.

        Raises:
            OutputError: the sink cannot write.
        """
        self._pass_on(0, frame, tracks)

    def hurry(self) -> None:
        """See `Sink.hurry`."""
        self._sink.hurry()

    def close(self) -> None:
        """Bring out what the stages kept back, and close the sink; safe to call more than once.

        Raises:
            OutputError: the sink cannot write or finish.
        """
        try:
            if not self._closed:
                self._closed = True
                for number, stage in enumerate(self._stages):
                    for frame, tracks in stage.finish():
                        self._pass_on(number + 1, frame, tracks)
        finally:
            self._sink.close()

    def _pass_on(self, number: int, frame: Frame, tracks: Sequence[Track]) -> None:
        if number == len(self._stages):
            self._sink.write(frame, tracks)
            return
        for done, targets in self._stages[number].push(frame, tracks):
            self._pass_on(number + 1, done, targets)
