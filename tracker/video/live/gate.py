"""A gate on the loopback interface through which ffmpeg reads the parts of a playlist, and reaches no other place.

ffmpeg can be told which protocols a playlist may use, but not which hosts: one that a stranger's server sends could
have this machine read from its own network. ffmpeg asks this proxy (`-http_proxy`) for every part, and the proxy
refuses what is neither on the playlist's own host nor on the public internet.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import select
import socket
import socketserver
import threading
from typing import cast

from tracker.address import Address
from tracker.errors import SourceError
from tracker.video.remote import TIMEOUT, is_public_number, may_reach

_HEAD = 1 << 16
_BLOCK = 1 << 16
_IDLE = 60.0
"""Seconds of silence after which a connection is closed."""


class HostGate:
    """A proxy for one source; a context that ends with `close`."""

    def __init__(self, origin: Address) -> None:
        """Begin to listen; what `origin` names may be read, and what is public."""
        self._server = _Server(("127.0.0.1", 0), _Connection)
        self._server.origin = origin
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="host gate", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address that ffmpeg is given as its proxy."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Listen no more; safe to call more than once."""
        self._server.shutdown()
        self._server.server_close()


def has_own_proxy() -> bool:
    """Whether the user has set a proxy, which then decides what can be reached."""
    return any(os.environ.get(name) for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    origin: Address

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: the client has gone."""


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Pass one request on, and its answer back."""
        client = cast(socket.socket, self.request)
        client.settimeout(TIMEOUT)
        with contextlib.suppress(OSError):
            head, rest = _request(client)
            method, target, version = head[0].split(" ", 2)
            try:
                place = Address.parse(f"https://{target}" if method == "CONNECT" else target)
                server = _connected(cast(_Server, self.server).origin, place)
            except (SourceError, OSError, ValueError):
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            with server:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    path = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
                    # One request a connection: the next one may be for another host.
                    dropped = ("proxy-", "connection:")
                    kept = [line for line in head[1:] if not line.lower().startswith(dropped)]
                    lines = [f"{method} {path} {version}", *kept, "Connection: close", "", ""]
                    server.sendall("\r\n".join(lines).encode("latin-1"))
                server.sendall(rest)
                _relay(client, server)


def _request(client: socket.socket) -> tuple[list[str], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        block = client.recv(_BLOCK)
        if not block or len(data) > _HEAD:
            raise OSError("no request")
        data += block
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), rest


def _connected(origin: Address, place: Address) -> socket.socket:
    """Connect to a place that may be reached; the number that was judged is the one that is called."""
    port = place.port or (443 if place.scheme == "https" else 80)
    own = may_reach(origin, place)
    for family, kind, protocol, _, number in socket.getaddrinfo(place.host, port, type=socket.SOCK_STREAM):
        if not own and not is_public_number(ipaddress.ip_address(str(number[0]).partition("%")[0])):
            continue
        server = socket.socket(family, kind, protocol)
        server.settimeout(TIMEOUT)
        try:
            server.connect(number)
        except OSError:
            server.close()
            continue
        return server
    raise OSError("not reached")


def _relay(client: socket.socket, server: socket.socket) -> None:
    """Pass bytes both ways until one side ends or both are silent."""
    while True:
        ready, _, _ = select.select([client, server], [], [], _IDLE)
        if not ready:
            return
        for end in ready:
            block = end.recv(_BLOCK)
            if not block:
                return
            (server if end is client else client).sendall(block)
