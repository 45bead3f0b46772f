"""Playing a source: pace, speed, pause, single steps and jumps, without keeping its user waiting."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass

from tracker.errors import ConfigError, SourceError
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.live.source import LiveSource
from tracker.video.recording import DEFAULT_FPS
from tracker.video.seekable import Jump, Reopen, Seekable, Seeking

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
        """Go to the first frame at or after a time from the start, and wait for it."""
        begun = self.begin_seek(seconds)
        return self.arrive() if begun.done else begun

    def begin_seek(self, seconds: float) -> SeekResult:
        """Begin to go to the first frame at or after a time from the start; the newest order wins.

        Until `sought` returns something, frames come from where they came before.
        """
        return SeekResult(False, "a live source has no past and no future")

    def sought(self) -> SeekResult | None:
        """Return how a jump has ended, once, and go on from there; None while it is under way, and without one."""
        return None

    def arrive(self) -> SeekResult:
        """Wait until the jump under way has ended, and return how."""
        return SeekResult(False, "no jump is under way")

    @property
    def seeking(self) -> float | None:
        """The time in seconds that a jump under way leads to; None without one."""
        return None

    def cancel_seek(self) -> None:  # noqa: B027 - live frames cannot be jumped to
        """Let the jump under way lead nowhere."""

    def begin_return(self, frame: Frame) -> None:  # noqa: B027 - the next live frame is the newest
        """Begin to let the frame after `frame` be the next one, as `begin_seek` does, where the source has a past."""

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
        self._seeking: Seeking | None = None

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

    def begin_seek(self, seconds: float) -> SeekResult:
        """See `Playback.begin_seek`."""
        self.cancel_seek()
        self._seeking = self.source.begin(seconds)
        return SeekResult(True, f"jumping to {self._seeking.seconds:.1f} s ...")

    def sought(self) -> SeekResult | None:
        """See `Playback.sought`."""
        return self.arrive() if self._seeking is not None and self._seeking.done else None

    def arrive(self) -> SeekResult:
        """See `Playback.arrive`."""
        seeking, self._seeking = self._seeking, None
        if seeking is None:
            return super().arrive()
        try:
            self.adopt(seeking.result())
        except SourceError:
            return SeekResult(False, f"there is nothing at {seeking.seconds:.1f} s")
        return SeekResult(True, f"at {seeking.seconds:.1f} s")

    @property
    def seeking(self) -> float | None:
        """See `Playback.seeking`."""
        return None if self._seeking is None else self._seeking.seconds

    def cancel_seek(self) -> None:
        """See `Playback.cancel_seek`."""
        if self._seeking is not None:
            self._seeking.cancel()
            self._seeking = None

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

    def adopt(self, jump: Jump) -> None:
        """Go on where a jump leads."""
        self.source.adopt(jump)
        self._frames = iter(self.source)
        self._ahead, self.ended = None, False
        self._clock.restart()

    def begin_return(self, frame: Frame) -> None:
        """See `Playback.begin_return`."""
        half_a_frame = 0.5 / (self.info.fps or DEFAULT_FPS)
        self.begin_seek(frame.timestamp + half_a_frame)

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
