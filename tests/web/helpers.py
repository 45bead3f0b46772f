"""A program and a browser as clients of the server."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import BrowserContext, Page, sync_playwright
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
        token = server.state.settings.token
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=self.url, headers=self.headers, timeout=60)

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

    def wait_until(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.http.get("/api/status").text
            time.sleep(0.02)

    def wait_until_gone(self, folder: Path, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while folder.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def wait_for(self, phase: str) -> None:
        self.wait_until(lambda: self.status()["phase"] == phase)


def receive(socket: ClientConnection, *, ack: bool = True) -> Message:
    """Return the next message with a picture."""
    while isinstance(data := socket.recv(timeout=60), str):
        pass
    message = Message.read(data)
    if ack:
        socket.send(json.dumps({"ack": message.header["number"]}))
    return message


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MAY_SKIP = CHROMIUM is None and "CI" not in os.environ
"""Where the tests are the gate, a browser that is missing is a failure."""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browser(folder: Path) -> Iterator[BrowserContext]:
    with sync_playwright() as play:
        context = play.chromium.launch_persistent_context(
            folder,
            executable_path=CHROMIUM,
            headless=True,
            args=_FLAGS,
            viewport={"width": 1280, "height": 860},
            accept_downloads=True,
        )
        context.set_default_timeout(60_000)
        yield context
        context.close()


def drag(page: Page, box: list[float]) -> None:
    """Drag a box, x, y, width, height in pixels of the frame, with the mouse."""
    x, y, width, height = box
    page.mouse.move(*on_screen(page, x, y))
    page.mouse.down()
    page.mouse.move(*on_screen(page, x + width / 2, y + height / 2))
    page.mouse.move(*on_screen(page, x + width, y + height))
    page.mouse.up()


def click(page: Page, x: float, y: float) -> None:
    """Click a place in pixels of the frame."""
    page.mouse.click(*on_screen(page, x, y))


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return where a place in pixels of the frame is on the screen, while the picture is not magnified."""
    page.locator("#picture").scroll_into_view_if_needed()
    place = page.locator("#picture").bounding_box()
    size = page.evaluate(
        "Object.values((({ width, height }) => [width, height])(document.getElementById('picture').dataset))"
    )
    across, down = map(float, size)
    zoom = min(place["width"] / across, place["height"] / down)
    left = place["x"] + (place["width"] - zoom * across) / 2
    top = place["y"] + (place["height"] - zoom * down) / 2
    return left + zoom * x, top + zoom * y


def open_page(context: BrowserContext, url: str) -> tuple[Page, list[str]]:
    """Return the page, connected, and the list that errors of its scripts go to."""
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(url)
    page.wait_for_selector("body[data-phase]:not([data-phase=disconnected])")
    return page, errors
