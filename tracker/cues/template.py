"""The structure cue: gradients, brightness and color names of the target, found again by a correlation filter."""

from __future__ import annotations

import copy
import math
from typing import Any, NamedTuple, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tracker.config.settings import TemplateSettings
from tracker.cues.base import NO_DISTRACTORS, Cue, Distractors, Evidence, Response, cleared_outside, contrast, coverage
from tracker.cues.correlation import CorrelationFilter, Spectrum, refined_peak
from tracker.cues.features import (
    ORIENTATIONS,
    TERMS,
    GradientGrid,
    color_names,
    gradients,
    memberships,
    principal_components,
)
from tracker.density import Density
from tracker.geometry import Box
from tracker.patch import Patch

_ZOOM_STEP, _ZOOM_STEPS = math.log(1.03), 3
"""Of the scales at which the filter is tried: logarithm of the ratio of neighbors, and how many each way."""
_ZOOMS: NDArray[np.float32] = np.exp(_ZOOM_STEP * np.arange(-_ZOOM_STEPS, _ZOOM_STEPS + 1)).astype(np.float32)

_Features = NDArray[np.float32]
"""`(channels, rows, columns)`: orientations, then brightness, then color names."""


class TemplateResponse(Response):
    """The features of one patch and the filter's response to them; its density is the positive part of that.

    Attributes:
        features: the weighted features.
        spectrum: their transform under the window that the cue attends through.
        heights: the response, (rows, columns), negative too.
    """

    __slots__ = ("features", "heights", "spectrum")

    def __init__(
        self,
        patch: Patch,
        density: Density,
        cell: int,
        features: _Features,
        spectrum: Spectrum,
        heights: NDArray[np.float32],
    ) -> None:
        super().__init__(patch, density, cell)
        self.features = features
        self.spectrum = spectrum
        self.heights = heights


class Structure(NamedTuple):
    """What the filters say of one place.

    Attributes:
        response: height of the response.
        recall: the same for the first frame's filter.
        sharpness: average peak-to-correlation energy of the response.
    """

    response: float
    recall: float
    sharpness: float


class TemplateCue(Cue[TemplateResponse]):
    """A discriminative correlation filter over cells of the patch. All patches have the shape of the first."""

    def __init__(self, settings: TemplateSettings, ring: float) -> None:
        """Make the cue, `ring` as in `ModelSettings`; `init` decides the grid."""
        self._settings = settings
        self._ring = ring
        self._grid: GradientGrid | None = None
        self._filter: CorrelationFilter | None = None
        self._weights, self._colors = _EVEN, memberships()
        self._middle_window = np.ones((1, 1), np.float32)
        self._first_height = 1.0

    def init(self, patch: Patch, target: Box) -> None:
        """Learn the first look; see `Cue.init`."""
        cell = self._settings.cell
        rows, columns = patch.geometry.height // cell, patch.geometry.width // cell
        self._grid = GradientGrid(rows, columns, cell)
        self._middle_window = _window(rows, columns, columns / 2, rows / 2)
        self._weights, self._colors = _EVEN, memberships()
        seen = self._features(patch, patch)
        self._weights = _weights(seen)
        self._colors = principal_components(self._colors, seen[ORIENTATIONS + 1 :] * self._middle_window)
        features = self._features(patch, patch)
        self._filter = CorrelationFilter(rows, columns, target.width / cell, target.height / cell, self._settings)
        spectrum: Spectrum = fft.rfft2(features * self._middle_window)
        x, y = _in_cells(target, cell)
        self._filter.init(spectrum, x, y)
        self._first_height = max(_height_at(self._filter.respond(spectrum), x, y), 1e-6)

    def respond(self, patch: Patch, distractors: Distractors = NO_DISTRACTORS) -> TemplateResponse:
        """Return the patch with the filter's response as density; see `Cue.respond`."""
        return self.respond_with(patch, patch, distractors)

    def respond_with(self, patch: Patch, reduced: Patch, distractors: Distractors = NO_DISTRACTORS) -> TemplateResponse:
        """As `respond`, for a patch that is there `reduced`, too: brightness and colors are averaged anyway."""
        return self._respond(patch, self._features(patch, reduced), self._middle_window, distractors)

    def recentered(
        self, response: TemplateResponse, target: Box, distractors: Distractors = NO_DISTRACTORS
    ) -> TemplateResponse:
        """Move the window to `target`: what it fades away, and nothing else, tells two looks at one patch apart."""
        rows, columns = response.heights.shape
        window = _window(rows, columns, *_in_cells(target, response.cell))
        return self._respond(response.patch, response.features, window, distractors)

    def zoom(self, response: TemplateResponse, target: Box) -> float:
        """See `Cue.zoom`; where the filter responds to nothing, no opinion."""
        assert self._filter is not None, "init() comes first"
        heights = self._filter.at_scales(response.features, *_in_cells(target, response.cell), _ZOOMS)
        if heights.max() <= 0.0:
            return 0.0
        return _ZOOM_STEP * (refined_peak(heights) - _ZOOM_STEPS)

    def copied(self) -> Self:
        """See `Cue.copied`; a filter's arrays are replaced, never changed."""
        twin = copy.copy(self)
        twin._filter = copy.copy(self._filter)
        return twin

    def evidence(self, response: TemplateResponse, target: Box) -> Evidence:
        """Judge by the heights of the responses of the filters of now and of the first frame; see `Cue.evidence`."""
        structure = self.structure(response, target)
        return Evidence(
            similarity=min(max(structure.recall / self._first_height, 0.0), 1.0),
            contrast=contrast(response, target, self._ring),
            coverage=coverage(response.patch, target),
            response=structure.response,
            recall=structure.recall,
            sharpness=structure.sharpness,
        )

    def structure(self, response: TemplateResponse, target: Box) -> Structure:
        """Return what the filters of now and of the first frame say of `target`."""
        assert self._filter is not None, "init() comes first"
        x, y = _in_cells(target, response.cell)
        return Structure(
            _height_at(response.heights, x, y),
            _height_at(self._filter.recall(response.spectrum), x, y),
            _sharpness(response.heights),
        )

    def update(self, response: TemplateResponse, target: Box) -> None:
        """Let the filter follow; see `Cue.update`."""
        assert self._filter is not None, "init() comes first"
        self._filter.update(response.spectrum, *_in_cells(target, response.cell))

    def _respond(
        self, patch: Patch, features: _Features, window: NDArray[np.float32], distractors: Distractors
    ) -> TemplateResponse:
        assert self._filter is not None, "init() comes first"
        cell = self._settings.cell
        spectrum: Spectrum = fft.rfft2(features * window)
        heights = self._filter.respond(spectrum)
        density = cleared_outside(np.maximum(heights, np.float32(0)), patch, cell)
        return TemplateResponse(patch, distractors.excluded(density, patch, cell), cell, features, spectrum, heights)

    def _features(self, patch: Patch, reduced: Patch) -> _Features:
        """Describe the cells: structure in the patch, brightness and colors in what is already averaged of it."""
        assert self._grid is not None, "init() comes first"
        cell, (structure, brightness, color) = self._settings.cell, self._weights
        gray: Any = cv2.cvtColor(patch.image, cv2.COLOR_BGR2GRAY)
        rows, columns = gray.shape[0] // cell, gray.shape[1] // cell
        framed: Any = cv2.copyMakeBorder(gray[: rows * cell, : columns * cell], 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        features = np.empty((ORIENTATIONS + 1 + len(self._colors), rows, columns), np.float32)
        self._grid.described(*gradients(framed), features[None, :ORIENTATIONS], structure)
        seen, whole = reduced.geometry, patch.geometry
        covered = reduced.image[
            : rows * cell * seen.height // whole.height, : columns * cell * seen.width // whole.width
        ]
        small: Any = cv2.resize(covered, (columns, rows), interpolation=cv2.INTER_AREA)
        small_gray: Any = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        np.multiply(small_gray, np.float32(brightness / 255), out=features[ORIENTATIONS])
        features[ORIENTATIONS] -= np.float32(brightness / 2)
        np.multiply(color_names(small, self._colors), np.float32(color), out=features[ORIENTATIONS + 1 :])
        return features


class _Weights(NamedTuple):
    """Weights of the kinds of features."""

    structure: float
    brightness: float
    color: float


_EVEN = _Weights(1.0, 1.0, 1.0)


def _weights(features: _Features) -> _Weights:
    """The weights with which each kind of feature has the energy, a cell, of as many features of mean square 1."""
    energy = np.square(features).mean(axis=(1, 2))
    kinds = np.split(energy, [ORIENTATIONS, ORIENTATIONS + 1])
    return _Weights(
        *(
            1 / (math.sqrt(kind.sum() / count) + 1e-6)
            for kind, count in zip(kinds, (ORIENTATIONS, 1, TERMS), strict=True)
        )
    )


def _window(rows: int, columns: int, x: float, y: float) -> NDArray[np.float32]:
    """Hann's window, (rows, columns), that falls to zero half a grid away from (x, y), in cells.

    It keeps the patch's edges, which circular correlation joins, from being features.
    """
    return np.outer(_hann(rows, y), _hann(columns, x))


def _hann(count: int, middle: float) -> NDArray[np.float32]:
    """Hann's window about `middle` at the centers of `count` cells."""
    angle = (np.arange(count, dtype=np.float32) + np.float32(0.5 - middle)) * np.float32(np.pi / (count + 1))
    window: NDArray[np.float32] = np.square(np.cos(angle))
    # Beyond half a grid the cosine would rise again.
    reach = (count + 1) / 2
    window[: max(math.ceil(middle - 0.5 - reach), 0)] = 0
    window[max(math.floor(middle - 0.5 + reach) + 1, 0) :] = 0
    return window


def _in_cells(target: Box, cell: float) -> tuple[float, float]:
    return (target.x + target.width / 2) / cell, (target.y + target.height / 2) / cell


def _height_at(response: NDArray[np.float32], x: float, y: float) -> float:
    """Greatest response in the 3x3 cells about (x, y)."""
    rows, columns = response.shape
    column, row = min(max(int(x), 1), columns - 2), min(max(int(y), 1), rows - 2)
    return float(response[row - 1 : row + 2, column - 1 : column + 2].max())


def _sharpness(response: NDArray[np.float32]) -> float:
    """Average peak-to-correlation energy (max − min)² / mean((R − min)²) (Wang, Liu & Huang 2017, eq. 9)."""
    above = (response - response.min()).ravel()
    return float(above.max()) ** 2 / max(float(above @ above) / above.size, 1e-12)
