"""Boxes and THE pixel convention.

A box is `x, y, width, height` in floats, 0-based and half-open: it covers x ≤ u < x + width. Coordinates are
continuous; the center of the top-left pixel is (0.5, 0.5), so a box (0, 0, 1, 1) is exactly that pixel. Values stay
sub-pixel inside the package and are rounded only when drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.errors import BoxError


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle: left edge `x`, top edge `y`, `width` and `height`, in pixels.

    Iterates, unpacks and indexes as the four numbers, as numpy takes them; OpenCV draws `rounded()`.
    """

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def parse(cls, values: Iterable[float] | Box) -> Box:
        """Read any four numbers (tuple, list, array, `Box`) as `x, y, width, height`.

        Raises:
            BoxError: not four finite numbers, or width or height not above zero.
        """
        if isinstance(values, Box):
            numbers = list(values)
        else:
            try:
                numbers = [float(v) for v in values]
            except (TypeError, ValueError) as error:
                raise BoxError(f"a box is four numbers x, y, width, height; got {values!r}") from error
        if len(numbers) != 4:
            raise BoxError(f"a box is four numbers x, y, width, height; got {len(numbers)}")
        if not all(math.isfinite(v) for v in numbers):
            raise BoxError(f"box {_plain(numbers)} is not finite: give four finite numbers x, y, width, height")
        if numbers[2] <= 0 or numbers[3] <= 0:
            raise BoxError(f"box {_plain(numbers)} is empty: width and height must be above zero")
        return cls(*numbers)

    @classmethod
    def around(cls, center_x: float, center_y: float, width: float, height: float) -> Box:
        """Return the box of the given size centered at (`center_x`, `center_y`)."""
        return cls(center_x - width / 2, center_y - height / 2, width, height)

    def __iter__(self) -> Iterator[float]:
        yield self.x
        yield self.y
        yield self.width
        yield self.height

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> float:
        return (self.x, self.y, self.width, self.height)[index]

    @property
    def center(self) -> tuple[float, float]:
        """Center (x, y), continuous."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        """Right edge, exclusive."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge, exclusive."""
        return self.y + self.height

    @property
    def area(self) -> float:
        """Width times height, px²."""
        return self.width * self.height

    @property
    def xyxy(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.x, self.y, self.right, self.bottom

    def iou(self, other: Box) -> float:
        """Return intersection over union with another box, in [0, 1]; 0 where either is empty."""
        return iou(self, other)

    def scaled(self, factor: float) -> Box:
        """Return the box grown or shrunk about its center."""
        return Box.around(*self.center, self.width * factor, self.height * factor)

    def moved(self, x: float, y: float) -> Box:
        """Return the box moved by (`x`, `y`)."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def in_units(self, size: float) -> Box:
        """Return the same box measured in units of `size` pixels, as cells of a grid are."""
        return Box(self.x / size, self.y / size, self.width / size, self.height / size)

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point lies in the box; its left and upper edge belong to it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def clipped(self, width: float, height: float) -> Box:
        """Return the part inside a frame of `width` x `height`; of zero size (at the nearest edge) if there is none."""
        left, right = (min(max(v, 0.0), width) for v in (self.x, self.right))
        top, bottom = (min(max(v, 0.0), height) for v in (self.y, self.bottom))
        return Box(left, top, right - left, bottom - top)

    def rounded(self) -> tuple[int, int, int, int]:
        """Return left, top, width, height with the edges rounded to whole pixels, for drawing and slicing."""
        left, top = round(self.x), round(self.y)
        return left, top, round(self.right) - left, round(self.bottom) - top


@dataclass(frozen=True, slots=True)
class RotatedBox:
    """A rectangle turned about its center.

    `width` lies along `angle`, in degrees clockwise on the screen (y points down), in [-90, 90).
    """

    center_x: float
    center_y: float
    width: float
    height: float
    angle: float

    def corners(self) -> tuple[tuple[float, float], ...]:
        """Return the four corners in order around the rectangle."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        halves = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
        offsets = [(u * self.width, v * self.height) for u, v in halves]
        return tuple((self.center_x + u * cos - v * sin, self.center_y + u * sin + v * cos) for u, v in offsets)

    def bounding_box(self) -> Box:
        """Return the smallest axis-aligned box that holds all four corners."""
        xs, ys = zip(*self.corners(), strict=True)
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def shared_area(a: Box, b: Box) -> float:
    """Return the area that two boxes have in common, px²; 0 where they do not meet."""
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return max(across, 0.0) * max(down, 0.0)


def iou(a: Box, b: Box) -> float:
    """Return the intersection over the union of two boxes, in [0, 1]; 0 where either is empty."""
    shared = shared_area(a, b)
    # Rounding of large coordinates may put the quotient a hair above one.
    return min(shared / (a.area + b.area - shared), 1.0) if shared > 0.0 else 0.0


def overlap_of(a: Box, b: Box) -> float:
    """Return the part of the smaller box that lies in the other one, in [0, 1]; neither may be empty."""
    return shared_area(a, b) / min(a.area, b.area)


def shared_areas(first: Sequence[Box], second: Sequence[Box]) -> NDArray[np.float64]:
    """Return the area, px², that each of `first` (rows) has in common with each of `second` (columns)."""
    left, top, right, bottom = np.array([box.xyxy for box in first], np.float64).T[:, :, None]
    other_left, other_top, other_right, other_bottom = np.array([box.xyxy for box in second], np.float64).T
    area: NDArray[np.float64] = np.minimum(right, other_right)
    area -= np.maximum(left, other_left)
    down = np.minimum(bottom, other_bottom)
    down -= np.maximum(top, other_top)
    np.maximum(area, 0.0, out=area)
    area *= np.maximum(down, 0.0, out=down)
    return area


def overlaps_of(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Return `overlap_of` for each pair of `boxes`, (n, n)."""
    areas = np.array([box.area for box in boxes])
    part: NDArray[np.float64] = shared_areas(boxes, boxes) / np.minimum(areas[:, None], areas[None, :])
    return part


def ious(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the intersection over the union of each row of two `(n, 4)` arrays x, y, width, height.

    Returns:
        `(n,)` in [0, 1]; 0 where the two do not meet, or where one holds a nan.
    """
    near = np.maximum(first[:, :2], second[:, :2])
    far = np.minimum(first[:, :2] + first[:, 2:], second[:, :2] + second[:, 2:])
    shared = np.prod(np.clip(far - near, 0.0, None), axis=1)
    union = np.prod(first[:, 2:], axis=1) + np.prod(second[:, 2:], axis=1) - shared
    ratio: NDArray[np.float64] = np.divide(shared, union, out=np.zeros(len(first)), where=shared > 0)
    # x + width rounds: two equal boxes far from the origin may come out a hair off 1.
    return np.minimum(ratio, 1.0)


def _plain(numbers: Iterable[float]) -> str:
    return "(" + ", ".join(f"{v:g}" for v in numbers) + ")"
