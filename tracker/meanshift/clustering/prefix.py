"""Prefix sums whose differences stay accurate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats

Ints = NDArray[np.intp]


class PrefixSums:
    """Sums over spans of a sequence, each in constant time.

    A difference of two large prefix sums loses the digits that both have in common. Where that loss would exceed
    `accuracy`, the rounding error of every addition is summed as well (two-sum; Knuth, TAOCP vol. 2, 4.2.2) and made
    good in the difference.
    """

    def __init__(self, values: Floats, accuracy: float) -> None:
        sums = np.zeros(len(values) + 1)
        np.cumsum(values, out=sums[1:])
        self._sums = sums
        peak = max(float(sums.max()), -float(sums.min()))
        self._errors = _rounding_errors(values, sums) if np.finfo(float).eps * peak > accuracy else None

    def between(self, first: Ints, end: Ints) -> Floats:
        """Return the sums over the spans [first, end), elementwise."""
        total = self._sums.take(end)
        total -= self._sums.take(first)
        if self._errors is not None:
            total += self._errors.take(end) - self._errors.take(first)
        return total


def _rounding_errors(values: Floats, sums: Floats) -> Floats:
    """Prefix sums of what each addition in `sums` lost."""
    errors = np.zeros(len(sums))
    before, after = sums[:-1], sums[1:]
    added = after - before
    np.cumsum((before - (after - added)) + (values - added), out=errors[1:])
    return errors
