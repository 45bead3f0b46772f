"""Sums over balls in any number of dimensions, by blocked matrix products.

Beyond three dimensions a ball meets too many cells of any grid for `rods` to pay. Two matrix products do the work:
one for all squared distances ‖x‖² − 2⟨x, c⟩ + ‖c‖², one for the sums of the points inside. The distances are rounded
differently from those of single points, so points too near the sphere to call are tested on their coordinates.
"""

from __future__ import annotations

import numpy as np

from tracker.meanshift.clustering.ball import Ball, Cloud, Floats, Sums, common_origin, power_of_two_above

_CENTERS_AT_ONCE = 32
_POINTS_AT_ONCE = 1 << 10  # a block of distances stays in a core's cache
# OpenBLAS spreads larger products over threads; for blocks this small that costs up to forty times what it gains
# (measured on a busy machine with two cores).
_PRODUCT_AT_ONCE = 1 << 18


class DenseSums:
    """Sums over balls about given centres; a `BallSums`."""

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
        """Return the sums about `(K, d)` centres."""
        sums = [
            self._sums(centers[start : start + _CENTERS_AT_ONCE]) for start in range(0, len(centers), _CENTERS_AT_ONCE)
        ]
        total = np.concatenate(sums)
        return Sums(total[:, 0], total[:, 1:], np.broadcast_to(self._origin, centers.shape))

    def _sums(self, centers: Floats) -> Floats:
        """Mass and moment about each centre, `(K, 1 + d)`."""
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
        """Weight each pair of centre and point, those near the sphere by their distance as points."""
        rim = self._ball.radius**2
        unclear = np.abs(squared - rim) <= doubt[:, None]
        if unclear.any():
            center, point = np.nonzero(unclear)
            squared[center, point] = squared_distances(points[point], centers[center])
        return self._ball.weight(squared)


def squared_distances(a: Floats, b: Floats) -> Floats:
    """‖a − b‖² of the rows of two `(M, d)` arrays, summed axis by axis: the same bits wherever it is asked."""
    total = np.zeros(len(a))
    for first, second in zip(a.T, b.T, strict=True):
        total += (first - second) ** 2
    return total
