"""From one worker to many watchers: the newest snapshot wins, for each watcher by itself."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from time import perf_counter

from tracker.errors import SourceError
from tracker.tracking.result import Track
from tracker.video.base import Frame


class Broadcaster:
    """Holds the newest snapshot; a slow watcher misses some, and keeps no other waiting."""

    def __init__(self, clients: int) -> None:
        """Let in so many clients at a time."""
        self._newest = Snapshot()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self._clients, self._most = 0, clients
        self._over = False

    @property
    def newest(self) -> Snapshot:
        """What is to be seen now."""
        return self._newest

    @property
    def over(self) -> bool:
        """Whether the server is about to end."""
        return self._over

    @property
    def clients(self) -> int:
        """Watchers there are."""
        return self._clients

    @property
    def full(self) -> bool:
        """Whether no other watcher is let in."""
        return self._clients >= self._most

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake the watchers of this event loop."""
        with self._lock:
            self._loop = loop

    def publish(self, snapshot: Snapshot) -> None:
        """Show a snapshot to all; from any thread."""
        self._newest = snapshot
        self._wake()

    def close(self) -> None:
        """Let all watchers go; from any thread."""
        self._over = True
        self._wake()

    def detach(self) -> None:
        """Wake no watcher any more: the event loop ends."""
        with self._lock:
            self._loop = None

    async def after(self, number: int) -> Snapshot | None:
        """Return the newest snapshot once its number is above `number`; None when the server ends."""
        while self._newest.number <= number and not self._over:
            await self._news.wait()
        return None if self._over else self._newest

    @contextlib.contextmanager
    def seat(self) -> Iterator[None]:
        """Count a watcher while the block lasts.

        Raises:
            SourceError: there are too many.
        """
        if self.full:
            raise SourceError(f"{self._most} clients are watching already: try again later")
        self._clients += 1
        try:
            yield
        finally:
            self._clients -= 1

    def _wake(self) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Phase(Enum):
    """What the source is doing."""

    IDLE = "idle"
    """None is chosen."""
    OPENING = "opening"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"
    WAITING = "reconnecting"
    """A live source is silent, or is being opened again."""
    LOST = "lost"
    """The source cannot be read any further."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What is known of the source.

    Attributes:
        name: what clients call it, "" for none.
        width: pixels.
        height: pixels.
        fps: frames per second, None where unknown.
        duration: seconds, None where unknown.
        live: whether it is a camera or stream.
        frames: how many there are, None where unknown.
        serial: grows with every source that is opened; orders that carry another one are refused.
    """

    name: str = ""
    width: int = 0
    height: int = 0
    fps: float | None = None
    duration: float | None = None
    live: bool = False
    frames: int | None = None
    serial: int = 0


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How things stand.

    Attributes:
        phase: what the source is doing.
        message: one line to show, "" where there is nothing to say.
        source: what is watched.
        speed: of a file in times the true speed; 0 is as fast as it goes.
        fps: frames per second lately, 0 before there are two.
        preset: the preset that the settings began from.
        revision: grows with every change of the settings.
        recording: name of the file that is being recorded, "" for none.
        work: what is done beside, such as a stretch that is tracked again; "" for nothing.
        undo: the change that can be taken back, "" for none.
        redo: the change that can be done again, "" for none.
        log: grows whenever rows change other than by the next frame.
        events: grows with every event.
        auto: what targets start on by themselves, "" for nothing.
        webhook: how many events other programs did not get, and why; "" as long as they got all.
    """

    phase: Phase = Phase.IDLE
    message: str = ""
    source: SourceStatus = field(default_factory=SourceStatus)
    speed: float = 1.0
    fps: float = 0.0
    preset: str = ""
    revision: int = 0
    recording: str = ""
    work: str = ""
    undo: str = ""
    redo: str = ""
    log: int = 0
    events: int = 0
    auto: str = ""
    webhook: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One frame with its targets.

    Attributes:
        number: grows with everything that changes.
        frame: the picture, None before there is one.
        tracks: the targets in it.
        status: how things stand.
        born: when it was made, `perf_counter` seconds.
    """

    number: int = 0
    frame: Frame | None = None
    tracks: tuple[Track, ...] = ()
    status: ServiceStatus = field(default_factory=ServiceStatus)
    born: float = field(default_factory=perf_counter)
