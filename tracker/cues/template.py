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
from tracker.cues.features import COUNT, ORIENTATIONS, GradientGrid, color_names, gradients
from tracker.density import Density
from tracker.geometry import Box
from tracker.patch import Patch

_ZOOM_STEP, _ZOOM_STEPS = math.log(1.03), 3
"""Of the scales at which the filter is tried: logarithm of the ratio of neighbors, and how many each way."""
_ZOOMS: NDArray[np.float32] = np.exp(_ZOOM_STEP * np.arange(-_ZOOM_STEPS, _ZOOM_STEPS + 1)).astype(np.float32)

_Described = NDArray[np.float32]
"""`(30, rows, columns)`: orientations, then brightness, then color names."""

_Features = NDArray[np.float32]
"""`(channels, rows, columns)`: their principal components."""


class TemplateResponse(Response):
    """The features of one patch and the filter's response to them; its density is the positive part of that.

    Attributes:
        features: the weighted features.
        seen: the same under the window that the cue attends through.
        spectrum: the transform of that.
        heights: the response, (rows, columns), negative too.
    """

    __slots__ = ("features", "heights", "seen", "spectrum")

    def __init__(
        self,
        patch: Patch,
        density: Density,
        cell: int,
        features: _Features,
        seen: _Features,
        spectrum: Spectrum,
        heights: NDArray[np.float32],
    ) -> None:
        super().__init__(patch, density, cell)
        self.features = features
        self.seen = seen
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
        self._projection: NDArray[np.float32] = np.ones((1, 1), np.float32)
        self._middle_window = np.ones((1, 1), np.float32)
        self._first_height = 1.0

    def init(self, patch: Patch, target: Box) -> None:
        """Learn the first look; see `Cue.init`."""
        cell = self._settings.cell
        rows, columns = patch.geometry.height // cell, patch.geometry.width // cell
        self._grid = GradientGrid(rows, columns, cell)
        self._middle_window = _window(rows, columns, columns / 2, rows / 2)
        described = self._described(patch, patch)
        self._projection = _projection(described, self._middle_window, self._settings.channels)
        features = self._projected(described)
        self._filter = CorrelationFilter(rows, columns, target.width / cell, target.height / cell, self._settings)
        spectrum: Spectrum = fft.rfft2(features * self._middle_window)
        x, y = _in_cells(target, cell)
        self._filter.init(spectrum, x, y)
        heights = self._filter.respond(spectrum)
        self._first_height = max(_height_at(heights, *_cell_at(heights, x, y)), 1e-6)

    def respond(self, patch: Patch, distractors: Distractors = NO_DISTRACTORS) -> TemplateResponse:
        """Return the patch with the filter's response as density; see `Cue.respond`."""
        return self.respond_with(patch, patch, distractors)

    def respond_with(self, patch: Patch, reduced: Patch, distractors: Distractors = NO_DISTRACTORS) -> TemplateResponse:
        """As `respond`, for a patch that is there `reduced`, too: brightness and colors are averaged anyway."""
        return self._respond(patch, self._projected(self._described(patch, reduced)), self._middle_window, distractors)

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
        cell = _cell_at(response.heights, *_in_cells(target, response.cell))
        return Structure(
            _height_at(response.heights, *cell),
            float(self._filter.recall(response.seen, *cell).max()),
            _sharpness(response.heights),
        )

    def update(self, response: TemplateResponse, target: Box, frames: int = 1) -> None:
        """Let the filter follow; see `Cue.update`."""
        assert self._filter is not None, "init() comes first"
        self._filter.update(response.spectrum, *_in_cells(target, response.cell))

    def _respond(
        self, patch: Patch, features: _Features, window: NDArray[np.float32], distractors: Distractors
    ) -> TemplateResponse:
        assert self._filter is not None, "init() comes first"
        cell = self._settings.cell
        seen = features * window
        spectrum: Spectrum = fft.rfft2(seen)
        heights = self._filter.respond(spectrum)
        density = cleared_outside(np.maximum(heights, np.float32(0)), patch, cell)
        density = distractors.excluded(density, patch, cell)
        return TemplateResponse(patch, density, cell, features, seen, spectrum, heights)

    def _projected(self, described: _Described) -> _Features:
        features: _Features = np.empty((len(self._projection), *described.shape[1:]), np.float32)
        # Row by row: of one large product BLAS would make threads, which spin between updates and double the processor
        # time of all.
        np.matmul(self._projection, described.transpose(1, 0, 2), out=features.transpose(1, 0, 2))
        return features

    def _described(self, patch: Patch, reduced: Patch) -> _Described:
        """Describe the cells: structure in the patch, brightness and colors in what is already averaged of it."""
        assert self._grid is not None, "init() comes first"
        cell = self._settings.cell
        gray: Any = cv2.cvtColor(patch.image, cv2.COLOR_BGR2GRAY)
        rows, columns = gray.shape[0] // cell, gray.shape[1] // cell
        framed: Any = cv2.copyMakeBorder(gray[: rows * cell, : columns * cell], 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        described = np.empty((ORIENTATIONS + 1 + COUNT, rows, columns), np.float32)
        self._grid.described(*gradients(framed), described[None, :ORIENTATIONS])
        seen, whole = reduced.geometry, patch.geometry
        covered = reduced.image[
            : rows * cell * seen.height // whole.height, : columns * cell * seen.width // whole.width
        ]
        small: Any = cv2.resize(covered, (columns, rows), interpolation=cv2.INTER_AREA)
        np.multiply(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32(1 / 255), out=described[ORIENTATIONS])
        described[ORIENTATIONS] -= np.float32(0.5)
        described[ORIENTATIONS + 1 :] = color_names(small)
        return described


def _projection(described: _Described, window: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Weights of all channels in each of their `count` first principal components, (count, 30), as first seen.

    The channels are weighted before, so that each kind of feature counts alike. Components are orthogonal: scalar
    products, of which the filter's responses are sums, stay nearly what they were (Danelljan et al. 2017,
    "Discriminative scale space tracking", section 4).
    """
    kinds = (slice(0, ORIENTATIONS), slice(ORIENTATIONS, ORIENTATIONS + 1), slice(ORIENTATIONS + 1, len(described)))
    weights = np.ones(len(described), np.float32)
    for kind in kinds:
        weights[kind] = 1 / (float(np.sqrt(np.square(described[kind]).mean())) + 1e-6)
    seen = (described * window).reshape(len(described), -1) * weights[:, None]
    _, axes = np.linalg.eigh(seen @ seen.T)
    return np.ascontiguousarray(axes[:, : -count - 1 : -1].T * weights)


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


def _cell_at(response: NDArray[np.float32], x: float, y: float) -> tuple[int, int]:
    """Column and row of the cell at (x, y), or of the nearest with neighbors all round."""
    rows, columns = response.shape
    return min(max(int(x), 1), columns - 2), min(max(int(y), 1), rows - 2)


def _height_at(response: NDArray[np.float32], column: int, row: int) -> float:
    """Greatest response in 3x3 cells about one."""
    return float(response[row - 1 : row + 2, column - 1 : column + 2].max())


def _sharpness(response: NDArray[np.float32]) -> float:
    """Average peak-to-correlation energy (max − min)² / mean((R − min)²) (Wang, Liu & Huang 2017, eq. 9)."""
    above: NDArray[np.float32] = (response - response.min()).ravel()
    return float(above.max()) ** 2 / max(float(above @ above) / len(above), 1e-12)
