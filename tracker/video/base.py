"""What a source of frames is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tracker.image import Image


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a source.

    Attributes:
        image: `(H, W, 3) uint8` BGR; a fresh array, never reused by the source.
        index: 0-based number in the source (of the file, not of what was handed out: it jumps with a stride).
        timestamp: presentation time in seconds from the start of the source.
    """

    image: Image
    index: int
    timestamp: float

    def __repr__(self) -> str:
        height, width = self.image.shape[:2]
        return f"Frame(index={self.index}, timestamp={self.timestamp:.3f}, image={width}x{height})"


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source when it is opened.

    Attributes:
        name: short name for messages and file names.
        width: frame width in pixels, after rotation.
        height: frame height in pixels, after rotation.
        fps: nominal frames per second; None where the container does not say.
        frame_count: number of frames that will be handed out; a hint, often an estimate, None where unknown.
        live: True for cameras and streams (newest frame wins), False for files (every frame).
        total: number of all frames of a recording, whichever are handed out; as sure as `frame_count`.
    """

    name: str
    width: int
    height: int
    fps: float | None
    frame_count: int | None
    live: bool = False
    total: int | None = None


class FrameSource(ABC):
    """An iterator over frames and a context manager that frees what it holds.

    A source is iterated once. `bad_frames` counts frames that could not be decoded and were passed over.
    """

    info: SourceInfo
    bad_frames: int = 0

    @abstractmethod
    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order.

        Raises:
            SourceError: the source cannot be read any further for a reason that is not its end.
        """

    def stop(self) -> None:  # noqa: B027 - a recording never waits
        """End an iteration that may be waiting for a live frame; from any thread or signal handler."""

    @abstractmethod
    def close(self) -> None:
        """Free what the source holds; safe to call more than once, and while iterating."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
