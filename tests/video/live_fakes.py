"""Feeds and cameras that do what the real ones do once a year."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np

from tracker.errors import SourceError
from tracker.image import Image
from tracker.video.live.slot import Connect, Feed
from tracker.video.live.source import LivePolicy, LiveSource

Open = Callable[..., LiveSource]

WIDTH, HEIGHT = 32, 24
QUICK = LivePolicy(open_timeout=30.0, read_timeout=30.0, reconnects=3, first_pause=0.01, longest_pause=0.05)


def picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> Image:
    """A picture that carries its number."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:] = number % 256
    return image


def number_of(image: Image) -> int:
    return int(image[0, 0, 0])


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something to become true; fail if it does not."""
    deadline = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < deadline, "waited in vain"
        time.sleep(0.005)


class HandFeed(Feed):
    """Gives a picture when the test says so."""

    fps = 30.0

    def __init__(self, pictures: Iterable[Image | None] = ()) -> None:
        self._changed = threading.Condition()
        self._pictures = list(pictures)
        self._aborted = False
        self.closed = False

    def give(self, image: Image | None) -> None:
        """Let a read return this; None ends the connection."""
        with self._changed:
            self._pictures.append(image)
            self._changed.notify_all()

    def read(self) -> Image:
        with self._changed:
            self._changed.wait_for(lambda: self._pictures or self._aborted)
            image = self._pictures.pop(0) if self._pictures else None
        if image is None:
            raise SourceError("the fake is gone")
        return image

    def abort(self) -> None:
        with self._changed:
            self._aborted = True
            self._changed.notify_all()

    def close(self) -> None:
        self.closed = True


class DeafFeed(HandFeed):
    """Hangs in its driver: `abort` has no effect. `release` lets it go at the end of the test."""

    def abort(self) -> None:
        pass

    def release(self) -> None:
        super().abort()


@dataclass
class FakeCapture:
    """A camera as `cv2.VideoCapture` shows it: keeps the order of requests, grants what it likes."""

    opened: bool = True
    good_reads: float = float("inf")
    fail_first: int = 0
    size: tuple[int, int] = (WIDTH, HEIGHT)
    grants: dict[int, float] = field(default_factory=dict)
    level: Callable[[int], int] = lambda number: number
    requests: list[tuple[int, float]] = field(default_factory=list)
    reads: int = 0
    released: int = 0

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self.opened

    def read(self) -> tuple[bool, Image | None]:
        time.sleep(0.001)
        self.reads += 1
        if self.reads <= self.fail_first or self.reads > self.good_reads:
            return False, None
        return True, picture(self.level(self.reads), *self.size)

    def get(self, prop: int, /) -> float:
        size = {cv2.CAP_PROP_FRAME_WIDTH: self.size[0], cv2.CAP_PROP_FRAME_HEIGHT: self.size[1]}
        return self.grants.get(prop, size.get(prop, dict(self.requests).get(prop, 0.0)))

    def set(self, prop: int, value: float, /) -> bool:
        self.requests.append((prop, value))
        return True

    def release(self) -> None:
        self.released += 1


def connect_in_turn(*feeds: HandFeed) -> Connect:
    """Connect to each of `feeds` once, then no more."""
    waiting = list(feeds)

    def connect() -> HandFeed:
        if not waiting:
            raise SourceError("nobody there")
        return waiting.pop(0)

    return connect
