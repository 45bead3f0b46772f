"""The last frames: who draws a box does so on a picture that is a little old."""

from __future__ import annotations

from collections import deque

from tracker.image import Image
from tracker.video.base import Frame

_BYTES = 48 * 2**20
"""Memory for past frames."""


class Past:
    """The newest frames of one source, as many as fit."""

    def __init__(self) -> None:
        """Begin without frames."""
        self._frames: deque[Frame] = deque()

    @property
    def newest(self) -> Frame | None:
        """The frame that is shown."""
        return self._frames[-1] if self._frames else None

    def put(self, frame: Frame) -> None:
        """Take the next frame; one that goes back in time makes all before it forgotten."""
        if self._frames and frame.index <= self._frames[-1].index:
            self._frames.clear()
        self._frames.append(frame)
        while len(self._frames) > max(1, _BYTES // frame.image.nbytes):
            self._frames.popleft()

    def since(self, index: int | None) -> list[Image]:
        """Return the pictures from frame `index` to the newest; the newest alone where that one is not kept."""
        frames = list(self._frames)
        for position, frame in enumerate(frames):
            if frame.index == index:
                return [later.image for later in frames[position:]]
        return [frame.image for frame in frames[-1:]]

    def clear(self) -> None:
        """Forget all frames."""
        self._frames.clear()
