"""Drawings of a segmentation: pure functions of a picture and its `Segmentation`, with a table by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tracker.image import Image
from tracker.segmentation.segment import Segmentation

Color = tuple[int, int, int]

_YELLOW: Color = (0, 220, 255)


def draw_outlines(image: Image, segmentation: Segmentation, color: Color = _YELLOW) -> Image:
    """Return a copy of the picture with a line, one pixel wide, along the borders of the regions.

    Args:
        image: `(H, W, 3)` as was segmented.
        segmentation: what `segment` returned for it.
        color: blue, green, red of the line.
    """
    labels = segmentation.labels
    border = np.zeros(labels.shape, dtype=bool)
    border[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    border[1:] |= labels[1:] != labels[:-1]
    drawn = image.copy()
    drawn[border] = color
    return drawn


def draw_flat(segmentation: Segmentation) -> Image:
    """Return the picture with every region in the color of its mode."""
    return segmentation.flat.copy()


DRAWINGS: Mapping[str, Callable[[Image, Segmentation], Image]] = MappingProxyType(
    {
        "outlines": draw_outlines,
        "flat": lambda _, segmentation: draw_flat(segmentation),
        "filtered": lambda _, segmentation: segmentation.filtered,
    }
)
"""The drawings by name. A new one is a function of the picture and its segmentation, and one line here."""
