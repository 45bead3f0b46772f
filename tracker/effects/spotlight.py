"""Spotlight: the target stands in the light, the rest of the picture in the dark."""

from __future__ import annotations

from typing import ClassVar

import cv2

from tracker.effects.base import Effect
from tracker.image import Image

_LIGHT = 0.3
"""Share of the light that is left."""


class Spotlight(Effect):
    """Darkens; hides nothing, so what is shown is held through short doubts."""

    outside: ClassVar[bool] = True
    hides: ClassVar[bool] = False

    def change(self, pixels: Image, unit: float) -> None:
        """See `Effect.change`."""
        cv2.convertScaleAbs(pixels, pixels, alpha=_LIGHT)
