"""The settings of the server, and the bounds on what clients may ask for."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what clients may ask for.

    Attributes:
        clients: watchers at a time, over sockets, MJPEG and events together.
        targets: followed at a time.
        body: bytes of a request other than an upload.
        boxes: bytes of a file of boxes.
        upload: bytes of one upload.
        uploads: bytes of all uploads and recordings together.
        recording: bytes of one recording.
        rows: of results, targets times frames, about 300 bytes each.
        exports: results that are written or wait to be, at a time.
        timeout: seconds that the body of a request may take.
        upload_timeout: seconds that an upload may take.
    """

    clients: int = 128
    targets: int = 32
    body: int = 64 * 1024
    boxes: int = 4 * 2**20
    upload: int = 256 * 2**20
    uploads: int = 2**30
    recording: int = 2**30
    rows: int = 1_000_000
    exports: int = 4
    timeout: float = 20.0
    upload_timeout: float = 600.0


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How the server is to run.

    Attributes:
        host: address to listen on.
        port: 0 for a free one.
        token: what every request must show; "" for none, which only the loopback address may have.
        root: folder that clients may choose clips from, None for none.
        allow_urls: whether clients elsewhere may name URLs to be opened from this machine.
        speed: of files, in times the true speed; 0 is as fast as it goes.
        limits: bounds on what clients may ask for.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    token: str = ""
    root: Path | None = None
    allow_urls: bool = False
    speed: float = 1.0
    limits: Limits = field(default_factory=Limits)

    @property
    def watch_token(self) -> str:
        """The token of those who only look, made from the other one; "" where there is none."""
        return hmac.new(self.token.encode(), b"watch", "sha256").hexdigest()[:32] if self.token else ""

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def urls(self) -> bool:
        """Whether clients may name URLs and cameras to be opened from this machine."""
        return self.on_loopback or self.allow_urls


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
