"""Moments of the density under a window: how much, where, how far spread, how turned (Bradski 1998; Hu 1962)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of a density under a window.

    Attributes:
        mass: sum of the density (zeroth moment).
        x: centroid, continuous array coordinates.
        y: centroid, continuous array coordinates.
        xx: variance across, elements².
        yy: variance down, elements².
        xy: covariance, elements².
    """

    mass: float
    x: float
    y: float
    xx: float
    yy: float
    xy: float

    @property
    def axes(self) -> tuple[float, float]:
        """Standard deviations along the principal axes, long one first."""
        middle, spread = (self.xx + self.yy) / 2, math.hypot((self.xx - self.yy) / 2, self.xy)
        return math.sqrt(max(middle + spread, 0.0)), math.sqrt(max(middle - spread, 0.0))

    @property
    def angle(self) -> float:
        """Direction of the long axis in degrees, clockwise with y down, in [-90, 90)."""
        angle = math.degrees(math.atan2(2 * self.xy, self.xx - self.yy) / 2)
        return -90.0 if angle >= 90.0 else angle


def window_moments(density: NDArray[Any], left: int, top: int, right: int, bottom: int) -> Moments | None:
    """Return the moments of `density[top:bottom, left:right]` (clipped to the array); None where there is no mass."""
    left, top = max(left, 0), max(top, 0)
    under = density[top : max(bottom, top), left : max(right, left)].astype(np.float64)
    mass = float(under.sum())
    if not mass > 0.0:
        return None
    by_column, by_row = under.sum(axis=0) / mass, under.sum(axis=1) / mass
    xs, ys = np.arange(under.shape[1]) + 0.5, np.arange(under.shape[0]) + 0.5
    x, y = float(by_column @ xs), float(by_row @ ys)
    xx, yy = float(by_column @ np.square(xs - x)), float(by_row @ np.square(ys - y))
    xy = float((ys - y) @ under @ (xs - x)) / mass
    return Moments(mass, left + x, top + y, xx, yy, xy)
