"""From pixels to units of length: a scale, an origin, and which way up is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*([^\W\d_]+)\s*=\s*(.+?)\s*")
_PIXELS = re.compile(rf"({_NUMBER})\s*(?:px)?")
_POINT = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")

PIXELS = "px"
"""The unit without a scale."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How places in the picture become places in the world; the camera looks at the plane of motion squarely.

    Attributes:
        pixels_per_unit: pixels that one unit of length takes, above 0.
        unit: its name, such as m.
        origin: the place that becomes (0, 0), pixels.
        y_up: whether y grows upward; angles then count counterclockwise, and clockwise otherwise.
    """

    pixels_per_unit: float = 1.0
    unit: str = PIXELS
    origin: tuple[float, float] = (0.0, 0.0)
    y_up: bool = False

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ConfigError: the scale is not above 0, or something is not finite.
        """
        if not (math.isfinite(self.pixels_per_unit) and self.pixels_per_unit > 0):
            raise ConfigError(f"a scale of {self.pixels_per_unit:g} pixels a unit is not possible: it is above 0")
        if not all(map(math.isfinite, self.origin)):
            raise ConfigError(f"the origin {self.origin} is not finite: give X,Y in pixels")

    def apply(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return places in units of length, given in pixels."""
        up = -1.0 if self.y_up else 1.0
        return (x - self.origin[0]) / self.pixels_per_unit, up * (y - self.origin[1]) / self.pixels_per_unit


def parse_scale(text: str) -> tuple[float, str]:
    """Read a scale; return pixels per unit, and the unit's name.

    Either a length in pixels, `0.84m=212px`, or the two ends of the length, `0.84m=120,340:331,352`.

    Raises:
        ConfigError: it is none, or a length is not above 0.
    """
    match = _LENGTH.fullmatch(text)
    length = float(match[1]) if match else 0.0
    pixels = _pixels(match[3]) if match else None
    if match is None or pixels is None:
        raise ConfigError(
            f"{text!r} is no scale: write a length and its pixels, 0.84m=212px, or its ends, 0.84m=120,340:331,352"
        )
    if not (length > 0 and pixels > 0):
        raise ConfigError(f"the scale {text!r} has a length of 0: both sides are above 0")
    return pixels / length, match[2]


def parse_point(text: str) -> tuple[float, float]:
    """Read a place in the picture, `X,Y` in pixels.

    Raises:
        ConfigError: it is none.
    """
    match = _POINT.fullmatch(text)
    if match is None:
        raise ConfigError(f"{text!r} is no place: write X,Y in pixels")
    return float(match[1]), float(match[2])


def _pixels(text: str) -> float | None:
    """Return a length in pixels, given as a number or by its two ends; None where it is neither."""
    match = _PIXELS.fullmatch(text)
    if match:
        return float(match[1])
    ends = [_POINT.fullmatch(part) for part in text.split(":")]
    if len(ends) != 2 or not all(ends):
        return None
    first, second = ((float(end[1]), float(end[2])) for end in ends if end)
    return math.dist(first, second)
