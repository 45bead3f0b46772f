"""What was found so far, for exports."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tracker.output.base import Sink
from tracker.output.registry import Output, SinkOptions, open_sinks
from tracker.tracking.result import Track
from tracker.video.base import Frame, FrameSource

_LONGEST = 100_000
"""Frames that are remembered: more than an hour at 25 per second."""
_NO_PICTURE = np.zeros((1, 1, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class LoggedFrame:
    """One frame's time in seconds and its targets, without picture and densities."""

    index: int
    timestamp: float
    tracks: tuple[Track, ...]

    @property
    def frame(self) -> Frame:
        """The frame, as sinks of text want it."""
        return Frame(_NO_PICTURE, self.index, self.timestamp)


class ResultLog:
    """Remembers each frame's targets; a frame that is gone through again replaces what was found before."""

    def __init__(self, longest: int = _LONGEST) -> None:
        """Remember so many frames, the newest."""
        self._entries: OrderedDict[int, LoggedFrame] = OrderedDict()
        self._longest = longest

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Take note of one frame, if there is a target in it."""
        if not tracks:
            self._entries.pop(frame.index, None)
            return
        bare = tuple(replace(track, density=None) for track in tracks)
        self._entries[frame.index] = LoggedFrame(frame.index, frame.timestamp, bare)
        if len(self._entries) > self._longest:
            self._entries.popitem(last=False)

    def entries(self) -> tuple[LoggedFrame, ...]:
        """Return all frames in the order of the source."""
        return tuple(sorted(self._entries.values(), key=lambda entry: entry.index))


def write_table(entries: Sequence[LoggedFrame], kind: str, path: Path) -> None:
    """Write the entries to a file by one of the text sinks of `tracker.output.registry.SINKS`.

    Raises:
        OutputError: the file cannot be written.
    """
    with open_sinks([Output(kind, str(path))], SinkOptions()) as sink:
        for entry in entries:
            sink.write(entry.frame, entry.tracks)


def write_video(entries: Sequence[LoggedFrame], source: FrameSource, sink: Sink) -> None:
    """Draw the entries on the frames of the source they are of, from the first to the last one.

    Raises:
        SourceError: the source cannot be read.
        OutputError: the video cannot be written.
    """
    found = {entry.index: entry.tracks for entry in entries}
    with source, sink:
        for frame in _between(source, min(found), max(found)):
            sink.write(frame, found.get(frame.index, ()))


def _between(source: FrameSource, first: int, last: int) -> Iterator[Frame]:
    for frame in source:
        if frame.index > last:
            return
        if frame.index >= first:
            yield frame
