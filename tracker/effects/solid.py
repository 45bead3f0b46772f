"""Solid: nothing is left of the picture."""

from __future__ import annotations

from tracker.effects.base import Effect
from tracker.image import Image

_GRAY = 32
"""Level of all three channels: dark, but stands out less than black in most pictures."""


class Solid(Effect):
    """Paints over: the only effect that leaves no information at all."""

    def change(self, pixels: Image, unit: float) -> None:
        """See `Effect.change`."""
        pixels[...] = _GRAY
