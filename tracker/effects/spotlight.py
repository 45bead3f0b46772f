"""Spotlight: the target stands in the light, the rest of the picture in the dark."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np

from tracker.effects.base import Effect
from tracker.image import Image

_LIGHT = 0.3
"""Share of the light that is left."""


class Spotlight(Effect):
    """Darkens; hides nothing, so what is shown is held through short doubts."""

    outside: ClassVar[bool] = True
    hides: ClassVar[bool] = False

    def changed(self, pixels: Image, unit: float) -> Image:
        """See `Effect.changed`."""
        return np.asarray(cv2.convertScaleAbs(pixels, alpha=_LIGHT), np.uint8)
