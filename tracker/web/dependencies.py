"""What the routes have to work with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.requests import HTTPConnection

from tracker.web.broadcast import Hub
from tracker.web.library import Library
from tracker.web.messages import Packer
from tracker.web.service import Studio
from tracker.web.settings import ServeSettings
from tracker.web.worker import Engine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """One server's parts; `exporting` is how many results are written at a time, so that tracking keeps its pace."""

    settings: ServeSettings
    engine: Engine
    hub: Hub
    library: Library
    packer: Packer = field(default_factory=Packer)
    exporting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def ask(self, action: Callable[[Studio], T]) -> T:
        """Let the engine change something, and wait for what comes of it without holding up anybody."""
        return await asyncio.wrap_future(self.engine.submit(action))

    async def look(self, action: Callable[[Studio], T]) -> T:
        """Let the engine look something up, as `ask`."""
        return await asyncio.wrap_future(self.engine.submit(action, changes=False))


def desk_of(connection: HTTPConnection) -> Desk:
    """Return the server's parts, for a route's dependencies."""
    desk: Desk = connection.app.state.desk
    return desk
