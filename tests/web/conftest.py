from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.web.helpers import Running
from tracker.config.reader import load_config
from tracker.web.server import InitialSource, Server
from tracker.web.settings import ServeSettings

Serve = Callable[..., Running]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """serve(source="", **settings) -> Running: a server on a free port of this machine, ended with the test."""
    with ExitStack() as stack:

        def start(source: str = "", preset: str = "fast", **settings: object) -> Running:
            server = Server(ServeSettings(port=0, **settings), InitialSource(source, load_config(preset), preset))
            thread = threading.Thread(target=server.run)
            thread.start()
            stack.callback(thread.join, 20)
            stack.callback(server.stop)
            running = stack.enter_context(Running(server))
            running.wait_until(lambda: running.http.get("/api/status").status_code != 599)
            return running

        yield start


@pytest.fixture
def waiting() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is true, or fail."""

    def wait(condition: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come true"
            time.sleep(0.02)

    return wait
