"""The mouse: drags of boxes, and the map from the window to the frame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np

from tracker.geometry import Box
from tracker.image import Image

SMALLEST = 4.0
"""Frame pixels a side below which a drag is taken for a slip of the hand."""


class Touch(Enum):
    """What the mouse did; where nothing else is said, its left button."""

    PRESS = "press"
    MOVE = "move"
    RELEASE = "release"
    PRESS_RIGHT = "press right"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The mouse at a pixel of the view."""

    touch: Touch
    x: float
    y: float


class Drag:
    """Follows a drag from its press to its release, in any direction."""

    def __init__(self) -> None:
        self._from: tuple[float, float] | None = None
        self._to: tuple[float, float] | None = None

    @property
    def active(self) -> bool:
        """Whether the button is down."""
        return self._from is not None

    def outline(self, view: Viewport) -> Box | None:
        """Return the box dragged so far, in frame pixels; None where there is none."""
        if self._from is None or self._to is None:
            return None
        return view.box_between(self._from, self._to)

    def feed(self, pointer: Pointer, view: Viewport) -> Box | None:
        """Take what the mouse did; return the box once it is released, None before, and for a box that is too small."""
        point = pointer.x, pointer.y
        if pointer.touch is Touch.PRESS:
            self._from = self._to = point
            return None
        if self._from is None or pointer.touch is Touch.PRESS_RIGHT:
            return None
        self._to = point
        if pointer.touch is Touch.MOVE:
            return None
        box = self.outline(view)
        self.cancel()
        return box if box is not None and min(box.width, box.height) >= SMALLEST else None

    def cancel(self) -> None:
        """Forget the drag under way."""
        self._from = self._to = None


LARGEST = (1600, 900)
"""Pixels, across and down, that a window begins with at most; bigger frames are scaled down."""
_SMALLEST = 640
"""Pixels that the longer side is enlarged to at most, so that small targets can be pointed at and the help be read."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A frame of `width` x `height` shown at `scale` view pixels a frame pixel."""

    width: int
    height: int
    scale: float = 1.0

    @classmethod
    def fitting(cls, width: int, height: int, largest: tuple[int, int] = LARGEST) -> Viewport:
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
