"""Pictures to draw into, and what was drawn."""

from __future__ import annotations

import numpy as np

from tracker.image import Image


def gray(width: int = 320, height: int = 240, level: int = 120) -> Image:
    return np.full((height, width, 3), level, np.uint8)


def painted(before: Image, after: Image) -> np.ndarray:
    """Return where the two differ."""
    return np.asarray((before != after).any(axis=2))
