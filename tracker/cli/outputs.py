"""Outputs that are checked early and opened late."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.output.base import Sink
from tracker.output.registry import Output, SinkOptions, open_sinks
from tracker.tracking.result import Track
from tracker.video.base import Frame


class OpenedOnWrite(Sink):
    """Opens its sinks with the first result, so that a run that never gets so far touches no file."""

    def __init__(self, outputs: Sequence[Output], options: SinkOptions) -> None:
        """Remember what to open."""
        self._outputs = outputs
        self._options = options
        self._sinks: Sink | None = None

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Hand the frame on.

        Raises:
            OutputError: a sink cannot be opened or written.
        """
        if self._sinks is None:
            self._sinks = open_sinks(self._outputs, self._options)
        self._sinks.write(frame, tracks)

    def close(self) -> None:
        """Close what was opened; safe to call more than once.

        Raises:
            OutputError: a sink could not finish.
        """
        if self._sinks is not None:
            self._sinks.close()
