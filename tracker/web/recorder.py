"""The annotated video of what is seen, while it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from tracker.errors import OutputError
from tracker.output.base import Sink
from tracker.output.video_file import VideoFileSink
from tracker.tracking.result import Track
from tracker.video.base import Frame

_log = logging.getLogger(__name__)

_EVERY = 64
"""Frames between two looks at the size of the file."""


class Recorder:
    """Writes an annotated video while it is started.

    Attributes:
        name: of the file that is being written, "" for none.
        note: why the last recording ended by itself, "" where it did not.
    """

    def __init__(self, most: int = 2**30) -> None:
        """Begin without a file; end one that has grown to `most` bytes."""
        self._sink: Sink | None = None
        self._path = Path()
        self._last, self._count = -1, 0
        self.most = most
        self.name = self.note = ""

    def start(self, path: Path, fps: float) -> None:
        """Write to `path` from here on.

        Raises:
            OutputError: it cannot be written.
        """
        self.stop()
        self._sink, self._last, self._count = VideoFileSink(path, fps), -1, 0
        self._path, self.name, self.note = path, path.name, ""

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take one frame, once; a file that cannot be written any further, or is full, ends the recording."""
        if self._sink is None or frame.index == self._last:
            return
        self._last = frame.index
        self._count += 1
        try:
            self._sink.write(frame, tracks)
        except OutputError as error:
            self._end(f"the recording ended: {error}")
            return
        if self._count % _EVERY == 0 and self._path.exists() and self._path.stat().st_size > self.most:
            self._end(f"the recording ended: it has grown to {self.most >> 20} MiB, start another one")

    def stop(self) -> None:
        """Finish the file; what is in it can be played whatever happens."""
        sink, self._sink, self.name = self._sink, None, ""
        if sink is not None:
            try:
                sink.close()
            except OutputError as error:
                self.note = f"the recording is not complete: {error}"
                _log.warning("%s", self.note)

    def _end(self, reason: str) -> None:
        _log.warning("%s", reason)
        self.stop()
        self.note = reason
