"""Pixelate: large squares of one color."""

from __future__ import annotations

import cv2

from tracker.effects.base import Effect
from tracker.effects.blur import coarse
from tracker.image import Image


class Pixelate(Effect):
    """Gives every cell the mean of its colors."""

    def change(self, pixels: Image, unit: float) -> None:
        """See `Effect.change`."""
        size = pixels.shape[1], pixels.shape[0]
        cv2.resize(coarse(pixels, unit), size, pixels, interpolation=cv2.INTER_NEAREST)
