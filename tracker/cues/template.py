"""The structure cue: gradients, brightness and colour names of the target, found again by a correlation filter."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tracker.config.settings import TemplateSettings
from tracker.cues.base import Cue, Evidence, View
from tracker.cues.correlation import CorrelationFilter, Spectrum
from tracker.cues.features import COUNT, ORIENTATIONS, GradientGrid, color_names, gradients, normalized
from tracker.density import Density
from tracker.geometry import Box
from tracker.patch import Patch

_Features = NDArray[np.float32]
"""`(channels, rows, columns)`: orientations, then brightness, then colour names."""


class TemplateCue(Cue):
    """A discriminative correlation filter over cells of the patch. All patches have the shape of the first."""

    def __init__(self, settings: TemplateSettings) -> None:
        """Make the cue; `begin` decides the grid."""
        self._settings = settings
        self._grid: GradientGrid | None = None
        self._filter: CorrelationFilter | None = None
        self._weights = np.ones(1, np.float32)
        self._first_height = 1.0

    def begin(self, patch: Patch, target: Box) -> None:
        """Learn the first look; see `Cue.begin`."""
        cell = self._settings.cell
        rows, columns = patch.geometry.height // cell, patch.geometry.width // cell
        self._grid = GradientGrid(rows, columns, cell)
        features = self._features(patch)
        self._weights = _weights(features)
        features *= self._weights
        self._filter = CorrelationFilter(rows, columns, target.width / cell, target.height / cell, self._settings)
        spectrum, place = _spectrum(features, columns / 2, rows / 2), _in_cells(target, cell)
        self._filter.begin(spectrum, *place)
        self._first_height = max(_height_at(self._filter.respond(spectrum), *place), 1e-6)

    def look(self, patch: Patch) -> TemplateView:
        """Return the patch with the filter's response as density; see `Cue.look`."""
        features = self._features(patch)
        features *= self._weights
        rows, columns = features.shape[1:]
        middle = columns / 2, rows / 2
        return TemplateView(patch, self._settings.cell, self._learnt(), features, middle, self._first_height)

    def _features(self, patch: Patch) -> _Features:
        assert self._grid is not None, "begin() comes first"
        cell = self._settings.cell
        gray: Any = cv2.cvtColor(patch.image, cv2.COLOR_BGR2GRAY)
        size = (gray.shape[1] // cell, gray.shape[0] // cell)
        covered = (slice(size[1] * cell), slice(size[0] * cell))
        histograms = self._grid.histograms(*gradients(gray[covered]))
        count = ORIENTATIONS
        features = np.empty((count + 1 + COUNT, size[1], size[0]), np.float32)
        features[:count] = normalized(histograms, self._grid.gains(histograms))[:, 0]
        small: Any = cv2.resize(patch.image[covered], size, interpolation=cv2.INTER_AREA)
        features[count] = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        features[count] *= np.float32(1 / 255)
        features[count] -= np.float32(0.5)
        features[count + 1 :] = color_names(small)
        return features

    def _learnt(self) -> CorrelationFilter:
        assert self._filter is not None, "begin() comes first"
        return self._filter


class TemplateView(View):
    """The features of one patch and what the filter says to them."""

    def __init__(
        self,
        patch: Patch,
        cell: int,
        correlation: CorrelationFilter,
        features: _Features,
        middle: tuple[float, float],
        first_height: float,
    ) -> None:
        """Respond to the weighted `features` of `patch`, seen through a window about `middle` (x, y), in cells.

        `first_height` is that of the first filter's response when learnt.
        """
        super().__init__(patch, cell)
        self._filter = correlation
        self._features = features
        self._first_height = first_height
        self._spectrum = _spectrum(features, *middle)
        self.response = correlation.respond(self._spectrum)

    def focused(self, target: Box) -> TemplateView:
        """Move the window to `target`: what it fades away, and nothing else, tells two looks at one patch apart."""
        middle = _in_cells(target, self.cell)
        return TemplateView(self.patch, self.cell, self._filter, self._features, middle, self._first_height)

    @cached_property
    def density(self) -> Density:
        """The positive part of the response; see `View.density`."""
        density = np.maximum(self.response, np.float32(0))
        self.clear_outside(density)
        return density

    def judge(self, target: Box) -> Evidence:
        """Judge by the heights of the responses of the filters of now and of the first frame; see `View.judge`."""
        recall = _height_at(self._filter.recall(self._spectrum), *_in_cells(target, self.cell))
        return Evidence(
            similarity=min(max(recall / self._first_height, 0.0), 1.0),
            contrast=self.contrast(target),
            coverage=self.coverage(target),
            response=_height_at(self.response, *_in_cells(target, self.cell)),
            sharpness=_sharpness(self.response),
            recall=recall,
        )

    def learn(self, target: Box) -> None:
        """Let the filter follow; see `View.learn`."""
        self._filter.learn(self._spectrum, *_in_cells(target, self.cell))


def _weights(features: _Features) -> _Features:
    """Weights of the channels, `(channels, 1, 1)`, so that each kind of feature counts alike."""
    count = ORIENTATIONS
    kinds = (slice(0, count), slice(count, count + 1), slice(count + 1, len(features)))
    weights = np.ones((len(features), 1, 1), np.float32)
    for kind in kinds:
        weights[kind] = 1 / (float(np.sqrt(np.square(features[kind]).mean())) + 1e-6)
    return weights


def _spectrum(features: _Features, x: float, y: float) -> Spectrum:
    """Transform `features` under a window (Hann) that falls to zero half a grid away from (x, y), in cells.

    It keeps the patch's edges, which circular correlation joins, from being features.
    """
    rows, columns = features.shape[1:]
    spectrum: Spectrum = fft.rfft2(features * np.outer(_hann(rows, y), _hann(columns, x)))
    return spectrum


def _hann(count: int, middle: float) -> NDArray[np.float32]:
    """Hann's window about `middle` at the centres of `count` cells."""
    angle = (np.arange(count, dtype=np.float32) + np.float32(0.5 - middle)) * np.float32(np.pi / (count + 1))
    window: NDArray[np.float32] = np.square(np.cos(np.clip(angle, -np.pi / 2, np.pi / 2, out=angle)))
    return window


def _in_cells(target: Box, cell: float) -> tuple[float, float]:
    x, y = target.center
    return x / cell, y / cell


def _height_at(response: NDArray[np.float32], x: float, y: float) -> float:
    """Greatest response in the 3x3 cells about (x, y)."""
    rows, columns = response.shape
    column, row = min(max(int(x), 1), columns - 2), min(max(int(y), 1), rows - 2)
    return float(response[row - 1 : row + 2, column - 1 : column + 2].max())


def _sharpness(response: NDArray[np.float32]) -> float:
    """Average peak-to-correlation energy (max − min)² / mean((R − min)²) (Wang, Liu & Huang 2017, eq. 9)."""
    above = response - response.min()
    return float(above.max() ** 2 / max(float(np.square(above).mean()), 1e-12))
