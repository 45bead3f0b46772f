"""Where a point of the window lies in the frame."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tracker.geometry import Box
from tracker.image import Image

LARGEST = (1600, 900)
"""Pixels, across and down, that a window begins with at most; bigger frames are scaled down."""
_SMALLEST = 640
"""Pixels that the longer side is enlarged to at most, so that a person can point at something and read the help."""


@dataclass(frozen=True, slots=True)
class View:
    """A frame of `width` x `height` shown at `scale` view pixels a frame pixel."""

    width: int
    height: int
    scale: float = 1.0

    @classmethod
    def fitting(cls, width: int, height: int, largest: tuple[int, int] = LARGEST) -> View:
        """Return the view of a frame that fits into `largest` and is not tiny."""
        down = min(largest[0] / width, largest[1] / height)
        up = max(1, _SMALLEST // max(width, height))
        return cls(width, height, float(min(down, up)))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the view in its own pixels, at least 1."""
        return max(1, round(self.width * self.scale)), max(1, round(self.height * self.scale))

    def to_frame(self, x: float, y: float) -> tuple[float, float]:
        """Return the frame point below the middle of the view's pixel (`x`, `y`)."""
        across, down = self.size
        return (x + 0.5) * self.width / across, (y + 0.5) * self.height / down

    def render(self, image: Image) -> Image:
        """Return the frame's picture as the view shows it."""
        if self.size == (image.shape[1], image.shape[0]):
            return image
        how = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_NEAREST
        return np.asarray(cv2.resize(image, self.size, interpolation=how), dtype=np.uint8)

    def box_between(self, first: tuple[float, float], second: tuple[float, float]) -> Box:
        """Return the part of the frame between two points of the view, in whichever order they were made."""
        (ax, ay), (bx, by) = self.to_frame(*first), self.to_frame(*second)
        box = Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
        return box.clipped(self.width, self.height)
