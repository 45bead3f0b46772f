"""Density maps and sums over them."""

from __future__ import annotations

from dataclasses import dataclass
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


class ConcentricBoxes:
    """Masses under boxes of fixed sizes about a common center; edges fractional, nothing outside the density.

    A box's weights are a product, so one small matrix product sums over the rows of all boxes at once.
    """

    def __init__(self, shape: tuple[int, ...], widths: NDArray[np.float32], heights: NDArray[np.float32]) -> None:
        """Prepare for densities of this shape and boxes of these sizes, one a pair, in pixels."""
        rows, columns = shape
        self._columns = columns
        self._centers = np.concatenate([np.arange(columns), np.arange(rows)]).astype(np.float32) + np.float32(0.5)
        sizes = np.concatenate([np.repeat(widths[:, None], columns, 1), np.repeat(heights[:, None], rows, 1)], axis=1)
        # A pixel is covered by half + 0.5 − |offset|, at most by all of itself or of a box smaller than it.
        self._reach = (sizes / 2 + 0.5).astype(np.float32)
        self._most = np.minimum(sizes, 1.0).astype(np.float32)

    def masses(self, density: Density, x: float, y: float) -> NDArray[np.float32]:
        """Return the masses of the boxes centered at (x, y), in the order of their sizes."""
        offsets = self._centers.copy()
        offsets[: self._columns] -= x
        offsets[self._columns :] -= y
        np.abs(offsets, out=offsets)
        covered = self._reach - offsets
        np.maximum(covered, 0.0, out=covered)
        np.minimum(covered, self._most, out=covered)
        masses: NDArray[np.float32] = np.einsum(
            "ij,ij->i", covered[:, self._columns :] @ density, covered[:, : self._columns]
        )
        return masses
