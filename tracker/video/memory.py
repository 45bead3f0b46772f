"""Pictures that a program already holds: a list, a stack, a generator of arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.errors import SourceError
from tracker.image import Image, as_image
from tracker.video.recording import Facts, Reader


class ArraysReader(Reader):
    """Arrays handed over by the caller, copied so that neither side sees what the other does to them."""

    def __init__(self, frames: Iterable[NDArray[Any]], fps: float) -> None:
        """Look at the first array for its size.

        Args:
            frames: pictures that `tracker.image.as_image` accepts; a generator is drawn from one by one.
            fps: rate at which they were taken; makes their timestamps.

        Raises:
            SourceError: there is no array at all, or `frames` is one picture.
            FrameError: the first one is no picture.
        """
        if isinstance(frames, np.ndarray) and frames.ndim != 4:
            raise SourceError(f"an array of shape {frames.shape} is no series of pictures: give (N, H, W, 3) or a list")
        total = len(frames) if isinstance(frames, Sized) else None
        rest = iter(frames)
        try:
            first = next(rest)
        except StopIteration:
            raise SourceError("the series of frames is empty: give at least one array") from None
        height, width = as_image(first).shape[:2]
        self._frames: Iterator[NDArray[Any]] = chain([first], rest)
        self._current = first
        self.facts = Facts("frames", width, height, fps, total)

    def grab(self) -> bool:
        """Take the next array."""
        try:
            self._current = next(self._frames)
        except StopIteration:
            return False
        return True

    def retrieve(self) -> Image:
        """Return a copy of the array as a picture."""
        image = as_image(self._current)
        return image.copy() if image is self._current else image
