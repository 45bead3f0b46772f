"""A recording that jumps by opening itself again, at once or beside the loop that shows it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from tracker.errors import SourceError
from tracker.video.background import BackgroundJob
from tracker.video.base import Frame, FrameSource

Reopen: TypeAlias = Callable[[float], FrameSource]
"""Opens a recording again at a time in seconds."""

_GRACE = 0.3
"""Seconds that a jump which was canceled is given to end when the recording is closed."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A recording that was opened again elsewhere: its first frame there, and those after it."""

    source: FrameSource
    first: Frame
    frames: Iterator[Frame]


class Seekable(FrameSource):
    """A recording that jumps by opening itself again: a reader that has begun cannot be turned back."""

    def __init__(self, source: FrameSource, reopen: Reopen) -> None:
        """Take over the opened recording, and what opens it again elsewhere."""
        self._reopen = reopen
        self._source = source
        self._frames = iter(self._source)
        self._seekings: set[Seeking] = set()
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
        self.adopt(self.begin(seconds).result())

    def begin(self, seconds: float) -> Seeking:
        """Begin to look for the first frame at or after a time in a thread; what it leads to is for `adopt`."""
        self._seekings = {seeking for seeking in self._seekings if not seeking.done}
        seeking = Seeking(self._reopen, max(0.0, seconds), self.info.name)
        self._seekings.add(seeking)
        return seeking

    def adopt(self, jump: Jump) -> None:
        """Go on where a jump leads."""
        self._bad_before = self.bad_frames
        self._source.close()
        self._source, self._frames = jump.source, chain([jump.first], jump.frames)

    def stop(self) -> None:
        """See `FrameSource.stop`; jumps that are under way end, too."""
        self._source.stop()
        for seeking in list(self._seekings):
            seeking.cancel()

    def close(self) -> None:
        """Close the recording; jumps that are under way come to nothing."""
        seekings = list(self._seekings)
        for seeking in seekings:
            seeking.cancel()
        for seeking in seekings:  # a decoder at work when the process ends would take it down
            seeking.wait(_GRACE)
        self._source.close()


class Seeking:
    """A jump under way in a thread of its own, which touches nothing that reading uses.

    One that is canceled ends within a frame's decoding, wherever it is.
    """

    def __init__(self, reopen: Reopen, seconds: float, name: str) -> None:
        """Begin to look for the first frame at or after `seconds` of the recording of that name."""
        self.seconds = seconds
        self._reopen, self._name = reopen, name
        self._source: FrameSource | None = None
        self._job = BackgroundJob("seek", self._prepare, lambda jump: jump.source.close())

    @property
    def done(self) -> bool:
        """Whether `result` returns at once."""
        return self._job.done

    def result(self) -> Jump:
        """Wait for the end and return where the jump leads, once.

        Raises:
            SourceError: there is no frame, or the jump was canceled.
        """
        try:
            return self._job.result()
        except CancelledError as error:
            raise SourceError(f"the jump to {self.seconds:.1f} s of {self._name} was canceled") from error

    def cancel(self) -> None:
        """Let the jump lead nowhere; does not wait. One that is done and was not asked for its result is closed."""
        self._job.cancel()
        source = self._source
        if source is not None:
            source.stop()

    def wait(self, seconds: float) -> None:
        """Wait for the end, no longer than so many seconds."""
        self._job.wait(seconds)

    def _prepare(self, canceled: threading.Event) -> Jump:
        source = self._source = self._reopen(self.seconds)
        try:
            if canceled.is_set():  # before there was anything to stop
                source.stop()
            frames = iter(source)
            first = next(frames, None)
            if first is None:
                raise SourceError(f"{self._name} has no frame at {self.seconds:.1f} s: it ends before")
        except BaseException:
            source.close()
            raise
        return Jump(source, first, frames)
