"""A gate on the loopback interface through which ffmpeg reads from the web, and reaches no other place.

ffmpeg can be told which protocols a playlist may use, but not which hosts, and it follows redirects: a stranger's
server could have this machine read from its own network. ffmpeg asks this proxy (`-http_proxy`) for everything, and the
proxy refuses what is neither on the source's own host nor on the public internet. Where the user has set a proxy, the
gate asks that one in turn.
"""

from __future__ import annotations

import base64
import contextlib
import os
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, TypeAlias, cast
from urllib.request import getproxies, proxy_bypass

from tracker.address import Address
from tracker.errors import SourceError
from tracker.video.remote import TIMEOUT, is_public_number, may_reach

_HEAD = 1 << 16
_BLOCK = 1 << 16
_Found: TypeAlias = tuple[Any, ...]
"""One answer of `socket.getaddrinfo`."""
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


def gated_environment() -> dict[str, str]:
    """Return the environment for an ffmpeg behind a gate: no proxies, and no hosts to be reached without one."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def _users_proxy(place: Address, port: int) -> Address | None:
    """Return the proxy that the user has set for a place; None where there is none, or none that speaks HTTP."""
    if proxy_bypass(f"{place.host}:{port}"):
        return None
    found = getproxies().get(place.scheme, "")
    with contextlib.suppress(SourceError):
        address = Address.parse(found if "://" in found else f"http://{found}")
        return address if found and address.scheme == "http" else None
    return None


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
            tunnel = method == "CONNECT"
            try:
                place = Address.parse(f"https://{target}" if tunnel else target)
                port = place.port or (443 if place.scheme == "https" else 80)
                proxy = _users_proxy(place, port)
                server = _connected(cast(_Server, self.server).origin, place, port, proxy)
            except (SourceError, OSError, ValueError):
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            with server:
                login = _login(proxy)
                if not tunnel:
                    path = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
                    # One request a connection: the next one may be for another host.
                    kept = [line for line in head[1:] if not line.lower().startswith(("proxy-", "connection:"))]
                    first = f"{method} {path if proxy is None else target} {version}"
                    server.sendall(_lines(first, *kept, *login, "Connection: close"))
                elif proxy is None:
                    client.sendall(_lines("HTTP/1.1 200 Connection established"))
                else:
                    server.sendall(_lines(f"CONNECT {target} HTTP/1.1", f"Host: {target}", *login))
                server.sendall(rest)
                _relay(client, server)


def _lines(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _login(proxy: Address | None) -> list[str]:
    """Return the header that a proxy with a user's name wants."""
    if proxy is None or not proxy.user:
        return []
    word = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
    return [f"Proxy-Authorization: Basic {word}"]


def _request(client: socket.socket) -> tuple[list[str], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        block = client.recv(_BLOCK)
        if not block or len(data) > _HEAD:
            raise OSError("no request")
        data += block
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), rest


def _connected(origin: Address, place: Address, port: int, proxy: Address | None) -> socket.socket:
    """Connect to a place that may be reached; the number that was judged is the one that is called.

    Behind a proxy names need not be known here: one that is not is the proxy's to judge.
    """
    own = may_reach(origin, place)
    if proxy is not None:
        with contextlib.suppress(socket.gaierror):
            if not own and not all(is_public_number(number) for _, number in _numbers(place.host, port)):
                raise OSError("not to be reached")
        return socket.create_connection((proxy.host, proxy.port or 80), TIMEOUT)
    for found, number in _numbers(place.host, port):
        if not own and not is_public_number(number):
            continue
        family, kind, protocol, _, where = found
        server = socket.socket(family, kind, protocol)
        server.settimeout(TIMEOUT)
        try:
            server.connect(where)
        except OSError:
            server.close()
            continue
        return server
    raise OSError("not reached")


def _numbers(host: str, port: int) -> Iterator[tuple[_Found, IPv4Address | IPv6Address]]:
    """Yield what a host's name stands for, each with its number."""
    for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        yield found, ip_address(str(found[4][0]).partition("%")[0])


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
