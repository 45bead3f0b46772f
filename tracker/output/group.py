"""Several sinks as one, and none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.errors import OutputError
from tracker.output.base import Sink, Track
from tracker.video.base import Frame


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
