"""A stretch of a recording that one target is tracked through again, beside the service."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, replace

import numpy as np

from tracker.geometry import Box
from tracker.tracking.result import TrackResult
from tracker.tracking.tracker import Tracker
from tracker.video.background import BackgroundJob
from tracker.video.base import Frame
from tracker.video.sources import SourceSpec, open_source

_BARE = np.zeros((1, 1, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a stretch begins.

    Attributes:
        index: the number of the frame.
        box: where the target is in it; None where the tracker knows it already.
    """

    index: int
    box: Box | None = None


class Stretch:
    """Tracks one target alone from one frame to another. What was found can be taken while it goes on.

    Attributes:
        target: its number.
        until: the number of the last frame.
        key: whether a key frame follows on the last one, so that the target has its box there already.
        tracker: follows it; to be touched by others only once `done`.
        at: the number of the frame that was reached.
        last: the last frame, once it is done; None where there was none.
    """

    def __init__(
        self, spec: SourceSpec, target: int, tracker: Tracker, begin: Beginning, until: int, *, key: bool
    ) -> None:
        """Wait for `start`; `tracker` has been started in the frame where it begins unless that has a box."""
        self.target, self.until, self.key = target, until, key
        self.tracker = tracker
        self.at = begin.index
        self.last: Frame | None = None
        self._spec, self._begin = spec, begin
        self._found: queue.SimpleQueue[tuple[Frame, TrackResult]] = queue.SimpleQueue()
        self._job: BackgroundJob[None] | None = None

    def start(self) -> None:
        """Begin, once."""
        if self._job is None:
            self._job = BackgroundJob(f"track {self.target} again", self._follow, lambda _: None)

    @property
    def done(self) -> bool:
        """Whether it has come to its end."""
        return self._job is not None and self._job.done

    def check(self) -> None:
        """Raise what ended a stretch that is done."""
        if self._job is not None:
            self._job.result()

    def cancel(self) -> None:
        """End it; what was found stays."""
        if self._job is not None:
            self._job.cancel()

    def take(self) -> list[tuple[Frame, TrackResult]]:
        """Return what was found since the last call, frames without their pictures."""
        return [self._found.get_nowait() for _ in range(self._found.qsize())]

    def _follow(self, canceled: threading.Event) -> None:
        box = self._begin.box
        with open_source(self._spec, start=self._begin.index + (box is None)) as source:
            for frame in source:
                if canceled.is_set() or frame.index > self.until:
                    return
                if box is not None:
                    self.tracker.init(frame.image, box)
                    box = None
                else:
                    result = self.tracker.update(frame.image, frame.timestamp)
                    self._found.put((replace(frame, image=_BARE), result))
                self.at, self.last = frame.index, frame
                if frame.index == self.until:
                    return
