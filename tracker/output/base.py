"""What a sink of results is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from tracker.errors import OutputError
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import Track
from tracker.video.base import Frame


def tracks_of(tracker: MultiTracker) -> tuple[Track, ...]:
    """Return every target of a tracker as it was in the last frame."""
    return tuple(Track(n, tracker.label(n), found, tracker.density(n)) for n, found in tracker.results.items())


class Sink(ABC):
    """Takes the results frame by frame; a context manager that finishes its file whatever happens.

    A sink that cannot be opened fails in its constructor, before any frame is processed.
    """

    @abstractmethod
    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take one frame and its targets; frame and results are not changed.

        Raises:
            OutputError: the result cannot be written (disk full, reader gone).
        """

    def close(self) -> None:  # noqa: B027 - many sinks hold nothing
        """Finish what was written; safe to call more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except OutputError as failure:
            if error is None:
                raise
            error.add_note(str(failure))  # what went wrong first is what the caller has to hear


class NullSink(Sink):
    """Takes everything and keeps nothing."""

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Do nothing."""


class SinkGroup(Sink):
    """Hands each frame to several sinks; one that fails does not keep the others from finishing."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        """Take over `sinks`: they are closed with the group."""
        self._sinks = tuple(sinks)

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Hand the frame to every sink.

        Raises:
            OutputError: of the first sink that failed, after all had their turn; the others are its notes.
        """
        self._each(lambda sink: sink.write(frame, tracks))

    def close(self) -> None:
        """Close every sink; safe to call more than once.

        Raises:
            OutputError: of the first sink that could not finish, after all were closed; the others are its notes.
        """
        self._each(lambda sink: sink.close())

    def _each(self, action: Callable[[Sink], None]) -> None:
        failure: OutputError | None = None
        for sink in self._sinks:
            try:
                action(sink)
            except OutputError as error:
                if failure is None:
                    failure = error
                else:
                    failure.add_note(str(error))
        if failure is not None:
            raise failure
