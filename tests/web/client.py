"""What a program does with the server."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx
from websockets.sync.client import ClientConnection, connect

from tracker.web.server import Server

CLIP_HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00"
"""How an MP4 begins."""


@dataclass
class Message:
    header: dict
    jpeg: bytes
    density: bytes

    @classmethod
    def read(cls, data: bytes) -> Message:
        size = int.from_bytes(data[:4], "big")
        header = json.loads(data[4 : 4 + size])
        pictures = data[4 + size :]
        assert len(pictures) == header["jpeg"] + header["density"]
        return cls(header, pictures[: header["jpeg"]], pictures[header["jpeg"] :])


class Running:
    """A server that runs, and a client of it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        parts = urlsplit(server.address)
        self.host, self.port = parts.hostname, parts.port
        self.url = f"http://127.0.0.1:{self.port}"
        token = server.desk.settings.token
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=self.url, headers=self.headers, timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def socket(self, **options: object) -> ClientConnection:
        options = {"additional_headers": self.headers, "max_size": None, **options}
        return connect(f"ws://127.0.0.1:{self.port}/ws", compression=None, **options)

    def post(self, path: str, **body: object) -> dict:
        answer = self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def status(self) -> dict:
        return self.http.get("/api/status").json()

    def check_alive(self) -> None:
        assert self.http.get("/api/status").status_code == 200

    def wait_until(self, condition: Callable[[], bool], seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.http.get("/api/status").text
            time.sleep(0.02)

    def wait_until_gone(self, folder: Path, seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while folder.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def wait_for(self, phase: str) -> None:
        self.wait_until(lambda: self.status()["phase"] == phase)


def receive(socket: ClientConnection, *, ack: bool = True) -> Message:
    """Return the next message with a picture."""
    while isinstance(data := socket.recv(timeout=10), str):
        pass
    message = Message.read(data)
    if ack:
        socket.send(json.dumps({"ack": message.header["number"]}))
    return message
