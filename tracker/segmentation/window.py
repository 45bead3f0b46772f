"""One mean-shift step of many pixels in the joint domain of place and color."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.segmentation.colors import Planes

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

_NUMBERS_AT_ONCE = 1 << 17  # the windows looked at in one go stay in a core's cache: measured
_OUTSIDE = 1e6  # a color that no pixel has, around the picture


@dataclass(frozen=True, slots=True)
class Walkers:
    """Points of the joint domain on their way: `y` and `x` in pixel indices, `(n,)`, and `color`, `(n, 3)`."""

    y: Floats
    x: Floats
    color: Floats

    def part(self, some: slice | NDArray[np.bool_]) -> Walkers:
        """Return some of them."""
        return Walkers(self.y[some], self.x[some], self.color[some])

    def pixels(self, width: int) -> Ints:
        """The index, row by row, of the pixel each stands on."""
        return np.rint(self.y).astype(np.intp) * width + np.rint(self.x).astype(np.intp)


class JointWindow:
    """The pixels in a square of side 2·hs + 1 whose color is within hr, about any place and color.

    The kernel is flat in both domains (Comaniciu & Meer 2002, eq. 35, with a square for the place as in OpenCV).
    """

    def __init__(self, planes: Planes, hs: int, hr: float) -> None:
        channels, height, width = planes.shape
        side = 2 * hs + 1
        padded = np.full((channels, height + 2 * hs, width + 2 * hs), _OUTSIDE, dtype=np.float32)
        padded[:, hs : hs + height, hs : hs + width] = planes
        squares = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))
        self._squares = squares.transpose(1, 2, 0, 3, 4)  # (H, W, channels, side, side), a view
        self._squared_radius = np.float32(hr) ** 2
        self._batch = max(1, _NUMBERS_AT_ONCE // (channels * side**2))
        step = np.arange(side, dtype=np.float32) - hs
        self._counted = np.stack([np.ones(side**2, np.float32), np.repeat(step, side), np.tile(step, side)], axis=1)

    def step(self, walkers: Walkers) -> Walkers:
        """Move each walker to the mean of its window; one that sees no pixel stays where it is."""
        moved = Walkers(walkers.y.copy(), walkers.x.copy(), walkers.color.copy())
        for start in range(0, len(walkers.y), self._batch):
            some = slice(start, start + self._batch)
            self._move(moved.part(some))
        return moved

    def _move(self, walkers: Walkers) -> None:
        """Move these walkers in place."""
        row, column = np.rint(walkers.y).astype(np.intp), np.rint(walkers.x).astype(np.intp)
        colors = self._squares[row, column].reshape(len(row), walkers.color.shape[1], -1)
        colors -= walkers.color[:, :, None]
        near = np.einsum("bcp,bcp->bp", colors, colors) <= self._squared_radius
        inside = near.astype(np.float32)
        counted = inside @ self._counted
        seen = counted[:, 0] > 0
        count = np.where(seen, counted[:, 0], np.float32(1))
        walkers.y[:] = np.where(seen, row + counted[:, 1] / count, walkers.y)
        walkers.x[:] = np.where(seen, column + counted[:, 2] / count, walkers.x)
        walkers.color[:] += np.matmul(colors, inside[:, :, None])[:, :, 0] / count[:, None]
