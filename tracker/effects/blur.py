"""Blur: so little detail is left that a face or a number plate cannot be read."""

from __future__ import annotations

import cv2
import numpy as np

from tracker.effects.base import Effect
from tracker.image import Image

DETAILS = 6
"""Samples that are left across the shorter side of what is hidden; faces can be told from about 16 on."""


def coarse(pixels: Image, unit: float, details: int = DETAILS) -> Image:
    """Return the picture's means over cells of `unit` / `details` pixels, `(rows, columns, 3)`, both at least 1."""
    cell = max(1.0, unit / details)
    columns, rows = max(1, round(pixels.shape[1] / cell)), max(1, round(pixels.shape[0] / cell))
    # In two steps: the first, by nearest rows and columns, leaves four or more samples a cell's side; the mean over
    # every pixel of a large picture would cost more than all the rest.
    step = max(1, int(cell // 4))
    return np.asarray(cv2.resize(pixels[::step, ::step], (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


class Blur(Effect):
    """Averages over cells, smooths over neighboring ones and interpolates: the detail is gone, not only spread."""

    def change(self, pixels: Image, unit: float) -> None:
        """See `Effect.change`."""
        small = cv2.GaussianBlur(coarse(pixels, unit), (3, 3), 0.8, borderType=cv2.BORDER_REPLICATE)
        cv2.resize(small, (pixels.shape[1], pixels.shape[0]), pixels, interpolation=cv2.INTER_LINEAR)
