"""Solid: nothing is left of the picture."""

from __future__ import annotations

import numpy as np

from tracker.effects.base import Effect
from tracker.image import Image

_COLOR = (32, 32, 32)
"""Dark gray, blue, green, red: stands out less than black in most pictures."""


class Solid(Effect):
    """Paints over: the only effect that leaves no information at all."""

    def changed(self, pixels: Image, unit: float) -> Image:
        """See `Effect.changed`."""
        return np.full_like(pixels, _COLOR)
