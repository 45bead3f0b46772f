"""Connections: how many one client may hold, so that the others find a place."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 512
"""Connections at a time; one above gets 503. A client that never ends its request's head holds one of them."""
MOST_PER_CLIENT = MOST // 2
"""Connections of one address at a time; the next one is closed with 503."""
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 43\r\nconnection: close\r\n\r\n"
    b"this client holds too many connections here"
)


class BoundedProtocol(H11Protocol):
    """HTTP on one connection, refused where its client has too many already."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or refuse before anything is read."""
        super().connection_made(transport)
        if self.client is None:
            return
        host = self.client[0]
        # Sockets of watchers are among them, too. Each has the client that it was opened by.
        held = sum((getattr(other, "client", None) or ("",))[0] == host for other in self.connections)
        if held > MOST_PER_CLIENT:
            transport.write(_REFUSAL)
            transport.close()
