"""Cameras that hand out one picture for each request: an address that ends with a picture's name."""

from __future__ import annotations

import http.client
import io
import threading
import time

import numpy as np

from tracker.address import Address
from tracker.errors import SourceError
from tracker.image import Image, as_image, is_deep
from tracker.value_range import ValueRange
from tracker.video.deadline import Deadline
from tracker.video.images import decode_pixels
from tracker.video.kinds import IMAGE_SUFFIXES
from tracker.video.live.slot import Connect, Feed
from tracker.video.picture_size import picture_size
from tracker.video.remote import SCHEMES, TIMEOUT, fetched

_PAUSE = 0.1
"""Seconds from one request to the next at least: what such cameras stand."""
_REPEAT = 1.0
"""Seconds after which a picture that has not changed is handed on again, so that the source does not count as lost."""
_LARGEST = 64 << 20
"""Bytes of a picture beyond which an answer is no snapshot."""
MOST_PIXELS = 1 << 27
"""Pixels of a picture beyond which an answer is no snapshot: twice what cameras have. A few bytes can announce more."""


def is_snapshot(address: Address) -> bool:
    """Whether an address is that of a picture on a web server: its path ends as a picture's name does."""
    return address.scheme in SCHEMES and address.suffix in IMAGE_SUFFIXES


class SnapshotFeed(Feed):
    """Asks for the picture again and again, and hands on those that differ from the one before."""

    def __init__(self, address: Address, most_pixels: int | None = None) -> None:
        """Ask nothing yet; pictures with more pixels than `most_pixels` are refused by their head, not decoded."""
        self._address = address
        self._most_pixels = MOST_PIXELS if most_pixels is None else most_pixels
        self._last = b""
        self._asked = self._handed = -_REPEAT
        self._range: ValueRange | None = None
        self._over = threading.Event()

    def read(self) -> Image:
        """Wait for the next picture.

        Raises:
            SourceError: the server is gone or sends no picture, or the feed was aborted.
        """
        while True:
            self._over.wait(max(0.0, self._asked + _PAUSE - time.perf_counter()))
            if self._over.is_set():
                raise SourceError(f"{self._address.name} fell silent")
            self._asked = time.perf_counter()
            data = self._fetch()
            if data != self._last or self._asked >= self._handed + _REPEAT:
                self._last, self._handed = data, self._asked
                return self._decoded(data)

    def abort(self) -> None:
        """End a wait; a request under way ends with its own time-out."""
        self._over.set()

    def close(self) -> None:
        """See `abort`: no connection outlives a request."""
        self._over.set()

    def _fetch(self) -> bytes:
        name = self._address.name
        try:
            deadline = Deadline(TIMEOUT)
            with deadline, fetched(self._address, timeout=TIMEOUT / 2, deadline=deadline) as answer:
                data = answer.read(_LARGEST + 1)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, SourceError):
                raise
            raise SourceError(f"{name} broke off ({error}): check the camera and the network") from error
        if deadline.passed:
            raise SourceError(f"{name} sends too slowly: check the camera and the network")
        if len(data) > _LARGEST:
            raise SourceError(f"{name} sends more than a picture: give the address of its stream")
        return data

    def _decoded(self, data: bytes) -> Image:
        size = picture_size(io.BytesIO(data))
        if size is not None and size[0] * size[1] > self._most_pixels:
            raise too_large(self._address.name, f"{size[0]} x {size[1]}", self._most_pixels)
        picture = None if size is None else decode_pixels(np.frombuffer(data, np.uint8))
        if picture is None:
            raise SourceError(f"{self._address.name} sends no picture that can be decoded: check the address")
        if self._range is None and is_deep(picture):
            self._range = ValueRange.of([picture])
        return as_image(picture, self._range)


def too_large(name: str, size: str, most: int) -> SourceError:
    """Return the error for a sender whose pictures have more than `most` pixels."""
    return SourceError(
        f"{name} sends pictures that are too large ({size}): up to {most / 1e6:.1f} megapixels are taken, "
        "set the camera to a smaller size"
    )


def snapshots(address: Address, most_pixels: int | None = None) -> Connect:
    """Return what asks the camera at `address`; see `SnapshotFeed`."""
    return lambda: SnapshotFeed(address, most_pixels)
