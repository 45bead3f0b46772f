"""Events for other programs: each is sent as JSON to an address, beside everything else."""

from __future__ import annotations

import base64
import json
import logging
import queue
import threading
from contextlib import suppress
from dataclasses import asdict
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import ClassVar
from urllib.parse import urlsplit

from tracker.address import Address, redacted
from tracker.errors import ConfigError, SourceError
from tracker.video.deadline import Deadline
from tracker.web.events import Event
from tracker.web.rationing import RationedLog
from tracker.web.security import plain

_log = logging.getLogger(__name__)

SCHEMES = ("http", "https")
MOST_WAITING = 200
"""Events that wait to be sent; the oldest goes for one above."""
_TIMEOUT = 5.0
"""Seconds that a server is given to answer, however it spends them."""
_FAREWELL = 2.0
"""Seconds that events under way are given when the server ends."""


class NoWebhook:
    """Nothing is told of events."""

    note: ClassVar[str] = ""

    def send(self, event: Event, source: str) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Webhook(NoWebhook):
    """Sends events to one address in a thread of its own: a POST of JSON each, in order, once.

    An answer of 200 to 299 is a success; redirections are not followed. A server that is slow or gone holds up nothing:
    events wait in a bounded queue, and what is lost is counted.
    """

    def __init__(self, text: str, timeout: float = _TIMEOUT, most: int = MOST_WAITING) -> None:
        """Begin to wait for events.

        Args:
            text: the address, with user and password where the server wants them.
            timeout: seconds that the server is given for each event.
            most: events that may wait.

        Raises:
            ConfigError: it is no address of a web server.
        """
        self._address = checked(text)
        self._timeout = timeout
        self._waiting: queue.Queue[tuple[Event, str] | None] = queue.Queue(most)
        self._lock = threading.Lock()
        self._sent = self._failed = self._dropped = 0
        self._reason = ""
        self._warnings = RationedLog(_log, "events were not delivered")
        self._thread = threading.Thread(target=self._run, name="webhook", daemon=True)
        self._thread.start()

    @property
    def note(self) -> str:  # type: ignore[override]
        """How many events were not delivered, and why the last one was not; "" as long as all were."""
        if not self._failed + self._dropped:
            return ""
        total = self._sent + self._failed + self._dropped
        return f"{self._failed + self._dropped} of {total} events were not delivered ({self._reason})"

    def send(self, event: Event, source: str) -> None:
        """Send an event of a source, by the name that clients know, soon; never waits."""
        with self._lock:
            if self._waiting.full():
                with suppress(queue.Empty):
                    self._waiting.get_nowait()
                    self._dropped += 1
                    self._reason = "the server is too slow"
            self._waiting.put_nowait((event, source))

    def close(self) -> None:
        """Send what waits, as far as that is quick, and end."""
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(_FAREWELL)

    def _run(self) -> None:
        while (item := self._waiting.get()) is not None:
            event, source = item
            try:
                self._post(json.dumps({**asdict(event), "source": source}).encode())
                self._sent += 1
            except (OSError, HTTPException, ValueError) as error:
                self._failed += 1
                self._reason = plain(redacted(str(error) or type(error).__name__), 120)
                self._warnings.warn(f"an event was not delivered to {self._address.name}: {self._reason}")

    def _post(self, body: bytes) -> None:
        address = self._address
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        connection = kind(address.host, address.port, timeout=self._timeout)
        deadline = Deadline(self._timeout)
        try:
            with deadline:
                connection.connect()
                deadline.watch(connection.sock)
                connection.request("POST", _target(address), body, _headers(address))
                answer = connection.getresponse()
            if not 200 <= answer.status < 300:
                raise HTTPException(f"HTTP status {answer.status}")
        except (OSError, HTTPException) as error:
            if deadline.passed or isinstance(error, TimeoutError):
                raise TimeoutError(f"no answer within {self._timeout:g} s") from error
            raise
        finally:
            connection.close()


def checked(text: str) -> Address:
    """Return the address of a web server.

    Raises:
        ConfigError: it is none; the message shows no secret.
    """
    try:
        address = Address.parse(text)
    except SourceError as error:
        raise ConfigError(f"--webhook: {error}") from error
    if address.scheme not in SCHEMES or not address.host or not address.url.isascii() or not address.url.isprintable():
        raise ConfigError(f"--webhook {address.name} is no address of a web server: give http:// or https://HOST/PATH")
    return address


def _target(address: Address) -> str:
    parts = urlsplit(address.bare_url)
    return (parts.path or "/").replace(" ", "%20") + (f"?{parts.query}" if parts.query else "")


def _headers(address: Address) -> dict[str, str]:
    login = base64.b64encode(f"{address.user}:{address.password}".encode()).decode("ascii")
    known = {"Authorization": f"Basic {login}"} if address.user or address.password else {}
    return {"Content-Type": "application/json", "User-Agent": "meanshift-tracker", **known}
