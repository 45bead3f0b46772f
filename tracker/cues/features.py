"""Histograms of oriented gradients on a grid of cells: what a target's structure looks like, whatever the light.

Dalal & Triggs 2005, with the signed orientations and the clipping of Felzenszwalb et al. 2010.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.image import Image

ORIENTATIONS = 18
"""Signed orientations of 20° each."""

_CLIP = 0.4
_GAIN = 0.67
"""Scale of the normalized histograms, such that the clip acts on single strong orientations."""
_QUIET = 0.1
"""Squared gray levels a pixel: gradients far below this are noise and are not lifted by the normalization."""


class GradientGrid:
    """Orientation histograms of one picture size, or of a stack of equal pictures, by cells of `cell` x `cell` pixels.

    Each pixel votes for one orientation with its gradient's magnitude: one counting pass over the picture.
    """

    def __init__(self, rows: int, columns: int, cell: int, count: int = 1) -> None:
        """Prepare for stacks of `count` pictures of `rows` x `columns` cells."""
        self._shape = (count, rows, columns)
        down = np.arange(count * rows * cell) // cell * columns
        across = np.arange(columns * cell) // cell
        self._cells: NDArray[np.int32] = np.add.outer(down, across).astype(np.int32)
        # Per cell: four neighbors' worth of a gradient of two gray levels a pixel.
        self._quiet = np.float32(_QUIET * (2 * cell * cell) ** 2)

    def histograms(self, dx: NDArray[np.float32], dy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Count the gradients (dx, dy), each (count·rows·cell, columns·cell).

        Returns:
            (18, count, rows, columns), unnormalized.
        """
        magnitude: Any
        angle: Any
        magnitude, angle = cv2.cartToPolar(dx, dy)
        angle *= np.float32(ORIENTATIONS / (2 * math.pi))
        bins = angle.astype(np.int32)
        np.minimum(bins, ORIENTATIONS - 1, out=bins)  # an angle may be rounded up to 2π
        bins *= math.prod(self._shape)
        bins += self._cells
        size = ORIENTATIONS * math.prod(self._shape)
        counts = np.bincount(bins.ravel(), magnitude.ravel(), minlength=size)
        return counts.astype(np.float32).reshape(ORIENTATIONS, *self._shape)

    def gains(self, histograms: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the factor, (count, rows, columns), that normalizes each cell by the energy of its 3x3 neighbors."""
        unsigned = unsigned_of(histograms)
        unsigned *= unsigned
        # Neighbors within a picture of the stack only: the pictures become the channels.
        energy = np.ascontiguousarray(unsigned.sum(axis=0).transpose(1, 2, 0))
        smooth: Any = cv2.blur(energy, (3, 3), borderType=cv2.BORDER_REPLICATE)
        smooth = smooth.reshape(energy.shape).transpose(2, 0, 1)
        gains: NDArray[np.float32] = np.float32(_GAIN) / np.sqrt(smooth + self._quiet)
        return gains


def unsigned_of(histograms: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the 9 unsigned orientations: opposite directions together."""
    half = ORIENTATIONS // 2
    return histograms[:half] + histograms[half:]


def normalized(histograms: NDArray[np.float32], gains: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the histograms times their gains, clipped: contrast and single strong edges count little."""
    scaled: NDArray[np.float32] = histograms * gains
    np.minimum(scaled, np.float32(_CLIP), out=scaled)
    return scaled


def gradients(gray: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Central differences along x and y of a gray picture, its edge repeated."""
    smooth = gray.astype(np.float32)
    dx: Any = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=1, borderType=cv2.BORDER_REPLICATE)
    dy: Any = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=1, borderType=cv2.BORDER_REPLICATE)
    return dx, dy


_PROTOTYPES = {
    "black": (0, 0, 0),
    "blue": (255, 0, 0),
    "brown": (40, 80, 120),
    "gray": (128, 128, 128),
    "green": (0, 180, 0),
    "orange": (0, 140, 255),
    "pink": (200, 150, 255),
    "purple": (180, 0, 120),
    "red": (0, 0, 200),
    "white": (255, 255, 255),
    "yellow": (0, 230, 255),
}
"""A typical color of each term, BGR."""

COUNT = len(_PROTOTYPES)

_WIDTH = 20.0
"""Standard deviation of a term's reach in L*a*b*, about a fifth of the way from black to white."""
_LEVELS = 16
"""Levels per channel told apart."""


def color_names(image: Image) -> NDArray[np.float32]:
    """Return the memberships of each pixel, (11, h, w), shifted so that each term's mean over all colors is zero."""
    levels = (image // (256 // _LEVELS)).astype(np.intp)
    index = (levels[..., 0] * _LEVELS + levels[..., 1]) * _LEVELS + levels[..., 2]
    memberships: NDArray[np.float32] = _table().take(index, axis=1)
    return memberships


@lru_cache(maxsize=1)
def _table() -> NDArray[np.float32]:
    """Memberships of the 16³ colors, (11, 4096): exp(−d² / 2σ²), summing to 1 over the terms, minus the mean."""
    centers = (np.arange(_LEVELS) + 0.5) * (256 / _LEVELS)
    colors = np.stack(np.meshgrid(centers, centers, centers, indexing="ij"), axis=-1).reshape(-1, 3)
    offset = _lab(colors)[None, :, :] - _lab(np.array(list(_PROTOTYPES.values()), np.float64))[:, None, :]
    near = np.exp(-np.square(offset).sum(axis=-1) / (2 * _WIDTH**2))
    near /= near.sum(axis=0)
    table: NDArray[np.float32] = (near - near.mean(axis=1, keepdims=True)).astype(np.float32)
    table.setflags(write=False)
    return table


def _lab(bgr: NDArray[np.float64]) -> NDArray[np.float64]:
    lab: Any = cv2.cvtColor((bgr[None] / 255).astype(np.float32), cv2.COLOR_BGR2LAB)
    return np.asarray(lab[0], np.float64)
