"""Recording what is seen, from a press of the button to the next one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from tracker.errors import OutputError
from tracker.output.base import Sink, Track
from tracker.output.video_file import VideoFileSink
from tracker.video.base import Frame

_log = logging.getLogger(__name__)


class Recorder:
    """Writes an annotated video while it is started.

    Attributes:
        name: of the file that is being written, "" for none.
    """

    def __init__(self) -> None:
        """Begin without a file."""
        self._sink: Sink | None = None
        self._last = -1
        self.name = ""

    def start(self, path: Path, fps: float) -> None:
        """Write to `path` from here on.

        Raises:
            OutputError: it cannot be written.
        """
        self.stop()
        self._sink, self._last, self.name = VideoFileSink(path, fps), -1, path.name

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take one frame, once; a file that cannot be written any further ends the recording."""
        if self._sink is None or frame.index == self._last:
            return
        self._last = frame.index
        try:
            self._sink.write(frame, tracks)
        except OutputError as error:
            _log.warning("the recording ends: %s", error)
            self.stop()

    def stop(self) -> None:
        """Finish the file; what is in it can be played whatever happens."""
        sink, self._sink, self.name = self._sink, None, ""
        if sink is not None:
            try:
                sink.close()
            except OutputError as error:
                _log.warning("the recording is not complete: %s", error)
