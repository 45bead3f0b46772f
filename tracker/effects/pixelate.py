"""Pixelate: large squares of one color."""

from __future__ import annotations

import cv2
import numpy as np

from tracker.effects.base import Effect
from tracker.effects.blur import coarse
from tracker.image import Image


class Pixelate(Effect):
    """Gives every cell the mean of its colors."""

    def changed(self, pixels: Image, unit: float) -> Image:
        """See `Effect.changed`."""
        size = pixels.shape[1], pixels.shape[0]
        return np.asarray(cv2.resize(coarse(pixels, unit), size, interpolation=cv2.INTER_NEAREST), np.uint8)
