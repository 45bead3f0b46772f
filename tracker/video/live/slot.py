"""Where a reader thread leaves the newest frame."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tracker.errors import SourceError
from tracker.image import Image
from tracker.video.base import Frame


@dataclass(frozen=True, slots=True)
class LiveStats:
    """How a live source is doing.

    Attributes:
        received: pictures that came in.
        delivered: frames handed over.
        dropped: frames that a newer one replaced before they were taken.
        waits: times the consumer was made to wait, where it would else have had the same frame again.
        reconnects: times the connection was lost and made again.
        age: seconds between the arrival of the last frame handed over and its being handed over.
    """

    received: int = 0
    delivered: int = 0
    dropped: int = 0
    waits: int = 0
    reconnects: int = 0
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class _Arrival:
    frame: Frame
    moment: float


class NewestFrame:
    """One slot between a thread that reads and one that consumes.

    A frame that is not taken in time is replaced by the next; none is handed over twice.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: _Arrival | None = None
        self._began: float | None = None
        self._newest: float | None = None
        self._shown: float | None = None
        self._failure: SourceError | None = None
        self._received = self._delivered = self._waits = self._reconnects = 0
        self._age = 0.0

    def put(self, image: Image) -> Frame:
        """Leave a picture that has just arrived; return it as a frame, whose timestamp counts from the first one."""
        moment = time.perf_counter()
        with self._changed:
            if self._began is None:
                self._began = moment
            self._newest = moment
            frame = Frame(image, self._received, moment - self._began)
            self._waiting = _Arrival(frame, moment)
            self._received += 1
            self._changed.notify_all()
        return frame

    def fail(self, failure: SourceError) -> None:
        """Say that nothing more will come; a frame that waits is still handed over first."""
        with self._changed:
            self._failure = failure
            self._changed.notify_all()

    def reconnected(self) -> None:
        """Count a connection that was made again."""
        with self._changed:
            self._reconnects += 1

    @property
    def silent(self) -> float:
        """Seconds since the last picture arrived; 0 before the first."""
        with self._changed:
            return 0.0 if self._newest is None else time.perf_counter() - self._newest

    @property
    def age(self) -> float:
        """Seconds since the arrival of the frame that was handed over last, now; 0 before the first."""
        with self._changed:
            return 0.0 if self._shown is None else time.perf_counter() - self._shown

    @property
    def waiting(self) -> Frame | None:
        """The newest frame, if it was not handed over yet."""
        with self._changed:
            return None if self._waiting is None else self._waiting.frame

    def peek(self, timeout: float) -> Frame | None:
        """Return the newest frame, which stays; None where none came within `timeout` seconds.

        Raises:
            SourceError: nothing more will come.
        """
        with self._changed:
            arrival = self._wait(timeout)
            return None if arrival is None else arrival.frame

    def take(self, timeout: float) -> Frame | None:
        """Return the newest frame not yet handed over; None where none came within `timeout` seconds.

        Raises:
            SourceError: nothing more will come.
        """
        with self._changed:
            self._waits += self._waiting is None
            arrival = self._wait(timeout)
            if arrival is None:
                return None
            self._waiting = None
            self._delivered += 1
            self._shown = arrival.moment
            self._age = time.perf_counter() - arrival.moment
            return arrival.frame

    @property
    def stats(self) -> LiveStats:
        """The counters as they are now."""
        with self._changed:
            dropped = self._received - self._delivered - (self._waiting is not None)
            return LiveStats(self._received, self._delivered, dropped, self._waits, self._reconnects, self._age)

    def _wait(self, timeout: float) -> _Arrival | None:
        self._changed.wait_for(lambda: self._waiting is not None or self._failure is not None, timeout)
        if self._waiting is None and self._failure is not None:
            raise self._failure
        return self._waiting


class Feed(ABC):
    """One connection, read by one thread until it breaks; a broken one is never mended, but made anew.

    Attributes:
        fps: nominal frames per second, None where the other side does not say; known with the first picture.
        warm_up: seconds of pictures to throw away, while a camera finds its exposure.
    """

    fps: float | None = None
    warm_up: float = 0.0

    @abstractmethod
    def read(self) -> Image:
        """Wait for the next picture; a fresh array.

        Raises:
            SourceError: the connection is over.
        """

    def abort(self) -> None:  # noqa: B027 - not every backend can
        """Make a `read` under way in another thread fail soon, where the backend is able to; safe at any time."""

    @abstractmethod
    def close(self) -> None:
        """Free what the connection holds; by the thread that reads."""


Connect: TypeAlias = Callable[[], Feed]
"""Makes a connection; raises `SourceError` where there is none to be had."""
