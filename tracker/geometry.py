"""Boxes and THE pixel convention.

A box is `x, y, width, height` in floats, 0-based and half-open: it covers x ≤ u < x + width. Coordinates are
continuous; the centre of the top-left pixel is (0.5, 0.5), so a box (0, 0, 1, 1) is exactly that pixel. Values stay
sub-pixel inside the package and are rounded only when drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.errors import BoxError


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle: left edge `x`, top edge `y`, `width` and `height`, in pixels.

    Iterates, unpacks and indexes as the four numbers, so that `cv2` and numpy take it as it is.
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
        """Return the box of the given size centred at (`center_x`, `center_y`)."""
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
        """Centre (x, y), continuous."""
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

    def scaled(self, factor: float) -> Box:
        """Return the box grown or shrunk about its centre."""
        return Box.around(*self.center, self.width * factor, self.height * factor)

    def moved(self, x: float, y: float) -> Box:
        """Return the box moved by (`x`, `y`)."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def over(self, factor: float) -> Box:
        """Return the box in units `factor` times as large: every number divided."""
        return Box(self.x / factor, self.y / factor, self.width / factor, self.height / factor)

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
    """A rectangle turned about its centre.

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


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, in [0, 1]; 0 where either is empty."""
    across = min(a.right, b.right) - max(a.x, b.x)
    down = min(a.bottom, b.bottom) - max(a.y, b.y)
    if across <= 0 or down <= 0:
        return 0.0
    intersection = across * down
    # Rounding of large coordinates may put the quotient a hair above one.
    return min(intersection / (a.area + b.area - intersection), 1.0)


def _plain(numbers: Iterable[float]) -> str:
    return "(" + ", ".join(f"{v:g}" for v in numbers) + ")"
