"""What an effect is: new pixels for some areas of a picture, or for all the rest of it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.geometry import Box
from tracker.image import Image

AreaShape: TypeAlias = Literal["ellipse", "box"]
"""`box` is the rectangle itself, `ellipse` the smallest ellipse through its four corners: both cover all of it."""

_FAR = 1e6
"""Boxes larger than this or farther away, in pixels, are drawn as rectangles: OpenCV takes 32-bit integers."""
_SHIFT = 4
_ONE = 1 << _SHIFT
"""Fractional bits of the coordinates that OpenCV is given, and one pixel in their unit."""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a picture.

    Attributes:
        box: what has to be covered, frame pixels; it may lie partly or wholly outside the picture.
        shape: the outline about it.
        unit: the shorter side of what is hidden there, pixels; None for that of `box`.
    """

    box: Box
    shape: AreaShape = "ellipse"
    unit: float | None = None

    @property
    def bounds(self) -> Box:
        """The smallest box that holds the area: for an ellipse √2 times the box in both directions."""
        return self.box.scaled(math.sqrt(2.0)) if self.shape == "ellipse" else self.box

    def window(self, width: int, height: int) -> tuple[int, int, int, int] | None:
        """Return left, top, right, bottom of the area's whole pixels in a picture; None where it shows none."""
        if not all(math.isfinite(value) for value in self.box):
            return None
        left, top, right, bottom = self.bounds.xyxy
        window = (
            max(0, math.floor(max(left, -_FAR))),
            max(0, math.floor(max(top, -_FAR))),
            min(width, math.ceil(min(right, _FAR))),
            min(height, math.ceil(min(bottom, _FAR))),
        )
        return window if window[0] < window[2] and window[1] < window[3] else None

    def mask(self, window: tuple[int, int, int, int]) -> NDArray[np.uint8]:
        """Return `(h, w) uint8` over a window (left, top, right, bottom): 255 in the area, 0 elsewhere."""
        left, top, right, bottom = window
        if self.shape == "box" or max(map(abs, self.bounds.xyxy)) > _FAR:
            return np.full((bottom - top, right - left), 255, np.uint8)
        # OpenCV draws a polygon of chords, at coordinates rounded to 1/16: a pixel more on each side covers that.
        center_x, center_y = self.box.center
        half_x, half_y = self.bounds.width / 2 + 1, self.bounds.height / 2 + 1
        center = round((center_x - left - 0.5) * _ONE), round((center_y - top - 0.5) * _ONE)
        mask = np.zeros((bottom - top, right - left), np.uint8)
        cv2.ellipse(mask, center, (round(half_x * _ONE), round(half_y * _ONE)), 0, 0, 360, 255, -1, cv2.LINE_8, _SHIFT)
        return mask


class Effect(ABC):
    """Gives pixels of a picture another look, in place.

    Attributes:
        outside: whether the effect belongs on everything but the target, unless it is inverted.
        hides: whether it is there to make something unrecognizable, so that in doubt more of it is right.
    """

    outside: ClassVar[bool] = False
    hides: ClassVar[bool] = True

    @abstractmethod
    def change(self, pixels: Image, unit: float) -> None:
        """Give `pixels` their new look, in place.

        Args:
            pixels: `(h, w, 3) uint8` BGR, the picture or a part of it: a view, rows may lie apart in memory.
            unit: the shorter side of what is to be hidden, pixels: the measure of a detail.
        """

    def apply(self, image: Image, areas: Sequence[Area], *, rest: bool = False) -> None:
        """Change `image` in place.

        Args:
            image: `(H, W, 3) uint8` BGR.
            areas: parts of it; those that lie outside are passed over.
            rest: change everything but `areas`.
        """
        height, width = image.shape[:2]
        shown = [(area, window) for area in areas if (window := area.window(width, height)) is not None]
        if rest:
            self._apply_to_rest(image, shown)
            return
        for area, window in shown:
            left, top, right, bottom = window
            pixels = image[top:bottom, left:right]
            before = pixels.copy()
            self.change(pixels, _unit(area))
            if area.shape == "ellipse":
                cv2.copyTo(before, cv2.bitwise_not(area.mask(window)), pixels)

    def _apply_to_rest(self, image: Image, shown: Sequence[tuple[Area, tuple[int, int, int, int]]]) -> None:
        """Change the whole picture and put the areas back."""
        kept = []
        for area, window in shown:
            left, top, right, bottom = window
            kept.append((window, area.mask(window), image[top:bottom, left:right].copy()))
        self.change(image, min((_unit(area) for area, _ in shown), default=min(image.shape[:2]) / 4))
        for (left, top, right, bottom), mask, pixels in kept:
            cv2.copyTo(pixels, mask, image[top:bottom, left:right])


def _unit(area: Area) -> float:
    return max(1.0, min(area.box.width, area.box.height) if area.unit is None else area.unit)
