"""Structure times colour: a density that is high where both cues agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.config.settings import FusionSettings
from tracker.cues.base import ColoredCue, Evidence, View
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.target_model import TargetModel
from tracker.cues.template import TemplateCue, TemplateView
from tracker.density import Density
from tracker.geometry import Box
from tracker.meanshift.kernels import StoppingRule
from tracker.meanshift.window import seek_mode
from tracker.patch import Patch

_COARSER = 2
"""Patch pixels per pixel that the colours are looked at, per side: colour needs less detail than structure."""


_ONE_STEP = StoppingRule(tolerance=1e-3, max_iterations=1)


class FusedCue(ColoredCue):
    """Multiplies the template's response by how much of a target at that place would have the target's colours.

    The product, because the two heights are not comparable: a sum leaves the decision to the taller one. Where the
    target shows no colour (grey and infrared video), brightness alone is a bad guide and the response decides.
    """

    def __init__(self, template: TemplateCue, color: ColorHistogramCue, settings: FusionSettings) -> None:
        """Fuse the two cues."""
        self._template = template
        self._color = color
        self._settings = settings
        self._share: ColorShare | None = None

    @property
    def model(self) -> TargetModel:
        """The colour model; see `ColoredCue.model`."""
        return self._color.model

    @property
    def uses_color(self) -> bool:
        """Whether the target shows colour, so that it has a part in the density; `begin` comes first."""
        return self._share is not None

    def begin(self, patch: Patch, target: Box) -> None:
        """Learn the first look of both; see `Cue.begin`."""
        small, place = patch.reduced(_COARSER), target.over(_COARSER)
        self._color.begin(small, place)
        self._template.begin(patch, target)
        self._share = None
        if self._settings.color and _chroma(small, place) >= self._settings.min_chroma:
            view = self._template.look(patch)
            self._share = ColorShare(self._color.look(small).density, place, view.density.shape)

    def look(self, patch: Patch) -> FusedView:
        """Return the patch with the product as density; see `Cue.look`."""
        colors = self._color.look(patch.reduced(_COARSER))
        return FusedView(self._template.look(patch), colors, self._share, self._settings)

    def survey(self, patch: Patch) -> View:
        """Return where the colours are: the template is blind at other sizes. See `Cue.survey`."""
        return self._color.survey(patch)


class FusedView(View):
    """One patch as both cues see it."""

    def __init__(
        self, template: TemplateView, colors: View, share: ColorShare | None, settings: FusionSettings
    ) -> None:
        """Fuse the two views of a patch; `share` None leaves colour out of the density."""
        super().__init__(template.patch, template.cell)
        self._template = template
        self._colors = colors
        self._share = share
        self._settings = settings

    @cached_property
    def density(self) -> Density:
        """D = max(R, 0)·(floor + min(C / C₀, cap)): R is the response, C / C₀ the colour share; see `View.density`."""
        response = self._template.density
        if self._share is None:
            return response
        trust = self._share.per_cell(self._colors.density, response.shape)
        np.minimum(trust, np.float32(self._settings.cap), out=trust)
        trust += np.float32(self._settings.floor)
        trust *= response
        return trust

    def exclude(self, boxes: Sequence[Box], keep: Box | None) -> None:
        """Exclude in the colours as well, which `off_center` climbs; see `View.exclude`."""
        super().exclude(boxes, keep)
        self._colors.exclude([box.over(_COARSER) for box in boxes], None if keep is None else keep.over(_COARSER))

    def focused(self, target: Box) -> FusedView:
        """Focus the template; see `View.focused`."""
        return FusedView(self._template.focused(target), self._colors, self._share, self._settings)

    def off_center(self, target: Box) -> tuple[float, float]:
        """A mean-shift step over the colours, none where they are scarce; see `View.off_center`."""
        if self._share is None:
            return 0.0, 0.0
        place = target.over(_COARSER)
        (x, y), density = place.center, self._colors.density
        mode = seek_mode(density, x, y, place.width, place.height, rule=_ONE_STEP)
        if mode.mass < 0.5 * self._share.usual * place.area:
            return 0.0, 0.0
        return (mode.x - x) * _COARSER, (mode.y - y) * _COARSER

    def judge(self, target: Box) -> Evidence:
        """Similarity and contrast by colour, the rest by the template; see `View.judge`."""
        colors = self._colors.judge(target.over(_COARSER))
        return replace(self._template.judge(target), similarity=colors.similarity, contrast=colors.contrast)

    def learn(self, target: Box) -> None:
        """Let both cues follow; see `View.learn`."""
        self._template.learn(target)
        self._colors.learn(target.over(_COARSER))


class ColorShare:
    """Mean colour likelihood in a box of the target's size about each place, as a ratio to the first target's.

    Attributes:
        usual: the first target's.
    """

    def __init__(self, density: Density, target: Box, shape: tuple[int, ...]) -> None:
        """Take `target` in `density`, both in pixels of the colour picture, for the usual case on a grid of `shape`."""
        self._size = (target.width, target.height)
        self.usual = 1.0
        rows, columns = shape
        x, y = target.center
        column, row = int(x * columns / density.shape[1]), int(y * rows / density.shape[0])
        here = self.per_cell(density, shape)
        self.usual = max(float(here[min(row, rows - 1), min(column, columns - 1)]), 1e-3)

    def per_cell(self, density: Density, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return the ratio at the centres of a grid of `shape` cells over the same patch."""
        rows, columns = shape
        pooled: Any = cv2.resize(density, (columns, rows), interpolation=cv2.INTER_AREA)
        width, height = self._size[0] * columns / density.shape[1], self._size[1] * rows / density.shape[0]
        across, down = _box_kernel(width), _box_kernel(height)
        mean: Any = cv2.sepFilter2D(
            pooled, cv2.CV_32F, across, down / np.float32(self.usual), borderType=cv2.BORDER_CONSTANT
        )
        return np.asarray(mean, np.float32)


def _box_kernel(length: float) -> NDArray[np.float32]:
    """Weights, summing to 1, of the cells that an interval of `length` cells about a cell's centre covers."""
    reach = int(np.ceil((length - 1) / 2)) if length > 1 else 0
    offsets = np.abs(np.arange(-reach, reach + 1, dtype=np.float32))
    covered = np.minimum(np.float32(length / 2 + 0.5) - offsets, np.float32(1))
    weights: NDArray[np.float32] = covered / covered.sum()
    return weights


def _chroma(patch: Patch, target: Box) -> float:
    """Mean of |B − G| + |G − R| over the target: 0 for grey."""
    left, top, width, height = target.rounded()
    pixels = patch.image[max(top, 0) : top + max(height, 1), max(left, 0) : left + max(width, 1)].astype(np.int16)
    return float(np.abs(np.diff(pixels, axis=2)).sum(axis=2).mean())
