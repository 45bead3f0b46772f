"""A discriminative correlation filter with the target's box as its support.

One small filter a feature channel is learned so that the sum of their responses over a patch is a narrow peak on the
target and nothing elsewhere. Correlation through the Fourier transform is circular, which would let the filter grow
over the whole patch; the filter is therefore confined to the target's box (Kiani Galoogahi et al. 2017, "Learning
background-aware correlation filters"; Lukežič et al. 2017, "Discriminative correlation filter with channel and spatial
reliability"), by the alternating direction method of multipliers. Its history is a running average (Danelljan et al.
2014), drawn a little toward the first filter, which cannot drift.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tracker.config.settings import TemplateSettings

Spectrum: TypeAlias = NDArray[np.complex64]
"""`(channels, rows, columns // 2 + 1)`: half of the transform of real features."""

Values: TypeAlias = NDArray[np.float32]
"""`(rows, channels, columns)` of the filters' support."""

_PENALTY_GROWTH = 10.0
"""Factor of the penalty a round, starting at 1 (Kiani Galoogahi et al. 2017, section 3.2)."""


class CorrelationFilter:
    """Filters for patches of one grid. Points are in cells: (0.5, 0.5) is the center of the first cell."""

    def __init__(self, rows: int, columns: int, width: float, height: float, settings: TemplateSettings) -> None:
        """Make a filter for a target of `width` x `height` cells on a grid of `rows` x `columns` cells."""
        self._settings = settings
        self._shape = (rows, columns)
        self._cells = rows * columns
        down, across = _support(rows, height), _support(columns, width)
        self._rows_used, self._columns_used = np.flatnonzero(down), np.flatnonzero(across)
        self._support = np.outer(down[self._rows_used], across[self._columns_used])[:, None, :]
        # A convolution takes the cell at −d with the filter's value at d.
        self._places = tuple(
            -(fft.fftfreq(count) * count)[used].astype(np.float32)
            for count, used in ((rows, self._rows_used), (columns, self._columns_used))
        )
        self._turns = (fft.fftfreq(rows), fft.rfftfreq(columns))
        self._across, self._across_back = _row_transforms(columns, self._columns_used)
        sigma = max(0.5, math.sqrt(width * height) * settings.sigma)
        self._label = fft.rfft2(np.outer(_bump(rows, sigma), _bump(columns, sigma)).astype(np.float32))
        self._values: Values = np.zeros((len(self._rows_used), 1, len(self._columns_used)), np.float32)
        self._filter = self._transformed(self._values)
        self._first_values = self._values
        self._orders = [places.argsort() for places in self._places]
        self._ordered = [
            places[order].astype(np.intp) for places, order in zip(self._places, self._orders, strict=True)
        ]
        self._first_ordered = np.zeros(1, np.float32)
        self._lessons = 0

    def init(self, features: Spectrum, x: float, y: float) -> None:
        """Forget all and learn the target at (x, y)."""
        self._values = self._first_values = self._solve(features, x, y)
        self._filter = self._transformed(self._values)
        rows, columns = self._orders
        self._first_ordered = self._values[rows][:, :, columns].transpose(1, 0, 2).ravel()
        self._lessons = 0

    def respond(self, features: Spectrum) -> NDArray[np.float32]:
        """Return the response (rows, columns): a narrow peak on the target; heights compare between frames only."""
        response: NDArray[np.float32] = fft.irfft2((self._filter * features).sum(axis=0), self._shape)
        return response

    def recall(self, features: NDArray[np.float32], column: int, row: int) -> NDArray[np.float32]:
        """Return the responses of the first filter, which has learned nothing since, at 3 x 3 cells.

        At so few places they are sums over the filter's support sooner than by transforms.

        Args:
            features: (channels, rows, columns), not transformed.
            column: of the cell in the middle.
            row: of the cell in the middle.

        Returns:
            (9,), row by row.
        """
        down, across = (np.arange(places[0] - 1, places[-1] + 2) for places in self._ordered)
        near = features.take(row + down, axis=1, mode="wrap").take(column + across, axis=2, mode="wrap")
        count, rows, columns = near.shape
        plane, line, step = near.strides
        # Every 3 x 3 place of the support in what is near.
        shape, strides = (3, 3, count, rows - 2, columns - 2), (line, step, plane, line, step)
        return np.ndarray(shape, near.dtype, near, 0, strides).reshape(9, -1) @ self._first_ordered

    def at_scales(
        self, features: NDArray[np.float32], x: float, y: float, scales: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the response at (x, y) to a target of other sizes: the features there, read `scales` times as apart.

        The response at one place is a sum over the filter's support, so that no transform is needed. Between the
        centers of cells, features are interpolated.

        Args:
            features: (channels, rows, columns), not transformed.
            x: the target's center, cells.
            y: the target's center, cells.
            scales: (n,), 1 for the size that was learned.

        Returns:
            (n,).
        """
        down, top, bottom = _hats(self._places[0], y - 0.5, scales, self._shape[0])
        across, left, right = _hats(self._places[1], x - 0.5, scales, self._shape[1])
        # The filter is spread over the cells once for each scale, which costs less than reading every channel at each.
        count, rows = len(scales), bottom - top
        spread = down.transpose(0, 2, 1).reshape(count * rows, -1) @ self._values.reshape(len(self._values), -1)
        spread = spread.reshape(count, -1, across.shape[1]) @ across
        near = features[:, top:bottom, left:right].transpose(1, 0, 2)
        return np.asarray(spread.reshape(count, -1) @ near.ravel(), np.float32)

    def update(self, features: Spectrum, x: float, y: float) -> None:
        """Learn the target's look at (x, y), only every so many calls, as set; drawn toward the first look."""
        self._lessons += 1
        if self._lessons % self._settings.every:
            return
        values = self._values + np.float32(self._settings.rate) * (self._solve(features, x, y) - self._values)
        values += np.float32(self._settings.anchor) * (self._first_values - values)
        self._values, self._filter = values, self._transformed(values)

    def _solve(self, features: Spectrum, x: float, y: float) -> Values:
        """Return the filter g in the support that minimizes |Σ_k g_k·x_k − y|² + γ|g|², by a few rounds of ADMM.

        With x the features, y the wanted response over the number of cells T, both transformed, each round first finds
        the filter f without support that fits the response and lies near g, then g, its part in the support, then the
        multiplier h = (f − g) / growth; the penalty p grows. The first is a rank-one system a frequency, solved by
        Sherman and Morrison's formula: f = g + conj(x)·a with one a for all channels,

            a = (y − (e·y + p·Σ_k x_k (g_k − h_k)) / (p·T + e)) / p,  e = Σ_k |x_k|².

        As Σ_k x_k f_k is known then, h is only ever needed in that sum.
        """
        conjugate = features.conj()
        squares = np.square(features.view(np.float32)).sum(axis=0)
        energy = squares[:, ::2] + squares[:, 1::2]
        wanted = self._label_at(x, y) * np.float32(1 / self._cells)
        confined: Values = np.zeros((1, 1, 1), np.float32)
        overlap: Any = np.zeros_like(wanted)  # Σ x·g
        target: Any = overlap  # Σ x·(g − h)
        penalty = 1.0
        for remaining in reversed(range(self._settings.rounds)):
            residual = wanted - (energy * wanted + np.float32(penalty) * target) / (
                np.float32(penalty * self._cells) + energy
            )
            residual *= np.float32(1 / penalty)
            confined = (confined + self._inside(conjugate * residual)) * self._support
            if remaining:
                free = overlap + energy * residual
                overlap = (features * self._transformed(confined)).sum(axis=0)
                target = overlap - (free - overlap) * np.float32(1 / _PENALTY_GROWTH)
                penalty *= _PENALTY_GROWTH
        return confined

    def _inside(self, filters: Spectrum) -> Values:
        """The filters' values in the rectangle about the support. Rows outside are never transformed along."""
        rows: Any = fft.ifft(filters, axis=1, overwrite_x=True).take(self._rows_used, axis=1)
        inside = rows.view(np.float32).reshape(-1, len(self._across_back)) @ self._across_back
        values: Values = inside.reshape(*rows.shape[:2], -1).transpose(1, 0, 2)
        return values

    def _transformed(self, values: Values) -> Spectrum:
        """The transform of filters that are nothing outside the rectangle about the support."""
        rows, columns = self._shape
        used, count, _ = values.shape
        inside = (values.transpose(1, 0, 2).reshape(count * used, -1) @ self._across).view(np.complex64)
        spectrum = np.zeros((count, rows, columns // 2 + 1), np.complex64)
        spectrum[:, self._rows_used] = inside.reshape(count, used, -1)
        transformed: Spectrum = fft.fft(spectrum, axis=1, overwrite_x=True)
        return transformed

    def _label_at(self, x: float, y: float) -> Spectrum:
        """The wanted response with its peak at (x, y): the shift theorem, exact for fractions of a cell."""
        down = np.exp(-2j * np.pi * self._turns[0] * (y - 0.5))
        across = np.exp(-2j * np.pi * self._turns[1] * (x - 0.5))
        label: Spectrum = self._label * np.outer(down, across).astype(np.complex64)
        return label


def refined_peak(values: NDArray[np.float32]) -> float:
    """Return the place of the maximum of equally spaced values, refined by the parabola through its neighbors."""
    at = int(values.argmax())
    if at in (0, len(values) - 1):
        return float(at)
    before, here, after = values[at - 1 : at + 2].tolist()
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def _distances(count: int) -> NDArray[np.float64]:
    """Distance of each cell from cell 0 around the circle."""
    distances: NDArray[np.float64] = np.abs(fft.fftfreq(count) * count)
    return distances


def _hats(
    places: NDArray[np.float32], center: float, scales: NDArray[np.float32], count: int
) -> tuple[NDArray[np.float32], int, int]:
    """Weights of linear interpolation at `places` about `center`, (scales, places, cells), and which of `count` cells.

    What lies outside the cells is 0.
    """
    at = np.multiply.outer(scales, places) + np.float32(center)
    first = min(max(math.floor(at.min()), 0), count - 1)
    last = max(min(math.ceil(at.max()) + 1, count), first + 1)
    offsets = at[..., None] - np.arange(first, last, dtype=np.float32)
    return np.maximum(np.float32(1) - np.abs(offsets), np.float32(0)), first, last


def _row_transforms(count: int, used: NDArray[np.intp]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Matrices of the transform of rows of `count` values that are 0 but at those `used`, and of its inverse there.

    Of so few values a product takes less time than the fast transform of all.

    Returns:
        (used, 2·(count // 2 + 1)) and back; real and imaginary parts by turns.
    """
    frequencies = np.arange(count // 2 + 1)
    angles = 2 * np.pi / count * np.outer(used, frequencies)
    turns = np.stack([np.cos(angles), -np.sin(angles)], axis=-1)
    # All frequencies but the lowest, and the highest of an even count, stand for two.
    twice = np.where(2 * frequencies % count == 0, 1, 2) / count
    back = (turns * twice[:, None]).reshape(len(used), -1).T
    return turns.reshape(len(used), -1).astype(np.float32), np.ascontiguousarray(back, np.float32)


def _support(count: int, length: float) -> NDArray[np.float32]:
    """Part of each cell covered by an interval of `length` cells centered on cell 0."""
    return np.clip(length / 2 - _distances(count) + 0.5, 0, 1).astype(np.float32)


def _bump(count: int, sigma: float) -> NDArray[np.float64]:
    """Gaussian of height 1 centered on cell 0."""
    return np.exp(-np.square(_distances(count)) / (2 * sigma * sigma))
