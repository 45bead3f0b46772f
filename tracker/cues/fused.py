"""Structure times color: a density that is high where both cues agree."""

from __future__ import annotations

import copy
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.config.settings import FusionSettings
from tracker.cues.base import NO_DISTRACTORS, ColoredCue, Distractors, Evidence, Response, coverage
from tracker.cues.histogram import ColorHistogramCue, HistogramResponse
from tracker.cues.target_model import TargetModel
from tracker.cues.template import TemplateCue, TemplateResponse
from tracker.density import Density
from tracker.geometry import Box
from tracker.meanshift.kernels import StoppingRule
from tracker.meanshift.window import seek_mode
from tracker.patch import Patch

_ONE_STEP = StoppingRule(tolerance=1e-3, max_iterations=1)


class FusedResponse(Response):
    """The product over a patch, and the responses of both cues.

    Attributes:
        structure: the template's response, distractors and all.
        colors: the color cue's response to the same patch at a coarser step.
        coarser: patch pixels per pixel of that, per side; None where the target shows no color.
    """

    __slots__ = ("coarser", "colors", "structure")

    def __init__(
        self, density: Density, structure: TemplateResponse, colors: HistogramResponse, coarser: int | None
    ) -> None:
        super().__init__(structure.patch, density, structure.cell)
        self.structure = structure
        self.colors = colors
        self.coarser = coarser

    def colored(self, target: Box) -> tuple[Response, Box] | None:
        """See `Response.colored`."""
        return None if self.coarser is None else (self.colors, target.in_units(self.coarser))


class FusedCue(ColoredCue[FusedResponse]):
    """Multiplies the template's response by how much of a target at that place would have the target's colors.

    The product, because the two heights are not comparable: a sum leaves the decision to the taller one. Where the
    target shows no color (gray and infrared video), brightness alone is a bad guide and the response decides.
    """

    def __init__(self, template: TemplateCue, color: ColorHistogramCue, settings: FusionSettings) -> None:
        """Fuse the two cues."""
        self._template = template
        self._color = color
        self._settings = settings
        self._share: ColorShare | None = None

    @property
    def model(self) -> TargetModel:
        """The color model; see `ColoredCue.model`."""
        return self._color.model

    @property
    def uses_color(self) -> bool:
        """Whether the target shows color, so that it has a part in the density; `init` comes first."""
        return self._share is not None

    def init(self, patch: Patch, target: Box) -> None:
        """Learn the first look of both; see `Cue.init`."""
        coarser = self._settings.coarser
        small, place = patch.reduced(coarser), target.in_units(coarser)
        self._color.init(small, place)
        self._template.init(patch, target)
        self._share = None
        if self._settings.color and _chroma(small, place) >= self._settings.min_chroma:
            shape = self._template.respond(patch).density.shape
            self._share = ColorShare(self._color.respond(small).density, place, shape)

    def respond(self, patch: Patch, distractors: Distractors = NO_DISTRACTORS) -> FusedResponse:
        """Return the patch with the product as density; see `Cue.respond`."""
        small = patch.reduced(self._settings.coarser)
        return self._fused(self._template.respond_with(patch, small), self._color.respond(small), distractors)

    def respond_coarse(self, patch: Patch, distractors: Distractors = NO_DISTRACTORS) -> Response:
        """Return where the colors are: the template is blind at other sizes. See `Cue.respond_coarse`."""
        return self._color.respond(patch, distractors)

    def recentered(
        self, response: FusedResponse, target: Box, distractors: Distractors = NO_DISTRACTORS
    ) -> FusedResponse:
        """Recenter the template; see `Cue.recentered`."""
        return self._fused(self._template.recentered(response.structure, target), response.colors, distractors)

    def off_center(self, response: FusedResponse, target: Box) -> tuple[float, float]:
        """A mean-shift step over the colors, none where they are scarce; see `Cue.off_center`."""
        if self._share is None:
            return 0.0, 0.0
        coarser = self._settings.coarser
        place = target.in_units(coarser)
        x, y = place.center
        mode = seek_mode(response.colors.density, x, y, place.width, place.height, rule=_ONE_STEP)
        if mode.mass < self._settings.min_share * self._share.usual * place.area:
            return 0.0, 0.0
        return (mode.x - x) * coarser, (mode.y - y) * coarser

    def zoom(self, response: FusedResponse, target: Box) -> float:
        """See `Cue.zoom`: what the template says."""
        return self._template.zoom(response.structure, target)

    def copied(self) -> Self:
        """See `Cue.copied`."""
        twin = copy.copy(self)
        twin._template, twin._color = self._template.copied(), self._color.copied()
        return twin

    def evidence(self, response: FusedResponse, target: Box) -> Evidence:
        """Similarity and contrast by color, the rest by the template; see `Cue.evidence`."""
        colors = self._color.evidence(response.colors, target.in_units(self._settings.coarser))
        structure = self._template.structure(response.structure, target)
        return Evidence(
            similarity=colors.similarity,
            contrast=colors.contrast,
            coverage=coverage(response.patch, target),
            response=structure.response,
            recall=structure.recall,
            sharpness=structure.sharpness,
        )

    def update(self, response: FusedResponse, target: Box, frames: int = 1) -> None:
        """Let both cues follow; see `Cue.update`."""
        self._template.update(response.structure, target, frames)
        self._color.update(response.colors, target.in_units(self._settings.coarser), frames)

    def _fused(self, structure: TemplateResponse, colors: HistogramResponse, distractors: Distractors) -> FusedResponse:
        """D = max(R, 0)·(floor + min(C / C₀, cap)): R is the response, C / C₀ the color share.

        Distractors are left out of the product and, for `off_center`, of the colors.
        """
        density = structure.density
        if self._share is not None:
            trust = self._share.per_cell(colors.density)
            np.minimum(trust, np.float32(self._settings.cap), out=trust)
            trust += np.float32(self._settings.floor)
            trust *= density
            density = trust
        density = distractors.excluded(density, structure.patch, structure.cell)
        coarser = None if self._share is None else self._settings.coarser
        return FusedResponse(density, structure, self._color.without(colors, distractors), coarser)


class ColorShare:
    """Mean color likelihood in a box of the target's size about each place, as a ratio to the first target's.

    Attributes:
        usual: the first target's.
    """

    def __init__(self, density: Density, target: Box, shape: tuple[int, ...]) -> None:
        """Take `target` in `density`, both in pixels of the color picture, for the usual case on a grid of `shape`."""
        rows, columns = self._shape = shape
        x, y = target.center
        across, down = columns / density.shape[1], rows / density.shape[0]
        self._across, self._down = _box_kernel(target.width * across), _box_kernel(target.height * down)
        here = self.per_cell(density)[min(int(y * down), rows - 1), min(int(x * across), columns - 1)]
        self.usual = max(float(here), 1e-3)
        self._down /= np.float32(self.usual)

    def per_cell(self, density: Density) -> NDArray[np.float32]:
        """Return the ratio at the centers of the grid's cells, for a color picture of the first one's shape."""
        rows, columns = self._shape
        pooled: Any = cv2.resize(density, (columns, rows), interpolation=cv2.INTER_AREA)
        mean: Any = cv2.sepFilter2D(pooled, cv2.CV_32F, self._across, self._down, borderType=cv2.BORDER_CONSTANT)
        return np.asarray(mean, np.float32)


def _box_kernel(length: float) -> NDArray[np.float32]:
    """Weights, summing to 1, of the cells that an interval of `length` cells about a cell's center covers."""
    reach = int(np.ceil((length - 1) / 2)) if length > 1 else 0
    offsets = np.abs(np.arange(-reach, reach + 1, dtype=np.float32))
    covered = np.minimum(np.float32(length / 2 + 0.5) - offsets, np.float32(1))
    weights: NDArray[np.float32] = covered / covered.sum()
    return weights


def _chroma(patch: Patch, target: Box) -> float:
    """Mean of |B − G| + |G − R| over the target: 0 for gray."""
    left, top, width, height = target.rounded()
    pixels = patch.image[max(top, 0) : top + max(height, 1), max(left, 0) : left + max(width, 1)].astype(np.int16)
    return float(np.abs(np.diff(pixels, axis=2)).sum(axis=2).mean())
