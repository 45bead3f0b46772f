"""No effect, with the face of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tracker.effects.base import Area, Effect
from tracker.image import Image


class NoEffect(Effect):
    """Leaves the picture as it is."""

    hides: ClassVar[bool] = False

    def change(self, pixels: Image, unit: float) -> None:
        """Do nothing."""

    def apply(self, image: Image, areas: Sequence[Area], *, rest: bool = False) -> None:
        """Do nothing."""
