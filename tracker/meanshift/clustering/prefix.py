"""Prefix sums whose differences stay accurate."""

from __future__ import annotations

import numpy as np

from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.clustering.grouping import Ints


class PrefixSums:
    """Sums over spans of M sequences of equal length, each in constant time.

    A difference of two large prefix sums loses the digits that both have in common. Where that loss may exceed
    `accuracy`, the rounding error of every addition is summed as well (two-sum; Knuth, TAOCP vol. 2, 4.2.2) and made
    good in the difference.

    Args:
        sequences: M arrays `(N,)`.
        accuracy: the error of a sum that is of no consequence, for each.
    """

    def __init__(self, sequences: list[Floats], accuracy: list[float]) -> None:
        self._sums = np.zeros((len(sequences), len(sequences[0]) + 1))
        for values, sums in zip(sequences, self._sums, strict=True):
            np.cumsum(values, out=sums[1:])
        lost = np.finfo(float).eps * np.maximum(self._sums.max(axis=1), -self._sums.min(axis=1))
        self._errors: Floats | None = None
        if np.any(lost > accuracy):
            self._errors = np.zeros_like(self._sums)
            for values, sums, errors in zip(sequences, self._sums, self._errors, strict=True):
                np.cumsum(_rounding_errors(values, sums), out=errors[1:])

    def between(self, first: Ints, end: Ints) -> Floats:
        """Return the sums over the spans [first, end), `(M, …)` for arrays of shape `(…)`."""
        total = self._sums.take(end, axis=1)
        total -= self._sums.take(first, axis=1)
        if self._errors is not None:
            total += self._errors.take(end, axis=1) - self._errors.take(first, axis=1)
        return total


def _rounding_errors(values: Floats, sums: Floats) -> Floats:
    """What each addition in `sums`, the prefix sums of `values`, lost."""
    before, after = sums[:-1], sums[1:]
    added = after - before
    return (before - (after - added)) + (values - added)
