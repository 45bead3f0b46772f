"""What the routes depend on: the parts of one server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Depends
from starlette.requests import HTTPConnection

from tracker.errors import OutputError
from tracker.web.broadcast import Broadcaster
from tracker.web.library import Library
from tracker.web.messages import MessageCache
from tracker.web.service import TrackingService
from tracker.web.settings import Limits, ServeSettings
from tracker.web.worker import ServiceThread

T = TypeVar("T")


class NoRoomError(OutputError):
    """What clients may leave on this machine is bounded, and that much is there."""


class Exports:
    """Results that are being written: one at a time, so that tracking keeps its pace, and a few that wait.

    Attributes:
        turn: to be held while one is written.
    """

    def __init__(self, most: int) -> None:
        """Let so many be written or wait."""
        self.turn = asyncio.Semaphore(1)
        self._most, self._count = most, 0

    @property
    def full(self) -> bool:
        """Whether no other one may wait."""
        return self._count >= self._most

    @contextlib.contextmanager
    def seat(self) -> Iterator[None]:
        """Count one while the block lasts."""
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1


@dataclass(frozen=True, slots=True)
class AppState:
    """One server's parts."""

    settings: ServeSettings
    worker: ServiceThread
    broadcaster: Broadcaster
    library: Library
    messages: MessageCache = field(default_factory=MessageCache)
    exports: Exports = field(default_factory=lambda: Exports(Limits().exports))

    def check_room(self, size: int) -> None:
        """Refuse to keep so many bytes more where there is no room for them.

        Raises:
            NoRoomError: all uploads and recordings would be too large together.
        """
        if self.library.used() + size > self.settings.limits.uploads:
            raise NoRoomError("there is no room for more uploads: remove uploads or recordings")

    async def ask(self, action: Callable[[TrackingService], T]) -> T:
        """Let the worker change something, and wait for what comes of it without blocking the event loop."""
        return await asyncio.wrap_future(self.worker.submit(action))

    async def look(self, action: Callable[[TrackingService], T]) -> T:
        """Let the worker look something up, as `ask`."""
        return await asyncio.wrap_future(self.worker.submit(action, changes=False))


def state_of(connection: HTTPConnection) -> AppState:
    """Return the server's parts, for a route's dependencies."""
    state: AppState = connection.app.state.parts
    return state


State: TypeAlias = Annotated[AppState, Depends(state_of)]
"""The server's parts, as a parameter of a route."""
