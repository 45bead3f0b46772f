"""The colour-histogram cue: a kernel-weighted target model whose back-projection is the density."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tracker.config.settings import ColorSettings, ModelSettings
from tracker.cues.base import ColoredCue, Evidence, View
from tracker.cues.color import Quantizer
from tracker.cues.target_model import Histogram, TargetModel, normalized
from tracker.density import Density
from tracker.errors import TargetError
from tracker.geometry import Box
from tracker.image import Image
from tracker.meanshift.kernels import KERNELS
from tracker.patch import Patch


class ColorHistogramCue(ColoredCue):
    """Colour histograms of target and surroundings, learnt from the patch, projected back onto the patch."""

    def __init__(self, color: ColorSettings, settings: ModelSettings, model: TargetModel | None = None) -> None:
        """Make the cue; a `model` learnt earlier is used instead of the first look.

        Raises:
            TargetError: the given model is over another colour space or other bins.
        """
        if model is not None and model.color != color:
            raise TargetError(
                f"the model is over {model.color.space} {model.color.bins}, the settings over {color.space} "
                f"{color.bins}: use the same color settings"
            )
        self._settings = settings
        self._quantizer = Quantizer(color)
        self._color = color
        self._given = model
        self._model = model

    def begin(self, patch: Patch, target: Box) -> None:
        """Learn the first histograms; see `Cue.begin`."""
        _refuse_dark(patch.image, self._settings.min_brightness)
        view = self._view(patch)
        if self._given is not None:
            self._model = copy.deepcopy(self._given)
        else:
            self._model = TargetModel(self._color, view.target_histogram(target), view.background_histogram(target))

    def look(self, patch: Patch) -> _HistogramView:
        """Return the patch with its back-projection; see `Cue.look`."""
        return self._view(patch)

    @property
    def model(self) -> TargetModel:
        """See `ColoredCue.model`."""
        assert self._model is not None, "begin() comes first"
        return self._model

    def _view(self, patch: Patch) -> _HistogramView:
        return _HistogramView(self._settings, self._model, patch, self._quantizer)


class _HistogramView(View):
    """The bins of one patch, from which density and histograms are read."""

    def __init__(self, settings: ModelSettings, model: TargetModel | None, patch: Patch, quantizer: Quantizer) -> None:
        super().__init__(patch)
        self._settings = settings
        self._model = model
        self._size = quantizer.size
        self._bins = quantizer.bins(patch.image)
        self._last: tuple[Box, Histogram] | None = None

    @cached_property
    def density(self) -> Density:
        """Back-projection of the model; see `View.density`."""
        model = self._learnt()
        table = BACK_PROJECTIONS[self._settings.density](model.target, model.background, self._settings)
        density: Density = table.take(self._bins)
        self.clear_outside(density)
        return density

    def judge(self, target: Box) -> Evidence:
        """Compare the box's colours with the first look, and its density with the ring's; see `View.judge`."""
        return Evidence(
            similarity=self._learnt().similarity(self.target_histogram(target)),
            contrast=self.contrast(target),
            coverage=self.coverage(target),
        )

    def learn(self, target: Box) -> None:
        """Renew both histograms from this patch at the set rates; see `View.learn`."""
        self._learnt().learn(
            self.target_histogram(target),
            self.background_histogram(target),
            self._settings.target_rate,
            self._settings.background_rate,
        )

    def target_histogram(self, target: Box) -> Histogram:
        """Kernel-weighted histogram of the inner part of `target` (Comaniciu et al. 2003, eq. 4)."""
        # Judging and learning ask for the same box.
        if self._last is None or self._last[0] != target:
            self._last = (target, self._count_target(target))
        return self._last[1]

    def _count_target(self, target: Box) -> Histogram:
        left, top, right, bottom = self._span(target.scaled(self._settings.inner))
        bins = self._bins[top:bottom, left:right]
        weights, total = _kernel_weights(self._settings.kernel, *bins.shape)
        counts = np.bincount(bins.ravel(), weights, minlength=self._size)
        return normalized(counts, total)

    def background_histogram(self, target: Box) -> Histogram:
        """Histogram of the patch outside the target, inside the frame."""
        left, top, right, bottom = self.patch.inside
        everything = self._bins[top:bottom, left:right]
        left, top, right, bottom = self._span(target.scaled(self._settings.outer))
        covered = self._bins[top:bottom, left:right]
        counts = np.bincount(everything.ravel(), minlength=self._size)
        counts -= np.bincount(covered.ravel(), minlength=self._size)
        return normalized(counts, everything.size - covered.size)

    def _span(self, box: Box) -> tuple[int, int, int, int]:
        """Whole-pixel edges of the part of `box` that lies in the patch and in the frame; may be empty."""
        left, top, right, bottom = self.patch.inside
        first_x, first_y = min(max(round(box.x), left), right), min(max(round(box.y), top), bottom)
        last_x, last_y = max(min(round(box.right), right), first_x), max(min(round(box.bottom), bottom), first_y)
        return first_x, first_y, last_x, last_y

    def _learnt(self) -> TargetModel:
        assert self._model is not None, "begin() comes first"
        return self._model


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


def _refuse_dark(image: Image, threshold: float) -> None:
    brightness = float(image.max(axis=2).mean())
    if brightness < threshold:
        raise TargetError(
            f"target and surroundings are nearly black (mean brightness {brightness:.0f} of 255): start on a later "
            "frame, or lower model.min_brightness"
        )


def likelihood(target: Histogram, background: Histogram, settings: ModelSettings) -> Histogram:
    """Posterior probability that a pixel of each colour is the target's, in [0, 1].

    Bayes with prior π and a floor ε for colours never seen: (πq + επ) / (πq + (1 − π)b + ε).
    """
    prior, floor = np.float32(settings.prior), np.float32(settings.floor)
    mine = (target + floor) * prior
    other = background * (np.float32(1) - prior)
    other += mine
    other += floor * (np.float32(1) - prior)
    mine /= other
    return mine


def ratio(target: Histogram, background: Histogram, settings: ModelSettings) -> Histogram:
    """Ratio histogram min(q / b, 1) (Swain & Ballard 1991): a loose box's background colours weigh little."""
    table = target / np.maximum(background, np.float32(settings.floor))
    return np.minimum(table, np.float32(1), out=table)


BACK_PROJECTIONS: Mapping[str, Callable[[Histogram, Histogram, ModelSettings], Histogram]] = MappingProxyType(
    {"likelihood": likelihood, "ratio": ratio}
)
"""The tables by name. A new one is a function and a line here (and its name in `ModelSettings`)."""
