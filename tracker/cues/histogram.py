"""The color-histogram cue: a kernel-weighted target model whose back-projection is the density."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.cues.base import (
    NO_DISTRACTORS,
    ColoredCue,
    Distractors,
    Evidence,
    Response,
    cleared_outside,
    contrast,
    coverage,
)
from tracker.cues.color import BinMap, Quantizer
from tracker.cues.target_model import Histogram, TargetModel, normalized
from tracker.density import Density
from tracker.errors import TargetError
from tracker.geometry import Box
from tracker.image import Image
from tracker.meanshift.kernels import KERNELS
from tracker.patch import Patch

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import ColorSettings, ModelSettings

_log = logging.getLogger(__name__)

_DARKEST, _BRIGHTEST = 1.0, 99.0
"""Percentiles of a patch that its contrast is measured between: single pixels are noise."""


class HistogramResponse(Response):
    """The back-projection over a patch, and the color bins that it was read from.

    Attributes:
        bins: the number of each pixel's color bin.
    """

    __slots__ = ("_counted", "bins")

    def __init__(self, patch: Patch, density: Density, bins: BinMap) -> None:
        super().__init__(patch, density)
        self.bins = bins
        self._counted: tuple[Box, Histogram] | None = None

    def colored(self, target: Box) -> tuple[Response, Box] | None:
        """See `Response.colored`."""
        return self, target

    def histogram(self, target: Box, settings: ModelSettings, size: int) -> Histogram:
        """Return `target_histogram` of a box; kept for the last one, which evidence and learning both ask for."""
        if self._counted is None or self._counted[0] != target:
            self._counted = target, target_histogram(self.bins, self.patch, target, settings, size)
        return self._counted[1]


class ColorHistogramCue(ColoredCue[HistogramResponse]):
    """Color histograms of target and surroundings, learned from the patch and projected back onto it."""

    mass_tells = True

    def __init__(self, color: ColorSettings, settings: ModelSettings, model: TargetModel | None = None) -> None:
        """Make the cue; a `model` learned earlier is used instead of the first look.

        Raises:
            TargetError: the given model is over another color space or other bins.
        """
        if model is not None and model.color != color:
            raise TargetError(
                f"the model is over {model.color.space} {model.color.bins}, the settings over {color.space} "
                f"{color.bins}: use the same color settings"
            )
        self._color = color
        self._settings = settings
        self._quantizer = Quantizer(color)
        self._given = model
        self._model: TargetModel | None = model
        self._table: Histogram = np.zeros(self._quantizer.size, np.float32)
        self._started_dark = False

    @property
    def model(self) -> TargetModel:
        """See `ColoredCue.model`."""
        assert self._model is not None, "init() comes first"
        return self._model

    def init(self, patch: Patch, target: Box) -> None:
        """Learn the first histograms; see `Cue.init`.

        Where it is nearly black, the contrast of this and all later patches is stretched before colors are told apart.

        Raises:
            TargetError: it is so dark that stretching would lift noise alone.
        """
        self._started_dark = _is_dark(patch, self._settings)
        if self._given is not None:
            self._model = copy.deepcopy(self._given)
        else:
            bins, size = self._bins(patch), self._quantizer.size
            first = target_histogram(bins, patch, target, self._settings, size)
            self._model = TargetModel(
                self._color, first, background_histogram(bins, patch, target, self._settings, size)
            )
        self._project()

    def respond(self, patch: Patch, distractors: Distractors = NO_DISTRACTORS) -> HistogramResponse:
        """Return the patch with its back-projection; see `Cue.respond`."""
        bins = self._bins(patch)
        density = cleared_outside(self._table.take(bins), patch)
        return HistogramResponse(patch, distractors.excluded(density, patch), bins)

    def without(self, response: HistogramResponse, distractors: Distractors) -> HistogramResponse:
        """Return the response with the density of `distractors` left out."""
        if not distractors.boxes:
            return response
        density = distractors.excluded(response.density, response.patch)
        return HistogramResponse(response.patch, density, response.bins)

    def copied(self) -> Self:
        """See `Cue.copied`."""
        twin = copy.copy(self)
        twin._model = self.model.copied()
        return twin

    def evidence(self, response: HistogramResponse, target: Box) -> Evidence:
        """Compare the box's colors with the first look, and its density with the ring's; see `Cue.evidence`."""
        histogram = response.histogram(target, self._settings, self._quantizer.size)
        return Evidence(
            similarity=self.model.similarity(histogram),
            contrast=contrast(response, target, self._settings.ring),
            coverage=coverage(response.patch, target),
        )

    def update(self, response: HistogramResponse, target: Box, frames: int = 1) -> None:
        """Renew both histograms from the patch at the set rates; see `Cue.update`."""
        s, size = self._settings, self._quantizer.size
        histogram = response.histogram(target, s, size)
        background = background_histogram(response.bins, response.patch, target, s, size)
        rates = (1.0 - (1.0 - rate) ** frames for rate in (s.target_rate, s.background_rate))
        self.model.update(histogram, background, *rates)
        self._project()

    def _bins(self, patch: Patch) -> BinMap:
        """The color bin of each pixel."""
        return self._quantizer.bins(_stretched(patch) if self._started_dark else patch.image)

    def _project(self) -> None:
        """Renew the table of the back-projection: the density of a pixel by its color bin."""
        assert self._model is not None
        self._table = BACK_PROJECTIONS[self._settings.density](
            self._model.target, self._model.background, self._settings
        )


def target_histogram(bins: BinMap, patch: Patch, target: Box, settings: ModelSettings, size: int) -> Histogram:
    """Return the kernel-weighted histogram of the inner part of `target`, (size,) (Comaniciu et al. 2003, eq. 4)."""
    left, top, right, bottom = _span(patch, target, settings.inner)
    inner = bins[top:bottom, left:right]
    weights, total = _kernel_weights(settings.kernel, *inner.shape)
    return normalized(np.bincount(inner.ravel(), weights, minlength=size), total)


def background_histogram(bins: BinMap, patch: Patch, target: Box, settings: ModelSettings, size: int) -> Histogram:
    """Return the histogram of the patch outside the target, inside the frame, (size,)."""
    left, top, right, bottom = patch.inside
    everything = bins[top:bottom, left:right]
    left, top, right, bottom = _span(patch, target, settings.outer)
    covered = bins[top:bottom, left:right]
    counts = np.bincount(everything.ravel(), minlength=size)
    counts -= np.bincount(covered.ravel(), minlength=size)
    return normalized(counts, everything.size - covered.size)


def _span(patch: Patch, target: Box, part: float) -> tuple[int, int, int, int]:
    """Whole-pixel edges of what of `target`, scaled by `part`, lies in the patch and in the frame; may be empty."""
    left, top, right, bottom = patch.inside
    width, height = target.width * part, target.height * part
    x, y = target.x + target.width / 2 - width / 2, target.y + target.height / 2 - height / 2
    first_x, first_y = min(max(round(x), left), right), min(max(round(y), top), bottom)
    last_x = max(min(round(x + width), right), first_x)
    last_y = max(min(round(y + height), bottom), first_y)
    return first_x, first_y, last_x, last_y


@lru_cache(maxsize=256)
def _kernel_weights(kernel: str, height: int, width: int) -> tuple[NDArray[np.float64] | None, float]:
    """Weights of a (height, width) box's pixels, flattened row by row, and their sum; None for all one."""
    if kernel == "flat" or not height or not width:
        return None, float(height * width)
    down = np.linspace(-1, 1, 2 * height + 1)[1::2]
    across = np.linspace(-1, 1, 2 * width + 1)[1::2]
    weights: NDArray[np.float64] = KERNELS[kernel].weight(np.square(down)[:, None] + np.square(across)[None, :]).ravel()
    weights.setflags(write=False)
    return weights, float(weights.sum())


def _is_dark(patch: Patch, settings: ModelSettings) -> bool:
    """Whether target and surroundings are nearly black; raises TargetError where there is nothing but black."""
    brightness = float(patch.image.max(axis=2).mean())
    if brightness >= settings.min_brightness:
        return False
    low, high = _extremes(patch)
    if high - low < settings.min_contrast:
        raise TargetError(
            f"target and surroundings are nearly black (mean brightness {brightness:.0f} of 255) and without contrast: "
            "start on a later frame, or lower model.min_contrast"
        )
    _log.warning(
        "target and surroundings are nearly black (mean brightness %.0f of 255): their contrast is stretched; a start "
        "on a later, lighter frame is surer",
        brightness,
    )
    return True


def _extremes(patch: Patch) -> tuple[float, float]:
    """The least and the greatest value in what of the patch lies in the frame, but for a hundredth of the pixels."""
    left, top, right, bottom = patch.inside
    inside = patch.image[top:bottom, left:right]
    if not inside.size:
        return 0.0, 0.0
    low, high = np.percentile(inside, (_DARKEST, _BRIGHTEST)).tolist()
    return low, high


def _stretched(patch: Patch) -> Image:
    """The patch with its extremes at 0 and 255, so that a scene that fades in keeps its colors."""
    low, high = _extremes(patch)
    span = np.float32(max(high - low, 1.0))
    stretched: Image = (np.clip((patch.image - np.float32(low)) / span, 0, 1) * np.float32(255)).astype(np.uint8)
    return stretched


def likelihood(target: Histogram, background: Histogram, settings: ModelSettings) -> Histogram:
    """Posterior probability that a pixel of each color is the target's, in [0, 1].

    Bayes with prior π and a floor ε for colors never seen: (πq + επ) / (πq + (1 − π)b + ε).
    """
    prior, floor = settings.prior, settings.floor
    everything: Any = cv2.addWeighted(target, prior, background, 1.0 - prior, floor)
    table = target * np.float32(prior)
    table += np.float32(prior * floor)
    table /= everything.reshape(-1)
    return table


def ratio(target: Histogram, background: Histogram, settings: ModelSettings) -> Histogram:
    """Ratio histogram min(q / b, 1) (Swain & Ballard 1991): a loose box's background colors weigh little."""
    table = target / np.maximum(background, np.float32(settings.floor))
    return np.minimum(table, np.float32(1), out=table)


BACK_PROJECTIONS: Mapping[str, Callable[[Histogram, Histogram, ModelSettings], Histogram]] = MappingProxyType(
    {"likelihood": likelihood, "ratio": ratio}
)
"""The tables by name. A new one is a function and a line here (and its name in `ModelSettings`)."""
