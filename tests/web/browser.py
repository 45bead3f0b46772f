"""A browser without a window, and what a person does in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

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
    place = page.locator("#picture").bounding_box()
    size = page.evaluate("[document.getElementById('picture').width, document.getElementById('picture').height]")
    zoom = min(place["width"] / size[0], place["height"] / size[1])
    left = place["x"] + (place["width"] - zoom * size[0]) / 2
    top = place["y"] + (place["height"] - zoom * size[1]) / 2
    x, y, width, height = box
    page.mouse.move(left + zoom * x, top + zoom * y)
    page.mouse.down()
    page.mouse.move(left + zoom * (x + width / 2), top + zoom * (y + height / 2))
    page.mouse.move(left + zoom * (x + width), top + zoom * (y + height))
    page.mouse.up()


def open_page(context: BrowserContext, url: str) -> tuple[Page, list[str]]:
    """Return the page, connected, and the list that errors of its scripts go to."""
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(url)
    page.wait_for_selector("body[data-phase]:not([data-phase=disconnected])")
    return page, errors
