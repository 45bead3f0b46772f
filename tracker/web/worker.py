"""The one thread that reads, tracks and changes anything."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from tracker.errors import SourceError, TrackerError
from tracker.web.broadcast import Hub
from tracker.web.service import Studio

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Engine:
    """Leads a studio in a thread of its own and publishes each of its moments.

    Commands from anywhere are done one after the other between two frames: the last one wins, and all see it.
    """

    def __init__(self, studio: Studio, hub: Hub) -> None:
        """Take over `studio`, which nobody else may touch from here on."""
        self._studio = studio
        self._hub = hub
        self._commands: queue.SimpleQueue[Callable[[], bool]] = queue.SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def submit(self, action: Callable[[Studio], T], *, changes: bool = True) -> Future[T]:
        """Let the engine do something to its studio; the future has what came of it.

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
                future.set_result(action(self._studio))
            except BaseException as error:
                future.set_exception(error)
            return changes

        self._commands.put(command)
        return future

    def close(self, patience: float = 15.0) -> None:
        """End the thread; what is being recorded is finished."""
        self._over.set()
        self._commands.put(lambda: False)
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._turn()
        finally:
            self._studio.close()
            self._hub.close()

    def _turn(self) -> None:
        try:
            commanded = self._obey(self._studio.playback.wait())
            if self._studio.advance() or commanded:
                self._hub.publish(self._studio.moment())
        except TrackerError as error:
            _log.warning("%s", error)
        except Exception:  # the engine outlives whatever one frame does to it
            _log.exception("a frame was passed over")
            self._over.wait(0.1)

    def _obey(self, seconds: float) -> bool:
        """Do what is asked for within some seconds; return whether that has to be seen."""
        try:
            command = self._commands.get(timeout=seconds) if seconds > 0 else self._commands.get_nowait()
        except queue.Empty:
            return False
        return command()
