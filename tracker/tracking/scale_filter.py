"""Size by a correlation filter over scales, which needs structure, no color.

The one-dimensional filter of Danelljan et al. 2014, "Accurate scale estimation for robust visual tracking".
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tracker.config.settings import SizeSettings
from tracker.cues import features
from tracker.cues.base import Response
from tracker.cues.correlation import product, refined_peak
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.scale import ScaleChange, ScaleEstimator
from tracker.values import value

_CELL = 4
"""Sample pixels of a cell, per side."""

_FAINT = 1e-9
"""Energy that is none."""

_CHANNELS = features.ORIENTATIONS * 3 // 2
"""Signed and unsigned orientations."""

_Samples = NDArray[np.float32]
"""`(scales, features)`: the target's description at each scale."""


@value
class FilterChange(ScaleChange):
    """A change with what it was measured on.

    Attributes:
        samples: the target's description at each scale.
        step: the scale found, in steps of the ladder.
        zoom: what the cue said of it.
    """

    samples: _Samples | None = None
    step: float = 0.0
    zoom: float = 0.0


class ScaleFilter(ScaleEstimator):
    """Compares the target, cut out at a ladder of scales, with how such a ladder looked before.

    All scales are sampled from the patch at once and described by one pass of gradient histograms. The filter learns
    what it has found, so that its errors add up; the cue's template, which forgets more slowly, draws the size back by
    a part of what it says beyond what it usually says.

    Correlation along the scales needs the scalar products of all pairs of scales only, one small matrix, and no
    transform of each feature: those along the matrix's wrapped diagonals belong to one shift.
    """

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._scales = np.array(settings.scales, np.float32)
        count = len(self._scales)
        self._window = np.hanning(count + 2)[1:-1].astype(np.float32)[:, None]
        self._sigma = math.sqrt(count) / 4
        self._usual_zoom = 0.0
        self._lessons = 0
        one, other = np.arange(count)[:, None], np.arange(count)
        self._sums = (one + other) % count
        self._pairs = (one - other) % count * count + other
        # For so few scales a matrix takes less time than a transform's call.
        self._transform: NDArray[np.complex64] = fft.rfft(np.eye(count, dtype=np.float32), axis=0)
        self._back = self._transform.conj().T * np.float32(2 / count)
        self._back[:, 0] /= 2
        self._numerator: _Samples = np.zeros((count, 1), np.float32)
        self._energy: NDArray[np.float32] = np.zeros(1, np.float32)

    def init(self, response: Response, target: Box) -> None:
        """See `ScaleEstimator.init`."""
        shrink = math.sqrt(self._settings.sample_area / target.area)
        rows, columns = (max(round(side * shrink / _CELL), 2) for side in (target.height, target.width))
        self._shape = (rows * _CELL, columns * _CELL)
        self._grid = features.GradientGrid(rows, columns, _CELL, len(self._scales))
        self._across, self._down = self._ladder(*self._shape)
        self._numerator, self._energy = self._products(self._samples(response.patch.image, target), 0.0)

    def measure(self, response: Response, target: Box, growth: float, zoom: float = 0.0) -> FilterChange:
        """See `ScaleEstimator.measure`."""
        samples = self._samples(response.patch.image, target)
        # Equation 6; λ, there a constant, is a share of the mean energy, so that it means the same for every target.
        energy = self._energy + self._settings.regularization * self._energy.mean() + np.float32(_FAINT)
        heights = (self._back @ (self._transform @ self._correlated(self._numerator, samples) / energy)).real
        # Without structure, in black for example, nothing is said of the size.
        step = refined_peak(heights) - len(self._scales) // 2 if heights.max() > 0.0 else 0.0
        factor = self._settings.step ** (self._settings.damping * step) * math.exp(
            self._settings.zoom * (zoom - self._usual_zoom)
        )
        return FilterChange(factor, factor, samples=samples, step=step, zoom=zoom)

    def update(self, change: ScaleChange) -> None:
        """See `ScaleEstimator.update`; equations 5 a and b."""
        if not isinstance(change, FilterChange) or change.samples is None:
            return
        self._lessons += 1
        self._usual_zoom += max(self._settings.zoom_rate, 1 / (self._lessons + 1)) * (change.zoom - self._usual_zoom)
        numerator, energy = self._products(change.samples, change.step)
        rate = np.float32(self._settings.rate)
        self._numerator = self._numerator + rate * (numerator - self._numerator)
        self._energy = self._energy + rate * (energy - self._energy)

    def _products(self, samples: _Samples, step: float) -> tuple[_Samples, NDArray[np.float32]]:
        """Numerator, over scales, and energy, over frequencies, of the filter that answers `samples` by `step`."""
        count = len(self._scales)
        distance = np.arange(count) - count // 2 - step
        label = np.exp(-np.square(distance) / (2 * self._sigma**2)).astype(np.float32)
        # The label convolved with the samples read backward: label[n + m] weighs the sample of scale m.
        numerator = product(label[self._sums], samples)
        return numerator, (self._transform @ self._correlated(samples[-np.arange(count)], samples)).real

    def _correlated(self, one: _Samples, other: _Samples) -> NDArray[np.float32]:
        """The circular convolution of two ladders along the scales, summed over the features: (scales,)."""
        correlated: NDArray[np.float32] = product(one, other.T).take(self._pairs).sum(axis=1)
        return correlated

    def _samples(self, image: Image, target: Box) -> _Samples:
        """Describe the target at every scale, smallest first."""
        gray: Any = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        rows, columns = self._shape
        # OpenCV's pixel i has its center at i, ours at i + 0.5.
        center_x, center_y = target.center
        map_x = self._across * np.float32(target.width)
        map_x += np.float32(center_x - 0.5)
        map_y = self._down * np.float32(target.height)
        map_y += np.float32(center_y - 0.5)
        cut: Any = cv2.remap(gray, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        dx, dy = features.gradients(cut.reshape(len(self._scales), rows + 2, columns + 2))
        described = np.empty((len(self._scales), _CHANNELS, rows // _CELL, columns // _CELL), np.float32)
        self._grid.described(dx.reshape(-1, columns), dy.reshape(-1, columns), described)
        samples: _Samples = described.reshape(len(self._scales), -1)
        samples *= self._window
        return samples

    def _ladder(self, rows: int, columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Where the samples of all scales lie about the target's center, in target sizes, one scale below the other.

        One more sample all round, for the gradients.
        """
        whole = (len(self._scales), rows + 2, columns + 2)
        across = np.multiply.outer(self._scales, _offsets(columns + 2) / np.float32(columns))
        down = np.multiply.outer(self._scales, _offsets(rows + 2) / np.float32(rows))
        ladders = np.broadcast_to(across[:, None, :], whole), np.broadcast_to(down[:, :, None], whole)
        x, y = (np.ascontiguousarray(ladder).reshape(-1, columns + 2) for ladder in ladders)
        return x, y


def _offsets(count: int) -> NDArray[np.float32]:
    """Distances of `count` samples from their middle."""
    return np.arange(count, dtype=np.float32) - np.float32((count - 1) / 2)
