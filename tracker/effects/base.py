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
"""Edges farther away than this, in pixels, are brought to this distance: OpenCV takes 32-bit integers."""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a picture.

    Attributes:
        box: what has to be covered, frame pixels; it may lie partly or wholly outside the picture.
        shape: the outline about it.
    """

    box: Box
    shape: AreaShape = "ellipse"

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
        if self.shape == "box":
            return np.full((bottom - top, right - left), 255, np.uint8)
        # Rows and columns in units of the half axes; a pixel that the ellipse touches anywhere belongs to it.
        center_x, center_y = self.box.center
        half_x, half_y = self.bounds.width / 2, self.bounds.height / 2
        across = np.maximum(np.abs(np.arange(left, right) + 0.5 - center_x) - 0.5, 0.0) / half_x
        down = np.maximum(np.abs(np.arange(top, bottom) + 0.5 - center_y) - 0.5, 0.0) / half_y
        inside = (across * across)[None, :] <= (1.0 - down * down)[:, None]
        return np.where(inside, np.uint8(255), np.uint8(0))


class Effect(ABC):
    """Gives pixels of a picture another look, in place.

    Attributes:
        outside: whether the effect belongs on everything but the target, unless it is inverted.
        hides: whether it is there to make something unrecognizable, so that in doubt more of it is right.
    """

    outside: ClassVar[bool] = False
    hides: ClassVar[bool] = True

    @abstractmethod
    def changed(self, pixels: Image, unit: float) -> Image:
        """Return what `pixels` look like under the effect: a new array of the same shape.

        Args:
            pixels: `(h, w, 3) uint8` BGR, a part of the picture or all of it; not to be changed.
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
            cv2.copyTo(self.changed(pixels, _unit(area)), area.mask(window), pixels)

    def _apply_to_rest(self, image: Image, shown: Sequence[tuple[Area, tuple[int, int, int, int]]]) -> None:
        """Change the whole picture and put the areas back."""
        kept = []
        for area, window in shown:
            left, top, right, bottom = window
            kept.append((window, area.mask(window), image[top:bottom, left:right].copy()))
        unit = min((_unit(area) for area, _ in shown), default=min(image.shape[:2]) / 4)
        image[...] = self.changed(image, unit)
        for (left, top, right, bottom), mask, pixels in kept:
            cv2.copyTo(pixels, mask, image[top:bottom, left:right])


def _unit(area: Area) -> float:
    return max(1.0, min(area.box.width, area.box.height))
