"""What one connection to a camera or stream is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

from tracker.image import Image


class Feed(ABC):
    """One connection, read by one thread until it breaks; a broken one is never mended, but made anew.

    Attributes:
        fps: nominal frames per second, None where the other side does not say; known with the first picture.
        warm_up: seconds of pictures to throw away, while a camera finds its exposure.
    """

    fps: float | None = None
    warm_up: float = 0.0

    @abstractmethod
    def read(self) -> Image:
        """Wait for the next picture; a fresh array.

        Raises:
            SourceError: the connection is over.
        """

    def abort(self) -> None:  # noqa: B027 - not every backend can
        """Make a `read` under way in another thread fail soon, where the backend is able to; safe at any time."""

    @abstractmethod
    def close(self) -> None:
        """Free what the connection holds; by the thread that reads."""


Connect: TypeAlias = Callable[[], Feed]
"""Makes a connection; raises `SourceError` where there is none to be had."""
