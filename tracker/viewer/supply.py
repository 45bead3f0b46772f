"""Where the player's frames come from, and when."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass

from tracker.errors import SourceError
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.clock import Clock
from tracker.video.live.source import LiveSource
from tracker.video.seekable import Seekable

_GLANCE = 0.02
"""Seconds to wait for a live frame before the window is looked after again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether something that was asked for was done, and what to tell the person."""

    done: bool
    text: str


class Supply(ABC):
    """Frames one by one, without keeping a window waiting.

    Attributes:
        source: what they are read from, for the session to close.
        ended: whether nothing more will come.
    """

    source: FrameSource
    ended: bool = False

    @property
    def info(self) -> SourceInfo:
        """What is known of the source."""
        return self.source.info

    @abstractmethod
    def wait(self) -> float:
        """Return the seconds that may go into something else before `take` should be called."""

    @abstractmethod
    def take(self, *, at_once: bool = False) -> Frame | None:
        """Return the next frame; None where there is none yet or none any more.

        Args:
            at_once: do not wait until it is due.

        Raises:
            SourceError: the source cannot be read any further.
        """

    def restart(self) -> None:  # noqa: B027 - live frames are not paced
        """Count time anew, after a pause."""

    def status(self) -> str:
        """Return what is to be said of the supply in the caption."""
        return ""

    def faster(self) -> Outcome:
        """Play faster."""
        return Outcome(False, "a live source has its own pace")

    def slower(self) -> Outcome:
        """Play slower."""
        return self.faster()

    def seek(self, seconds: float) -> Outcome:
        """Go to a time."""
        return Outcome(False, "a live source has no past and no future")


class LiveSupply(Supply):
    """The newest frame of a camera or stream."""

    def __init__(self, source: LiveSource) -> None:
        """Take frames from `source`."""
        self.source: LiveSource = source

    def wait(self) -> float:
        """Frames are waited for in `take`, which is where they arrive."""
        return 0.0

    def take(self, *, at_once: bool = False) -> Frame | None:
        """Return the newest frame not yet taken."""
        return self.source.poll(_GLANCE)

    def status(self) -> str:
        """Return the age of the frame when it was taken, and how many had to be dropped."""
        stats = self.source.stats
        lost = f"   reconnected {stats.reconnects}" if stats.reconnects else ""
        return f"age {1000 * stats.age:.0f} ms   dropped {stats.dropped}{lost}"


class FileSupply(Supply):
    """The frames of a recording, each when it is due."""

    def __init__(self, source: Seekable, clock: Clock) -> None:
        """Take frames from `source` at the pace of `clock`."""
        self.source: Seekable = source
        self._clock = clock
        self._frames = iter(source)
        self._ahead: Frame | None = None

    def wait(self) -> float:
        """Return the seconds until the next frame is due; decodes it."""
        if self._ahead is None:
            self._ahead = next(self._frames, None)
            self.ended = self._ahead is None
        return 0.0 if self._ahead is None else self._clock.wait(self._ahead.timestamp, time.perf_counter())

    def take(self, *, at_once: bool = False) -> Frame | None:
        """Return the next frame if it is due."""
        if self.wait() > 0 and not at_once:
            return None
        frame, self._ahead = self._ahead, None
        return frame

    def restart(self) -> None:
        """Let the next frame be due at once."""
        self._clock.restart()

    def status(self) -> str:
        """Return the speed where it is not the true one."""
        return "" if self._clock.speed == 1.0 else f"speed {_speed_text(self._clock.speed)}"

    def faster(self) -> Outcome:
        """Double the speed."""
        self._clock.faster()
        return Outcome(True, f"speed {_speed_text(self._clock.speed)}")

    def slower(self) -> Outcome:
        """Halve the speed."""
        self._clock.slower()
        return Outcome(True, f"speed {_speed_text(self._clock.speed)}")

    def seek(self, seconds: float) -> Outcome:
        """Go to the first frame at or after a time."""
        try:
            self.source.seek(seconds)
        except SourceError:
            return Outcome(False, f"there is nothing at {seconds:.1f} s")
        self._frames = iter(self.source)
        self._ahead, self.ended = None, False
        self._clock.restart()
        return Outcome(True, f"at {max(0.0, seconds):.1f} s")


def _speed_text(speed: float) -> str:
    if not speed:
        return "as fast as it goes"
    return f"x{speed:g}" if speed >= 1 else f"x1/{round(1 / speed)}"
