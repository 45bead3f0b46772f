"""The server from start to end."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import uvicorn

from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError
from tracker.formats.starts import TargetStart
from tracker.web import connections
from tracker.web.app import make_app
from tracker.web.broadcast import Broadcaster
from tracker.web.connections import BoundedProtocol
from tracker.web.dependencies import AppState, Exports
from tracker.web.library import Library, initial_choice
from tracker.web.network import is_any, own_addresses
from tracker.web.service import TrackingService
from tracker.web.settings import ServeSettings
from tracker.web.webhook import NoWebhook, Webhook
from tracker.web.worker import ServiceThread

_log = logging.getLogger(__name__)

_MESSAGE = 4096
"""Bytes of a watcher's message."""
_HEAD = 32 * 1024
"""Bytes of a request's head."""
_FAREWELL = 5
"""Seconds that requests under way are given when the server ends."""


@dataclass(frozen=True, slots=True)
class InitialSource:
    """What is opened when the server starts.

    Attributes:
        source: what `open_source` opens; "" to let the page choose.
        config: the tracker's settings.
        preset: the name they began from.
        starts: the targets of a file of boxes.
        auto: what targets start on by themselves, as `--auto` says it; "" for nothing.
        webhook: the address that is told of events; "" for none.
    """

    source: str
    config: TrackerConfig
    preset: str
    starts: tuple[TargetStart, ...] = ()
    auto: str = ""
    webhook: str = ""


class _Uvicorn(uvicorn.Server):
    """Lets the watchers go as soon as a signal comes; they would keep the server waiting."""

    def __init__(self, config: uvicorn.Config, broadcaster: Broadcaster) -> None:
        super().__init__(config)
        self._broadcaster = broadcaster

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._broadcaster.close()
        super().handle_exit(sig, frame)


class Server:
    """Listens from the snapshot it is made; `run` serves until `stop`."""

    def __init__(self, settings: ServeSettings, initial: InitialSource) -> None:
        """Open the source and the address.

        Raises:
            ConfigError: another host than this machine without a token, the address cannot be had, or what starts by
                itself or the webhook cannot be read.
            SourceError: the source or the root cannot be opened.
        """
        if not settings.on_loopback and not settings.token:
            raise ConfigError(f"{settings.host} can be reached from elsewhere: a token is needed")
        self._settings = settings
        with ExitStack() as undo:
            self._socket = undo.enter_context(_listen(settings.host, settings.port))
            library = Library(settings.root, urls=settings.urls)
            undo.callback(library.close)
            self._webhook = Webhook(initial.webhook) if initial.webhook else NoWebhook()
            undo.callback(self._webhook.close)
            service = TrackingService(
                initial.config,
                initial.preset,
                speed=settings.speed,
                limits=settings.limits,
                auto=initial.auto,
                webhook=self._webhook,
            )
            if initial.source:
                service.open(initial_choice(initial.source), initial.starts)
            undo.pop_all()
        broadcaster = Broadcaster(settings.limits.clients)
        broadcaster.publish(service.snapshot())
        exports = Exports(settings.limits.exports)
        self.state = AppState(settings, ServiceThread(service, broadcaster), broadcaster, library, exports=exports)
        self._uvicorn = _Uvicorn(_config(make_app(self.state)), broadcaster)

    @property
    def address(self) -> str:
        """Where the page is, with the token where there is one."""
        return self._address(self._settings.host, self._settings.token)

    @property
    def addresses(self) -> list[str]:
        """Where the page is for other devices, with the token; empty where only this machine can reach it."""
        if self._settings.on_loopback:
            return []
        hosts = own_addresses() if is_any(self._settings.host) else [self._settings.host]
        return [self._address(host, self._settings.token) for host in hosts]

    @property
    def watch_address(self) -> str:
        """Where the page is for looking only; "" without a token."""
        first = self.addresses[:1] or [self.address]
        return first[0].partition("?")[0] + f"?token={self._settings.watch_token}" if self._settings.token else ""

    def _address(self, host: str, token: str) -> str:
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self._socket.getsockname()[1]}/{f'?token={token}' if token else ''}"

    def run(self) -> None:
        """Serve until `stop` is called or a signal comes."""
        try:
            with _hangup_as(self._uvicorn.handle_exit):
                self._uvicorn.run(sockets=[self._socket])
        finally:
            self._webhook.close()

    def stop(self) -> None:
        """End `run`; from any thread or signal handler."""
        self.state.broadcaster.close()
        self._uvicorn.should_exit = True


@contextmanager
def _hangup_as(handle: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Let a closed terminal end the server as SIGTERM does, unless `nohup` has it go on."""
    number = getattr(signal, "SIGHUP", None)
    here = threading.current_thread() is threading.main_thread()
    if number is None or not here or signal.getsignal(number) is signal.SIG_IGN:
        yield
        return
    before = signal.signal(number, lambda _, frame: handle(signal.SIGTERM, frame))
    try:
        yield
    finally:
        signal.signal(number, before)


def _config(app: Callable[..., Any]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="websockets-sansio",
        ws_max_size=_MESSAGE,
        ws_max_queue=8,
        ws_per_message_deflate=False,  # a JPEG does not get any smaller
        access_log=False,
        log_config=None,
        server_header=False,
        limit_concurrency=connections.MOST,
        h11_max_incomplete_event_size=_HEAD,
        timeout_graceful_shutdown=_FAREWELL,
        proxy_headers=False,
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"cannot listen on {host} port {port} ({reason}): choose another --port or --host") from error
    return listening
