"""A live source: a thread that reads, a slot for the newest frame, and reconnection."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import cv2
import numpy as np

from tracker.errors import ConfigError, SourceError
from tracker.image import Image
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.live.slot import Connect, Feed, LiveStats, NewestFrame
from tracker.video.span import Span

_log = logging.getLogger(__name__)

_LOOK_UP = 0.2
"""Seconds after which a consumer that waits looks up whether the source hangs or the run is to end."""
_GRACE = 2.0
"""Seconds that an aborted read, and a thread at the end, is given to come back."""


Listener: TypeAlias = Callable[[Frame], None]
"""Is called with a frame as it arrives."""


@dataclass(frozen=True, slots=True)
class Signal:
    """The state of a live source's signal.

    Attributes:
        silent: seconds since the last picture arrived.
        attempt: which attempt in a row to get the source back is under way; 0 while none is needed.
        attempts: how many there may be.
    """

    silent: float
    attempt: int
    attempts: float

    LOST_AFTER: ClassVar[float] = 1.0
    """Seconds without a picture from which on the signal is lost: slow cameras send one a second."""

    @property
    def lost(self) -> bool:
        """Whether no picture has come for so long that the last one says nothing of now."""
        return self.attempt > 0 or self.silent > self.LOST_AFTER

    @property
    def text(self) -> str:
        """A line that says since when the signal is lost, and what is done about it; "" while it is there."""
        if not self.lost:
            return ""
        told = f"no picture for {self.silent:.0f} s"
        return f"{told}, connecting again ({attempt_text(self.attempt, self.attempts)})" if self.attempt else told


class LiveSource(FrameSource):
    """Hands out the newest frame of a camera or stream, each one once; waits for one where there is none.

    Timestamps are arrival times, counted from the first frame: a gap in the stream is a gap in the timestamps.
    Frame numbers count what arrived, so they jump over frames that were dropped. A connection that breaks or stays
    silent is made anew, as `LivePolicy` says. The size never changes: a stream that changes its own is scaled.
    """

    def __init__(self, name: str, connect: Connect, policy: LivePolicy | None = None, span: Span | None = None) -> None:
        """Connect, and wait for the first picture.

        Args:
            name: short name for messages.
            connect: makes a connection; called by the reading thread, again after each loss.
            policy: time-outs and reconnection.
            span: when to start and end, in seconds or frames from the first one.

        Raises:
            ConfigError: `span` has a stride.
            SourceError: there is no connection, or no picture came in time.
        """
        self._policy = policy or LivePolicy()
        self._span = span or Span()
        if self._span.stride != 1:
            raise ConfigError("a camera or stream has no stride: the newest frame always wins")
        self._name = name
        self._connect = connect
        self._slot = NewestFrame()
        self._sizes = SizeKeeper(name)
        self._guard = threading.Lock()
        self._feed: Feed | None = None
        self._active = time.perf_counter()
        self._limit = self._policy.open_timeout
        self._over = threading.Event()
        self._closed = False
        self._attempt = 0
        self._listeners: tuple[Listener, ...] = ()
        self._listening = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"read {name}", daemon=True)
        self._thread.start()
        self.info = self._first_info()

    @property
    def stats(self) -> LiveStats:
        """What arrived, was handed over and was dropped."""
        return self._slot.stats

    @property
    def age(self) -> float:
        """Seconds since the arrival of the frame that was handed over last, as of now."""
        return self._slot.age

    @property
    def signal(self) -> Signal:
        """How long no picture has come, and what is done about it."""
        return Signal(self._slot.silent, self._attempt, self._policy.reconnects)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Let the reading thread call `listener` with every frame that arrives; the newest one, if it waits, at once.

        What it does delays the frames, and what it raises ends the source: it must be quick, and raise nothing.

        Returns:
            What ends it; when that has returned, the listener is called no more.
        """
        with self._listening:
            self._listeners = (*self._listeners, listener)
            waiting = self._slot.waiting
            if waiting is not None:
                listener(waiting)

        def end() -> None:
            with self._listening:
                self._listeners = tuple(other for other in self._listeners if other is not listener)

        return end

    def __iter__(self) -> Iterator[Frame]:
        """Yield the newest frame whenever one is asked for, until the source is closed or stopped.

        Raises:
            SourceError: the source is closed, or it was lost and did not come back.
        """
        if self._closed:
            raise SourceError(f"{self._name} is closed: open it again")
        while not self._over.is_set():
            frame = self._next(_LOOK_UP)
            if frame is None:
                continue
            if self._span.ends_at(frame.index, frame.timestamp):
                return
            if self._span.starts_at(frame.index, frame.timestamp):
                yield frame

    def poll(self, timeout: float) -> Frame | None:
        """Return the newest frame not yet handed over; None where none came within `timeout` seconds.

        For programs with a loop of their own; `start` and `end` do not matter here.

        Raises:
            SourceError: the source is closed, was lost and did not come back, or hangs.
        """
        if self._closed:
            raise SourceError(f"{self._name} is closed: open it again")
        return self._next(timeout)

    def _next(self, timeout: float) -> Frame | None:
        frame = self._slot.take(timeout)
        if frame is None:
            self.watch()
        return frame

    def stop(self) -> None:
        """End the iteration, even one that waits; from any thread or signal handler."""
        self._over.set()

    def close(self) -> None:
        """Break the connection and end the thread."""
        self._over.set()
        if self._closed:
            return
        self._closed = True
        self._abort()
        self._thread.join(_GRACE)
        if self._thread.is_alive():
            _log.warning("%s hangs in its driver and is left behind: unplug it, or end the program", self._name)

    def _first_info(self) -> SourceInfo:
        try:
            deadline = time.perf_counter() + self._policy.open_timeout
            while (frame := self._slot.peek(_LOOK_UP)) is None:
                if time.perf_counter() > deadline:
                    seconds = self._policy.open_timeout
                    raise SourceError(
                        f"{self._name} gave no picture within {seconds:g} s: check that it is on and the address right"
                    )
        except BaseException:
            self.close()
            raise
        with self._guard:
            fps = self._feed.fps if self._feed else None
        height, width = frame.image.shape[:2]
        return SourceInfo(self._name, width, height, fps, None, live=True)

    def watch(self) -> None:
        """Break a connection that has been silent for too long; the reading thread then makes another.

        Iterating and `poll` do so; a program that does neither for a while, at a pause, calls it now and then.

        Raises:
            SourceError: the source hangs.
        """
        silent = time.perf_counter() - self._active
        if silent > self._limit:
            self._abort()
        if silent > self._limit + _GRACE:
            raise SourceError(f"{self._name} hangs and cannot be interrupted: unplug it and plug it in again")

    def _abort(self) -> None:
        with self._guard:
            if self._feed is not None:
                self._feed.abort()

    def _run(self) -> None:
        attempt = 0
        while True:
            before = self._slot.stats.received
            failure = self._read_until_lost()
            if self._over.is_set():
                return
            received = self._slot.stats.received
            self._attempt = attempt = 1 if received > before else attempt + 1
            if not received or attempt > self._policy.reconnects:
                self._slot.fail(self._final(failure, attempt - 1))
                return
            _log.warning("%s; connecting again (%s)", failure, attempt_text(attempt, self._policy.reconnects))
            pause = self._policy.pause(attempt)
            self._expect(self._policy.open_timeout + pause)
            self._over.wait(pause)

    def _read_until_lost(self) -> SourceError:
        """Connect and read; return why it ended."""
        self._expect(self._policy.open_timeout)
        try:
            feed = self._connect()
        except SourceError as error:
            return error
        try:
            with self._guard:
                self._feed = feed
            if not self._over.is_set():
                self._pump(feed)
            return SourceError(f"{self._name} is closed")
        except SourceError as error:
            return error
        finally:
            with self._guard:
                self._feed = None
            feed.close()

    def _pump(self, feed: Feed) -> None:
        warm = time.perf_counter() + feed.warm_up
        image = feed.read()
        if self._slot.stats.received:
            self._slot.reconnected()
        while not self._over.is_set():
            self._expect(self._policy.read_timeout)
            if time.perf_counter() >= warm:
                self._attempt = 0
                fitted = self._sizes.fit(image)
                with self._listening:
                    frame = self._slot.put(fitted)
                    for listener in self._listeners:
                        listener(frame)
            image = feed.read()

    def _expect(self, seconds: float) -> None:
        """Note that something has just happened, and the next thing should within `seconds`."""
        self._active, self._limit = time.perf_counter(), seconds

    def _final(self, failure: SourceError, attempts: int) -> SourceError:
        if not attempts:
            return failure
        return SourceError(f"{failure}; {attempts} attempts to get it back failed: check the source and the network")


def attempt_text(attempt: int, attempts: float) -> str:
    """Return which attempt of how many it is; there may be no end to them."""
    return f"{attempt} of {attempts:g}" if math.isfinite(attempts) else f"attempt {attempt}"


class SizeKeeper:
    """Scales pictures to the size of the first one, since boxes and targets are in its pixels."""

    def __init__(self, name: str) -> None:
        """Speak of the stream as `name`."""
        self._name = name
        self._size: tuple[int, int] | None = None
        self._told: tuple[int, int] | None = None

    def fit(self, image: Image) -> Image:
        """Return the picture at the first size; each other size is spoken of once, when it begins."""
        size = image.shape[1], image.shape[0]
        if self._size is None:
            self._size = size
        if size == self._size:
            self._told = None
            return image
        if size != self._told:
            self._told = size
            _log.warning("%s changed its size to %dx%d: scaled to %dx%d", self._name, *size, *self._size)
        return np.asarray(cv2.resize(image, self._size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """Time-outs and reconnection of a camera or stream.

    Attributes:
        open_timeout: seconds from the attempt to connect until the first picture.
        read_timeout: seconds between two pictures.
        reconnects: attempts in a row to get a lost source back; 0 for none, infinite for ever.
        first_pause: seconds before the second attempt in a row; it doubles from there.
        longest_pause: seconds that a pause grows to.

    Raises:
        ConfigError: a time is negative or not finite, a time-out is zero, or `reconnects` is negative.
    """

    open_timeout: float = 10.0
    read_timeout: float = 5.0
    reconnects: float = 30
    first_pause: float = 0.5
    longest_pause: float = 2.0

    def __post_init__(self) -> None:
        for name in ("open_timeout", "read_timeout", "first_pause", "longest_pause"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0 or (value == 0 and name.endswith("timeout")):
                raise ConfigError(f"{name} {value} is not possible: give seconds above 0")
        if not self.reconnects >= 0:
            raise ConfigError(f"reconnects {self.reconnects} is not possible: give 0 for none, or how many in a row")

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait before the `attempt`-th try in a row to connect again (1 is the first).

        The first one comes at once, as most losses are short.
        """
        if attempt <= 1:
            return 0.0
        return min(self.first_pause * 2.0 ** min(attempt - 2, 32), self.longest_pause)
