"""Playing a source: pace, speed, pause, single steps and jumps, without keeping its user waiting."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from tracker.errors import ConfigError, SourceError
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.live.source import LiveSource
from tracker.video.recording import DEFAULT_FPS

SLOWEST, FASTEST = 1 / 16, 16.0
"""How far `Playback.faster` and `slower` go, in times the true speed."""
_LATE = 0.5
"""Seconds of delay that are not caught up with: a slow machine plays slowly rather than in jerks."""
_OLD = 10.0
"""Seconds from which on the age of a frame is told in seconds."""
_READ_ON = 2.0
"""Seconds ahead up to which frames are read instead of the recording being opened again."""
_TOLERANCE = 1e-3
"""Seconds by which a frame may be early and still be at the time that was asked for: containers store milliseconds."""
_LIVE_TIMEOUT = 0.02
"""Seconds to wait for a live frame before the user gets its turn again."""

Reopen: TypeAlias = Callable[[float], FrameSource]
"""Opens a recording again at a time in seconds."""


@dataclass(frozen=True, slots=True)
class SeekResult:
    """Whether a change of place or speed was made, and a line that says so or why not."""

    done: bool
    text: str


def check_speed(speed: float) -> float:
    """Return a speed that is possible, in times the true one; 0 is as fast as it goes.

    Raises:
        ConfigError: the speed is negative or not finite.
    """
    if not math.isfinite(speed) or speed < 0:
        raise ConfigError(f"speed {speed} is not possible: 1 is the true speed, 0 as fast as it goes")
    return speed


class Clock:
    """Paces frames by their timestamps at a speed; 0 is as fast as it goes."""

    def __init__(self, speed: float = 1.0) -> None:
        """Begin with the first frame that is asked about.

        Raises:
            ConfigError: the speed is negative or not finite.
        """
        self.speed = check_speed(speed)
        self._zero: tuple[float, float] | None = None

    def restart(self) -> None:
        """Count anew from the next frame, after a pause or a jump."""
        self._zero = None

    def wait(self, timestamp: float, now: float) -> float:
        """Return the seconds from `now` until the frame of `timestamp` is due, ≥ 0."""
        if not self.speed:
            return 0.0
        if self._zero is None:
            self._zero = timestamp, now
        due = self._zero[1] + (timestamp - self._zero[0]) / self.speed
        if now - due > _LATE:
            self._zero = timestamp, now
        return max(0.0, due - now)


@dataclass(frozen=True, slots=True)
class Jump:
    """A recording that was opened again elsewhere: its first frame there, and those after it."""

    source: FrameSource
    first: Frame
    frames: Iterator[Frame]


class Seekable(FrameSource):
    """A recording that jumps by opening itself again: seeking is not reliable in FFmpeg, decoding forward is."""

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
        self.adopt(self.prepare(seconds))

    def prepare(self, seconds: float) -> Jump:
        """Return what `adopt` takes; touches nothing that reading uses, so that another thread may do it.

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
        return Jump(source, first, frames)

    def adopt(self, jump: Jump) -> None:
        """Go on where a jump leads."""
        self._bad_before = self.bad_frames
        self._source.close()
        self._source, self._frames = jump.source, chain([jump.first], jump.frames)

    def stop(self) -> None:
        """See `FrameSource.stop`."""
        self._source.stop()

    def close(self) -> None:
        """Close the recording."""
        self._source.close()


class Playback(ABC):
    """Hands out the frames of one source when they are due.

    Attributes:
        source: the source, to be closed by the owner of the playback.
        ended: whether no more frames will come.
    """

    source: FrameSource
    ended: bool = False

    @property
    def info(self) -> SourceInfo:
        """What is known of the source."""
        return self.source.info

    @property
    def speed(self) -> float:
        """Speed in times the true one; 0 is as fast as it goes."""
        return 1.0

    @abstractmethod
    def wait(self) -> float:
        """Return the seconds that may go into something else before `next` has a frame.

        Raises:
            SourceError: the source cannot be read any further.
        """

    @abstractmethod
    def next(self, *, at_once: bool = False) -> Frame | None:
        """Return the next frame; None where none is due yet (unless `at_once`), or there is none any more.

        Raises:
            SourceError: the source cannot be read any further.
        """

    def restart(self) -> None:  # noqa: B027 - live frames are not paced
        """Go on after a pause: the next frame is due at once."""

    def set_speed(self, speed: float) -> None:
        """Play at so many times the true speed; 0 is as fast as it goes. A live source has its own pace.

        Raises:
            ConfigError: the speed is negative or not finite.
        """
        check_speed(speed)

    def faster(self) -> SeekResult:
        """Double the speed."""
        return SeekResult(False, "a live source has its own pace")

    def slower(self) -> SeekResult:
        """Halve the speed."""
        return self.faster()

    def seek(self, seconds: float) -> SeekResult:
        """Go to the first frame at or after a time from the start."""
        return SeekResult(False, "a live source has no past and no future")

    @abstractmethod
    def return_to(self, frame: Frame) -> None:
        """Let the frame after `frame` be the next one, where the source has a past."""

    @abstractmethod
    def status(self) -> str:
        """Return a line about pace and losses, "" where there is nothing to say."""

    def watch(self) -> None:  # noqa: B027 - a recording waits as long as it takes
        """Do what a live source needs now and then while no frame is asked for.

        Raises:
            SourceError: the source hangs.
        """

    @property
    def outage(self) -> str:
        """A line that says since when a live source has been silent; "" while pictures come, and for recordings."""
        return ""


class LivePlayback(Playback):
    """Hands out the newest frame of a camera or stream."""

    source: LiveSource

    def __init__(self, source: LiveSource) -> None:
        """Take frames from `source`."""
        self.source = source

    def wait(self) -> float:
        """Return 0: frames are waited for in `next`, which is where they arrive."""
        return 0.0

    def next(self, *, at_once: bool = False) -> Frame | None:
        """Return the newest frame that was not returned yet; None where none comes within moments."""
        return self.source.poll(_LIVE_TIMEOUT)

    def return_to(self, frame: Frame) -> None:
        """Do nothing: the next frame is the newest."""

    def status(self) -> str:
        """Return how old the frame is by now, and how many had to be dropped."""
        stats, age = self.source.stats, self.source.age
        lost = f"   reconnected {stats.reconnects}" if stats.reconnects else ""
        shown = f"{1000 * age:.0f} ms" if age < _OLD else f"{age:.0f} s"
        return f"age {shown}   dropped {stats.dropped}{lost}"

    def watch(self) -> None:
        """Let a connection that is silent for too long be made anew."""
        self.source.watch()

    @property
    def outage(self) -> str:
        """See `Playback.outage`."""
        return self.source.signal.text


class RecordingPlayback(Playback):
    """Hands out the frames of a recording at a pace."""

    source: Seekable

    def __init__(self, source: Seekable, speed: float = 1.0) -> None:
        """Take frames from `source`.

        Raises:
            ConfigError: the speed is negative or not finite.
        """
        self.source = source
        self._clock = Clock(speed)
        self._frames = iter(source)
        self._ahead: Frame | None = None
        self._time = -math.inf

    @property
    def speed(self) -> float:
        """See `Playback.speed`."""
        return self._clock.speed

    def wait(self) -> float:
        """Return the seconds until the next frame is due; decodes it."""
        if self._ahead is None:
            self._ahead = next(self._frames, None)
            self.ended = self._ahead is None
        return 0.0 if self._ahead is None else self._clock.wait(self._ahead.timestamp, time.perf_counter())

    def next(self, *, at_once: bool = False) -> Frame | None:
        """See `Playback.next`."""
        if self.wait() > 0 and not at_once:
            return None
        frame, self._ahead = self._ahead, None
        if frame is not None:
            self._time = frame.timestamp
        return frame

    def restart(self) -> None:
        """See `Playback.restart`."""
        self._clock.restart()

    def set_speed(self, speed: float) -> None:
        """See `Playback.set_speed`."""
        self._clock = Clock(speed)

    def faster(self) -> SeekResult:
        """Double the speed, up to `FASTEST`."""
        return self._go_at(self.speed * 2 if self.speed else FASTEST)

    def slower(self) -> SeekResult:
        """Halve the speed, down to `SLOWEST`."""
        return self._go_at(self.speed / 2 if self.speed else FASTEST)

    def seek(self, seconds: float) -> SeekResult:
        """See `Playback.seek`."""
        try:
            self.adopt(self.source.prepare(seconds))
        except SourceError:
            return SeekResult(False, f"there is nothing at {seconds:.1f} s")
        return SeekResult(True, f"at {max(0.0, seconds):.1f} s")

    def read_on(self, seconds: float) -> bool:
        """Go to the first frame at or after a time by reading on, where it is near; return whether that was done."""
        if self.ended or not 0 < seconds - self._time <= _READ_ON:
            return False
        self._clock.restart()
        while self._ahead is None or self._ahead.timestamp < seconds - _TOLERANCE:
            self._ahead = None
            self.wait()
            if self._ahead is None:
                return False
        return True

    def prepare(self, seconds: float) -> Jump:
        """Return what `adopt` takes; may be called in another thread while this one goes on.

        Raises:
            SourceError: there is nothing at this time.
        """
        return self.source.prepare(seconds)

    def adopt(self, jump: Jump) -> None:
        """Go on where a jump leads."""
        self.source.adopt(jump)
        self._frames = iter(self.source)
        self._ahead, self.ended = None, False
        self._clock.restart()

    def return_to(self, frame: Frame) -> None:
        """Let the frame after `frame` be the next one."""
        half_a_frame = 0.5 / (self.info.fps or DEFAULT_FPS)
        self.seek(frame.timestamp + half_a_frame)

    def status(self) -> str:
        """Return the speed where it is not the true one."""
        return "" if self.speed == 1.0 else f"speed {_speed_text(self.speed)}"

    def _go_at(self, speed: float) -> SeekResult:
        self.set_speed(min(max(speed, SLOWEST), FASTEST))
        return SeekResult(True, f"speed {_speed_text(self.speed)}")


def playback_of(source: FrameSource, reopen: Reopen, speed: float = 1.0) -> Playback:
    """Return the playback of an opened source.

    Args:
        source: a camera, a stream or a recording.
        reopen: opens it again at a time in seconds; not called for a camera or stream.
        speed: of a recording, in times the true speed; 0 is as fast as it goes.

    Raises:
        ConfigError: the speed is negative or not finite.
    """
    if isinstance(source, LiveSource):
        return LivePlayback(source)
    return RecordingPlayback(Seekable(source, reopen), speed)


def _speed_text(speed: float) -> str:
    if not speed:
        return "as fast as it goes"
    return f"x{speed:g}" if speed >= 1 else f"x1/{round(1 / speed)}"
