"""What the routes depend on: the parts of one server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Depends
from starlette.requests import HTTPConnection

from tracker.web.broadcast import Broadcaster
from tracker.web.library import Library
from tracker.web.messages import MessageCache
from tracker.web.service import TrackingService
from tracker.web.settings import ServeSettings
from tracker.web.worker import ServiceThread

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AppState:
    """One server's parts; `exporting` is how many results are written at a time, so that tracking keeps its pace."""

    settings: ServeSettings
    worker: ServiceThread
    broadcaster: Broadcaster
    library: Library
    messages: MessageCache = field(default_factory=MessageCache)
    exporting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

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
