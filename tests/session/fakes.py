"""A scene, and a source and a sink that tell what happened to them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np

from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.sources import open_source

SCENE = "synth:smooth:frames=12:size=160x120"


@functools.cache
def scene() -> tuple[list[np.ndarray], Box]:
    """The frames of the scene, and where its target is in the first."""
    with open_source(SCENE) as source:
        return [frame.image for frame in source], source.truth(0)


class Source(FrameSource):
    """A source that knows whether it was closed; an exception among its images is raised in its place."""

    def __init__(self, images: Sequence[np.ndarray | Exception]) -> None:
        self.info = SourceInfo("fake", 160, 120, 25.0, len(images))
        self.images = images
        self.closed = False

    def __iter__(self) -> Iterator[Frame]:
        for index, image in enumerate(self.images):
            if isinstance(image, Exception):
                raise image
            yield Frame(image, index, index / 25)

    def close(self) -> None:
        self.closed = True


class Notes(Sink):
    """A sink that notes what it gets, and fails when told to."""

    def __init__(self, fail_at: int = -1, fail_to_close: bool = False) -> None:
        self.frames: list[int] = []
        self.tracks: list[Track] = []
        self.closed = False
        self._fail_at, self._fail_to_close = fail_at, fail_to_close

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        if frame.index == self._fail_at:
            raise OutputError("disk full")
        self.frames.append(frame.index)
        self.tracks.extend(tracks)

    def close(self) -> None:
        first, self.closed = not self.closed, True
        if first and self._fail_to_close:
            raise OutputError("cannot finish")
