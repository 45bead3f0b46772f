"""A recording that can be jumped about in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeAlias

from tracker.errors import SourceError
from tracker.video.base import Frame, FrameSource

Reopen: TypeAlias = Callable[[float], FrameSource]
"""Opens the recording again at a time in seconds."""


class Seekable(FrameSource):
    """Jumps by opening the recording again: seeking is not reliable in FFmpeg, decoding forward is."""

    def __init__(self, source: FrameSource, reopen: Reopen) -> None:
        """Take over the opened recording, and what opens it again elsewhere."""
        self._reopen = reopen
        self._source = source
        self._frames = iter(self._source)
        self.info = self._source.info
        self.bad_frames = 0
        self._bad_before = 0

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order from where the last jump went; a jump takes effect with the next frame.

        Raises:
            SourceError: the recording cannot be read any further.
        """
        while (frame := next(self._frames, None)) is not None:
            self.bad_frames = self._bad_before + self._source.bad_frames
            yield frame

    def seek(self, seconds: float) -> None:
        """Go on with the first frame at or after a time from the start; where there is none, nothing changes.

        Raises:
            SourceError: there is no frame.
        """
        source = self._reopen(max(0.0, seconds))
        try:
            frames = iter(source)
            first = next(frames, None)
            if first is None:
                raise SourceError(f"{self.info.name} has no frame at {seconds:.1f} s: it ends before")
        except BaseException:
            source.close()
            raise
        self._bad_before = self.bad_frames
        self._source.close()
        self._source, self._frames = source, chain([first], frames)

    def stop(self) -> None:
        """See `FrameSource.stop`."""
        self._source.stop()

    def close(self) -> None:
        """Close the recording."""
        self._source.close()
