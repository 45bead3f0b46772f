"""The one question mean shift asks of the data: the weighted mean of the points about a centre."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.kernels import Kernel

Floats = NDArray[np.float64]

_TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True, slots=True)
class Cloud:
    """The points whose density is climbed.

    Attributes:
        points: `(N, d) float64`, finite.
        weights: `(N,) float64`, > 0, the mass of each point; None where every point has mass 1.
    """

    points: Floats
    weights: Floats | None = None


@dataclass(frozen=True, slots=True)
class Ball:
    """The kernel about a centre.

    Attributes:
        kernel: its shape.
        bandwidth: its scale, > 0, in units of the data.
    """

    kernel: Kernel
    bandwidth: float

    @property
    def radius(self) -> float:
        """Distance beyond which a point has no weight."""
        return self.kernel.support * self.bandwidth

    @property
    def is_flat(self) -> bool:
        """Whether every point of the ball has the same weight, so that sums of whole groups of points serve."""
        return self.kernel.name == "flat"

    def weight(self, squared_distance: Floats) -> Floats:
        """Return g at these squared distances, in [0, 1]; a point on the rim is inside."""
        if self.is_flat:  # not by division: a point at exactly one bandwidth must not fall to rounding
            return (squared_distance <= self.bandwidth**2).astype(np.float64)
        return np.asarray(self.kernel.weight(squared_distance / self.bandwidth**2), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Sums:
    """What lies in K balls.

    Attributes:
        mass: `(K,)` sum of weight times kernel; the number of points for the flat kernel and weights of one.
        moment: `(K, d)` the same sum of the points' coordinates, each less the ball's `origin`.
        origin: `(K, d)`; sums of coordinates about a near origin keep their digits.
    """

    mass: Floats
    moment: Floats
    origin: Floats

    @property
    def means(self) -> Floats:
        """The weighted means, `(K, d)`: where a mean-shift step leads. Of no meaning where the mass is 0."""
        means = self.moment / np.maximum(self.mass, _TINY)[:, None]
        means += self.origin
        return means


class BallSums(Protocol):
    """Sums over the balls about any number of centres at once (Comaniciu & Meer 2002, eq. 17)."""

    def __call__(self, centers: Floats) -> Sums:
        """Return the sums about `(K, d)` centres."""


def power_of_two_above(length: float) -> float:
    """The smallest power of two ≥ `length` > 0: a unit whose multiples are exact in floating point."""
    return float(2.0 ** math.ceil(math.log2(length)))


def common_origin(low: float, high: float, unit: float) -> float:
    """An origin for coordinates in [low, high] that costs them no digits.

    Zero, so that whole numbers have exact sums and means, unless the data lie far from zero for their extent; then
    a multiple of `unit`, a power of two.
    """
    if max(-low, high) <= 2 * (high - low):
        return 0.0
    return round((low + high) / 2 / unit) * unit
