"""Mean-shift filtering of a picture: the mode of every pixel in the joint domain of place and color.

Three parts, in the order of their use: the space in which colors are compared, the joint window, and the climb of all
pixels at once, in which paths that meet are shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.image import Image
from tracker.meanshift.kernels import StoppingRule

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

Planes: TypeAlias = NDArray[np.float32]
"""`(3, H, W) float32`, one plane a channel."""

ColorName: TypeAlias = Literal["luv", "lab", "bgr"]

_STILL = StoppingRule(tolerance=1.0, max_iterations=100)  # moves are measured in units of the two lengths below
_STILL_PIXELS = 0.5
_STILL_COLOR = 0.1  # of hr
# A walker that comes to a pixel of nearly its own color goes the way of that pixel (Christoudias, Georgescu & Meer
# 2002); "nearly" is this much of hr, squared. Sharing makes the climb five to ten times shorter.
_SHARED = 0.5
_NUMBERS_AT_ONCE = 1 << 17  # the windows looked at in one go stay in a core's cache: measured
_OUTSIDE = 1e6  # a color that no pixel has, around the picture


@dataclass(frozen=True, slots=True)
class PixelSpace:
    """A space in which the colors of pixels are compared: to and from BGR in [0, 1], `(H, W, 3) float32`."""

    name: str
    from_bgr: Callable[[Planes], Planes]
    to_bgr: Callable[[Planes], Planes]


def _converter(code: int) -> Callable[[Planes], Planes]:
    return lambda picture: np.asarray(cv2.cvtColor(picture, code), dtype=np.float32)


COLOR_SPACES: Mapping[str, PixelSpace] = MappingProxyType(
    {
        space.name: space
        for space in (
            PixelSpace("luv", _converter(cv2.COLOR_BGR2Luv), _converter(cv2.COLOR_Luv2BGR)),
            PixelSpace("lab", _converter(cv2.COLOR_BGR2Lab), _converter(cv2.COLOR_Lab2BGR)),
            PixelSpace("bgr", lambda picture: picture * np.float32(255), lambda picture: picture / np.float32(255)),
        )
    }
)
"""`luv` and `lab` (CIE 1976, L from 0 to 100: Euclidean distances are close to perceived ones), `bgr` from 0 to 255."""


def to_planes(image: Image, space: PixelSpace) -> Planes:
    """Return the picture in a color space, plane by plane."""
    picture = space.from_bgr(image.astype(np.float32) / np.float32(255))
    return np.ascontiguousarray(picture.transpose(2, 0, 1))


def to_image(colors: NDArray[np.float32], space: PixelSpace) -> Image:
    """Return `(H, W, 3)` colors of a space as a BGR picture."""
    picture = space.to_bgr(np.ascontiguousarray(colors, dtype=np.float32))
    return np.asarray(np.rint(np.clip(picture, 0, 1) * 255), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Walkers:
    """Points of the joint domain during the climb: `y` and `x` in pixel indices, `(n,)`, and `color`, `(n, 3)`."""

    y: Floats
    x: Floats
    color: Floats

    def part(self, some: slice | NDArray[np.bool_]) -> Walkers:
        """Return some of them."""
        return Walkers(self.y[some], self.x[some], self.color[some])

    def pixels(self, width: int) -> Ints:
        """The index, row by row, of the pixel under each."""
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


@dataclass(frozen=True, slots=True)
class PixelModes:
    """The mode of each of N pixels, row by row.

    Attributes:
        color: `(N, 3)` in the space of the climb.
        place: `(N, 2)` x and y in continuous coordinates.
    """

    color: Floats
    place: Floats


def climb_pixels(planes: Planes, hs: int, hr: float) -> PixelModes:
    """Move every pixel to its mode (Comaniciu & Meer 2002, section 4.1).

    Args:
        planes: the picture, `(3, H, W)`.
        hs: half the side of the window, in pixels, ≥ 1.
        hr: radius in color, in the units of the planes, > 0.
    """
    channels, height, width = planes.shape
    window = JointWindow(planes, hs, hr)
    own_color = planes.reshape(channels, -1).T
    pixels = np.arange(height * width)
    here = Walkers(
        (pixels // width).astype(np.float32), (pixels % width).astype(np.float32), np.ascontiguousarray(own_color)
    )
    end = Walkers(here.y.copy(), here.x.copy(), here.color.copy())
    follows = pixels.copy()
    active = pixels
    completed = 0
    while len(active):
        before, here = here, window.step(here)
        end.y[active], end.x[active], end.color[active] = here.y, here.x, here.color
        on = here.pixels(width)
        off_color = np.square(here.color - own_color[on]).sum(axis=1)
        rests = _STILL.converged(_moved(before, here, hr))
        shares = (off_color < _SHARED * hr**2) & (on != active) & ~rests
        follows[active[shares]] = on[shares]
        goes_on = ~rests & ~shares & (not _STILL.exhausted(completed))
        active, here = active[goes_on], here.part(goes_on)
        completed += 1
    root = _ends_of(follows)
    place = np.stack([end.x[root], end.y[root]], axis=1) + np.float32(0.5)
    return PixelModes(end.color[root], place)


def _moved(before: Walkers, after: Walkers, hr: float) -> Floats:
    """How far each walker moved, in the lengths that count as still."""
    pixels = np.hypot(after.x - before.x, after.y - before.y) / np.float32(_STILL_PIXELS)
    color = np.sqrt(np.square(after.color - before.color).sum(axis=1)) / np.float32(_STILL_COLOR * hr)
    return np.asarray(np.maximum(pixels, color), dtype=np.float32)


def _ends_of(follows: Ints) -> Ints:
    """The pixel at the end of each path; where paths run in a circle, its pixel of lowest index.

    Doubling: after k rounds `ahead` is 2ᵏ pixels further on and `lowest` the lowest index met on the way there.
    """
    ahead, lowest = follows, np.minimum(follows, np.arange(len(follows)))
    for _ in range(len(follows).bit_length()):
        lowest = np.minimum(lowest, lowest[ahead])
        ahead = ahead[ahead]
    return np.asarray(lowest[ahead], dtype=np.intp)
