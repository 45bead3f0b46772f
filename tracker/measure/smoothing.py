"""Savitzky–Golay smoothing and derivatives, for even and for uneven times.

About each point a polynomial is fitted to the `window` nearest in order, by least squares; its value and derivatives at
the point are the results (Savitzky & Golay 1964; at the ends the window stops at the last point, as scipy's `interp`).
All are weighted sums of the measured values, so their standard errors follow from the weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError
from tracker.measure.trajectory import Array

Indices: TypeAlias = NDArray[np.int64]

_EVEN = 1e-3
"""Steps of time that differ by less than this share are the same: containers round to milliseconds or finer."""
_BLOCK = 4096
"""Points whose fits are solved at once: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Smoothing:
    """The window of the derivatives.

    Attributes:
        window: frames that are fitted together, odd, above `order`.
        order: degree of the polynomial, 2 to 5; 2 is for accelerations that hardly change within a window.
    """

    window: int = 9
    order: int = 3

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ConfigError: a number is out of range.
        """
        if not 2 <= self.order <= 5:
            raise ConfigError(f"a polynomial of degree {self.order} is not possible here: give 2 to 5")
        if self.window % 2 == 0 or self.window < self.order + 2:
            raise ConfigError(
                f"a window of {self.window} frames is not possible: give an odd number, {self.order + 2} or more"
            )

    def fitting(self, count: int) -> Smoothing | None:
        """Return the smoothing for a stretch of `count` points: a shorter window if need be, None if too few."""
        window = min(self.window, count if count % 2 else count - 1)
        return Smoothing(window, self.order) if window >= self.order + 2 else None


def smoothing_weights(times: Array, smoothing: Smoothing, derivative: int) -> tuple[Indices, Array]:
    """Return the weights of a derivative (0: the value itself) at every point of a stretch.

    Args:
        times: `(n,)` seconds, rising, n at least the window.
        smoothing: the window.
        derivative: 0, 1 or 2.

    Returns:
        `(n,)` the first index of each point's window, and `(n, window)` the weights of the values in it.
    """
    window, count = smoothing.window, len(times)
    firsts: Indices = np.clip(np.arange(count) - window // 2, 0, count - window).astype(np.int64)
    steps = np.diff(times)
    if np.ptp(steps) <= _EVEN * steps.mean():
        return firsts, _even(np.arange(count) - firsts, float(steps.mean()), smoothing, derivative)
    return firsts, _uneven(times, firsts, smoothing, derivative)


def weighted(values: Array, firsts: Indices, weights: Array) -> Array:
    """Return the weighted sums of `(n,)` values over the windows that begin at `firsts`."""
    windows = np.lib.stride_tricks.sliding_window_view(values, weights.shape[1])
    return np.asarray((windows[firsts] * weights).sum(axis=1), np.float64)


def _even(places: Indices, step: float, smoothing: Smoothing, derivative: int) -> Array:
    """Return the weights for even times: they depend on the point's place in its window only."""
    return _table(smoothing, derivative)[places] / step**derivative


@lru_cache(maxsize=64)
def _table(smoothing: Smoothing, derivative: int) -> Array:
    """Return `(window, window)` the weights for each place in a window, for steps of one."""
    from scipy.signal import savgol_coeffs  # most of a second, for those that measure

    window, order = smoothing.window, smoothing.order
    rows = [savgol_coeffs(window, order, derivative, pos=place, use="dot") for place in range(window)]
    return np.array(rows, np.float64)


def _uneven(times: Array, firsts: Indices, smoothing: Smoothing, derivative: int) -> Array:
    """Return the weights from a fit at each point: with t in half windows about it, the pseudo-inverse of tᵏ."""
    found = np.empty((len(times), smoothing.window))
    for begin in range(0, len(times), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        offsets = times[firsts[block, None] + np.arange(smoothing.window)] - times[block, None]
        unit = np.abs(offsets).max(axis=1, keepdims=True)
        powers = (offsets / unit)[:, :, None] ** np.arange(smoothing.order + 1)
        inverse = np.linalg.pinv(powers)[:, derivative]
        found[block] = math.factorial(derivative) * inverse / unit**derivative
    return found
