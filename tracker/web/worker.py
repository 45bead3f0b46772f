"""The one thread that reads, tracks and changes anything."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from tracker.errors import SourceError, TrackerError
from tracker.web.broadcast import Broadcaster
from tracker.web.service import TrackingService

_log = logging.getLogger(__name__)

T = TypeVar("T")


class ServiceThread:
    """Runs a service in a thread of its own and publishes its snapshots.

    Commands from anywhere are done one after the other between two frames: the last one wins, and all see it.
    """

    def __init__(self, service: TrackingService, broadcaster: Broadcaster) -> None:
        """Take over `service`, which no other thread may touch from here on."""
        self._service = service
        self._broadcaster = broadcaster
        self._commands: queue.SimpleQueue[Callable[[], bool]] = queue.SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, action: Callable[[TrackingService], T], *, changes: bool = True) -> Future[T]:
        """Let the worker do something to its service; the future has what came of it.

        Args:
            action: what to do.
            changes: whether the watchers have to see what comes of it.
        """
        future: Future[T] = Future()
        if self._over.is_set():
            future.set_exception(SourceError("the server is ending"))
            return future

        def command() -> bool:
            if not future.set_running_or_notify_cancel():
                return False
            try:
                future.set_result(action(self._service))
            except BaseException as error:
                future.set_exception(error)
            return changes

        self._commands.put(command)
        return future

    def close(self, timeout: float = 15.0) -> None:
        """End the thread; what is being recorded is finished."""
        self._over.set()
        self._commands.put(lambda: False)
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._turn()
        finally:
            self._service.close()
            self._broadcaster.close()

    def _turn(self) -> None:
        try:
            commanded = self._obey(self._service.player.wait())
            if self._service.advance() or commanded:
                self._broadcaster.publish(self._service.snapshot())
        except TrackerError as error:
            _log.warning("%s", error)
        except Exception:  # the worker outlives whatever one frame does to it
            _log.exception("a frame was passed over")
            self._over.wait(0.1)

    def _obey(self, seconds: float) -> bool:
        """Do what is asked for within some seconds; return whether that has to be seen."""
        try:
            command = self._commands.get(timeout=seconds) if seconds > 0 else self._commands.get_nowait()
        except queue.Empty:
            return False
        return command()
