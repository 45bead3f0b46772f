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

_PER_RADIAN = np.float32(ORIENTATIONS / (2 * math.pi))
_LAST = np.float32(ORIENTATIONS - 0.5)
"""In the last orientation: an angle may be rounded up to 2π."""
_CLIP = np.float32(0.4)
_GAIN = np.float32(0.67)
"""Scale of the normalized histograms, such that the clip acts on single strong orientations."""
_QUIET = 0.1
"""Squared gray levels a pixel: gradients far below this are noise and are not lifted by the normalization."""


class GradientGrid:
    """Orientation histograms of one picture size, or of a stack of equal pictures, by cells of `cell` x `cell` pixels.

    Each pixel votes for one orientation with its gradient's magnitude: one counting pass over the picture.
    """

    def __init__(self, rows: int, columns: int, cell: int, count: int = 1) -> None:
        """Prepare for stacks of `count` pictures of `rows` x `columns` cells."""
        self._shape = (count, ORIENTATIONS, rows, columns)
        down = np.arange(rows * cell) // cell * columns
        across = np.arange(columns * cell) // cell
        first = np.arange(count) * (ORIENTATIONS * rows * columns)
        cells = first[:, None, None] + np.add.outer(down, across)
        # Single precision counts exactly to 2^24.
        self._cells: NDArray[np.float32] = cells.reshape(-1, len(across)).astype(np.float32)
        # Per cell: four neighbors' worth of a gradient of two gray levels a pixel.
        self._quiet = np.float32(_QUIET * (2 * cell * cell) ** 2)

    def histograms(self, dx: NDArray[np.float32], dy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Count the gradients (dx, dy), each (count·rows·cell, columns·cell).

        Returns:
            (count, 18, rows, columns), unnormalized.
        """
        magnitude: Any
        angle: Any
        magnitude, angle = cv2.cartToPolar(dx, dy)
        angle *= _PER_RADIAN
        np.floor(np.minimum(angle, _LAST, out=angle), out=angle)
        bins: Any = cv2.scaleAdd(angle, self._shape[2] * self._shape[3], self._cells)
        counts = np.bincount(bins.astype(np.intp).ravel(), magnitude.ravel(), minlength=math.prod(self._shape))
        return counts.astype(np.float32).reshape(self._shape)

    def described(self, dx: NDArray[np.float32], dy: NDArray[np.float32], described: NDArray[np.float32]) -> None:
        """Write the normalized histograms of the gradients to `described`, (count, 18 or 27, rows, columns).

        Each cell is normalized by the energy of its 3x3 neighbors and clipped: contrast and single strong edges count
        little. After the signed orientations come, where there is room, the unsigned: opposite directions together.
        """
        signed = self.histograms(dx, dy)
        unsigned = signed[:, : ORIENTATIONS // 2] + signed[:, ORIENTATIONS // 2 :]
        gains = self._gains(unsigned)
        np.multiply(signed, gains, out=described[:, :ORIENTATIONS])
        if described.shape[1] > ORIENTATIONS:
            np.multiply(unsigned, gains, out=described[:, ORIENTATIONS:])
        np.minimum(described, _CLIP, out=described)

    def _gains(self, unsigned: NDArray[np.float32]) -> NDArray[np.float32]:
        """The factors that normalize the cells, (count, 1, rows, columns)."""
        # Neighbors within a picture of the stack only: the pictures become the channels.
        energy = np.ascontiguousarray(np.square(unsigned).sum(axis=1).transpose(1, 2, 0))
        smooth: Any = cv2.blur(energy, (3, 3), borderType=cv2.BORDER_REPLICATE)
        smooth += self._quiet
        smooth = np.ascontiguousarray(smooth.reshape(energy.shape).transpose(2, 0, 1)[:, None])
        gains: NDArray[np.float32] = _GAIN / np.sqrt(smooth)
        return gains


def gradients(gray: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Central differences along x and y of gray pictures, (..., h + 2, w + 2): each (..., h, w)."""
    values = gray.astype(np.float32)
    dx = values[..., 1:-1, 2:] - values[..., 1:-1, :-2]
    dy = values[..., 2:, 1:-1] - values[..., :-2, 1:-1]
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
_LEVEL_OF: NDArray[np.float32] = (np.arange(256) * _LEVELS // 256).astype(np.float32)
_STRIDES = np.array([[_LEVELS**2, _LEVELS, 1]], np.float32)


def color_names(image: Image) -> NDArray[np.float32]:
    """Return the memberships of each pixel, (11, h, w), shifted so that each term's mean over all colors is zero."""
    index: Any = cv2.transform(cv2.LUT(image, _LEVEL_OF), _STRIDES)
    memberships: NDArray[np.float32] = _table().take(index.astype(np.intp), axis=1)
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
