"""A total time for connections: the time-out of a socket is one for each read, and a byte now and then renews it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Deadline:
    """Ends the connections that it watches after a time, however steadily the other side sends; a context manager.

    A read under way then returns what has come, or fails, and `passed` says why.
    """

    def __init__(self, seconds: float) -> None:
        """Begin to count when the block is entered."""
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._passed = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    @property
    def passed(self) -> bool:
        """Whether the time was over before the block was left."""
        return self._passed

    def watch(self, connection: socket.socket | None) -> None:
        """End this connection, too, when the time is over."""
        with self._lock:
            if connection is not None:
                self._sockets.append(connection)
            if self._passed:
                self._hang_up()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def cancel(self) -> None:
        """Let the connections go on without an end."""
        self._timer.cancel()

    def __exit__(self, *_: object) -> None:
        self.cancel()
        with self._lock:
            self._sockets.clear()

    def _end(self) -> None:
        with self._lock:
            self._passed = True
            self._hang_up()

    def _hang_up(self) -> None:
        for connection in self._sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
