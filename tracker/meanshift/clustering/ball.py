"""The weighted mean of the points in a ball: what every step of mean shift needs, summed point by point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.kernels import Kernel

Floats = NDArray[np.float64]

_TINY = float(np.finfo(float).tiny)

_CENTERS_AT_ONCE = 32
_POINTS_AT_ONCE = 1 << 10  # a block of distances stays in a core's cache
# OpenBLAS spreads larger products over threads; for blocks this small that costs up to forty times what it gains
# (measured on a busy machine with two cores).
_PRODUCT_AT_ONCE = 1 << 18


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
    """The kernel about a center.

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
    """Sums over the balls about any number of centers at once (Comaniciu & Meer 2002, eq. 17)."""

    def __call__(self, centers: Floats) -> Sums:
        """Return the sums about `(K, d)` centers."""


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


class DenseSums:
    """Sums over balls in any number of dimensions, from the distances of all points; a `BallSums`.

    ‖x − c‖² is expanded to ‖x‖² − 2 x·c + ‖c‖², so that all distances are one matrix product. That form cancels near
    the sphere, where rounding could put a point on the wrong side: such pairs are decided by the difference x − c.
    """

    def __init__(self, cloud: Cloud, ball: Ball) -> None:
        self._ball = ball
        self._points = cloud.points
        unit = power_of_two_above(ball.radius)
        self._origin = np.array([common_origin(c.min(), c.max(), unit) for c in cloud.points.T])
        centered = cloud.points - self._origin
        squares = np.einsum("ij,ij->i", centered, centered)
        self._largest = float(squares.max())
        ones = np.ones_like(squares)
        self._to_distance = np.column_stack((squares, -2 * centered)).T
        weighted = ones if cloud.weights is None else cloud.weights
        self._to_sums = np.column_stack((ones, centered)) * weighted[:, None]

    def __call__(self, centers: Floats) -> Sums:
        """Return the sums about `(K, d)` centers."""
        sums = [
            self._sums(centers[start : start + _CENTERS_AT_ONCE]) for start in range(0, len(centers), _CENTERS_AT_ONCE)
        ]
        total = np.concatenate(sums)
        return Sums(total[:, 0], total[:, 1:], np.broadcast_to(self._origin, centers.shape))

    def _sums(self, centers: Floats) -> Floats:
        """Mass and moment about each center, `(K, 1 + d)`."""
        local = centers - self._origin
        squares = np.einsum("ij,ij->i", local, local)
        factors = np.column_stack((np.ones(len(local)), local))
        # Of d + 2 rounded terms none exceeds twice the largest square; doubled to be safe.
        doubt = 4 * (local.shape[1] + 2) * np.finfo(float).eps * np.maximum(squares, self._largest)
        sums = np.zeros_like(factors)
        block = min(_POINTS_AT_ONCE, max(64, _PRODUCT_AT_ONCE // factors.size))
        for start in range(0, len(self._points), block):
            some = slice(start, start + block)
            squared = factors @ self._to_distance[:, some]
            squared += squares[:, None]
            sums += self._weight(squared, doubt, centers, self._points[some]) @ self._to_sums[some]
        return sums

    def _weight(self, squared: Floats, doubt: Floats, centers: Floats, points: Floats) -> Floats:
        """Weight each pair of center and point, those near the sphere by their distance as points."""
        rim = self._ball.radius**2
        unclear = np.abs(squared - rim) <= doubt[:, None]
        if unclear.any():
            center, point = np.nonzero(unclear)
            squared[center, point] = squared_distances(points[point], centers[center])
        return self._ball.weight(squared)


def squared_distances(a: Floats, b: Floats) -> Floats:
    """‖a − b‖² of the rows of two `(M, d)` arrays, summed axis by axis: the same bits in every caller."""
    total = np.zeros(len(a))
    for first, second in zip(a.T, b.T, strict=True):
        total += (first - second) ** 2
    return total
