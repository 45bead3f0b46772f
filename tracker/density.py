"""Density maps and sums over them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.patch import PatchGeometry

Density: TypeAlias = NDArray[np.float32]
"""`(h, w) float32`, finite, ≥ 0."""


@dataclass(frozen=True, slots=True)
class DensityMap:
    """A density `(h, w) float32`, finite and ≥ 0, read-only, with its place in the frame."""

    values: Density
    geometry: PatchGeometry


class SummedDensity:
    """Summed-area table of a density (Crow 1984): the mass of any upright box in constant time."""

    def __init__(self, density: Density) -> None:
        table: Any = cv2.integral(density, sdepth=cv2.CV_64F)
        self._table: NDArray[np.float64] = table
        self._last: tuple[int, int, NDArray[np.float64]] | None = None

    def windows(self, width: int, height: int) -> NDArray[np.float64]:
        """Return the masses of all whole-pixel windows of this size, (h − height + 1, w − width + 1) by top-left.

        Read-only: those of the last size are kept, since seeking and judging ask for the same.
        """
        if self._last is None or self._last[:2] != (width, height):
            t = self._table
            down = t[height:] - t[:-height]
            masses = down[:, width:] - down[:, :-width]
            masses.flags.writeable = False
            self._last = (width, height, masses)
        return self._last[2]

    def mass(self, x: float, y: float, width: float, height: float) -> float:
        """Return the mass under the box x, y, width, height, its edges rounded to whole pixels, nothing outside."""
        rows, columns = self._table.shape
        left, right = min(max(round(x), 0), columns - 1), min(max(round(x + width), 0), columns - 1)
        top, bottom = min(max(round(y), 0), rows - 1), min(max(round(y + height), 0), rows - 1)
        at = self._table.item
        return at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left)


_PHASES = 8
"""Parts of a pixel that a center's place is told to: far below what a size is measured to."""


class ConcentricBoxes:
    """Masses under boxes of fixed sizes about a common center; edges fractional, nothing outside the density.

    A box's weights are a product, so one small matrix product sums over the rows of all boxes at once. The center is
    rounded to an eighth of a pixel, for which the weights are made once.
    """

    def __init__(self, shape: tuple[int, ...], widths: NDArray[np.float32], heights: NDArray[np.float32]) -> None:
        """Prepare for densities of this shape and boxes of these sizes, one a pair, in pixels."""
        rows, columns = shape
        self._across = _Covers(widths, columns)
        self._down = _Covers(heights, rows)

    def masses(self, density: Density, x: float, y: float) -> NDArray[np.float32]:
        """Return the masses of the boxes centered at (x, y), in the order of their sizes."""
        left, right, across = self._across.at(x)
        top, bottom, down = self._down.at(y)
        rows = down.dot(density[top:bottom, left:right])
        masses: NDArray[np.float32] = (rows * across).dot(_ones(right - left))
        return masses


@lru_cache(maxsize=64)
def _ones(count: int) -> NDArray[np.float32]:
    """Ones, to sum rows by a product: sooner than a sum over so few."""
    return np.ones(count, np.float32)


class _Covers:
    """What boxes of fixed sizes cover of each pixel along one side of `count` pixels, by where their center lies."""

    def __init__(self, sizes: NDArray[np.float32], count: int) -> None:
        self._count = count
        self._reach = math.ceil(float(sizes.max()) / 2) + 1
        pixels = np.arange(-self._reach, self._reach + 1) + 0.5
        offsets = np.abs(pixels - np.arange(_PHASES)[:, None] / _PHASES)
        # A pixel is covered by half + 0.5 − |offset|, at most by all of itself or of a box smaller than it.
        covers = np.minimum(
            np.maximum(sizes[:, None] / 2 + 0.5 - offsets[:, None, :], 0.0), np.minimum(sizes, 1)[:, None]
        )
        self._covers: NDArray[np.float32] = covers.astype(np.float32)

    def at(self, center: float) -> tuple[int, int, NDArray[np.float32]]:
        """First and past-the-last pixel that may be covered, and by how much, one row a box."""
        pixel, phase = divmod(round(center * _PHASES), _PHASES)
        low = pixel - self._reach
        first = min(max(low, 0), self._count)
        last = max(min(low + self._covers.shape[2], self._count), first)
        return first, last, self._covers[phase, :, first - low : last - low]
