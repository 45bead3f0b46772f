"""From one engine to many watchers: the newest moment wins, for each watcher by itself."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from tracker.errors import SourceError
from tracker.web.moment import Moment


class Hub:
    """Holds the newest moment; whoever is slow misses some, and keeps nobody waiting."""

    def __init__(self, clients: int) -> None:
        """Let in so many clients at a time."""
        self._newest = Moment()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self._clients, self._most = 0, clients
        self._over = False

    @property
    def newest(self) -> Moment:
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
        """Whether nobody else is let in."""
        return self._clients >= self._most

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake the watchers of this event loop."""
        with self._lock:
            self._loop = loop

    def publish(self, moment: Moment) -> None:
        """Show a moment to all; from any thread."""
        self._newest = moment
        self._wake()

    def close(self) -> None:
        """Let all watchers go; from any thread."""
        self._over = True
        self._wake()

    def detach(self) -> None:
        """Wake nobody any more: the event loop ends."""
        with self._lock:
            self._loop = None

    async def after(self, number: int) -> Moment | None:
        """Return the newest moment once its number is above `number`; None when the server ends."""
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
