"""Where to look: a window of fixed working size, and the best place in it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tracker.config.settings import MeanShiftSettings, SearchSettings
from tracker.cues.base import View
from tracker.geometry import Box
from tracker.image import PatchGeometry
from tracker.meanshift.kernels import StoppingRule
from tracker.meanshift.window import Mode, seek_mode


class SearchWindow:
    """Cuts a patch of fixed shape in which the target always has the same size, whatever its size in the frame.

    Cost depends on neither the target's size nor the frame's.

    Attributes:
        target_width: width of the target in the patch, patch pixels.
        target_height: height of the target in the patch, patch pixels.
        width: width of the patch, pixels.
        height: height of the patch, pixels.
    """

    def __init__(self, box: Box, settings: SearchSettings) -> None:
        if settings.window == "square":
            side = max((1 + settings.margin) * math.sqrt(box.area), _LONGEST * max(box.width, box.height))
            shrink = settings.side / side
            self.width = self.height = settings.side
        else:
            shrink = min(1.0, math.sqrt(settings.target_area / box.area))
            margin = settings.margin * math.sqrt(box.width * shrink * (box.height * shrink))
            self.width, self.height = (round(side * shrink + margin) for side in (box.width, box.height))
        self.target_width = box.width * shrink
        self.target_height = box.height * shrink

    def around(self, box: Box) -> PatchGeometry:
        """Return the geometry of the patch about `box`, scaled so that a target of that size has the working size."""
        return PatchGeometry.around(
            *box.center, box.width / self.target_width, box.height / self.target_height, self.width, self.height
        )


_LONGEST = 1.5
"""A square window is longer than the target by this factor at least."""


class Seeker:
    """Finds the target's place in the density of a patch: start, then mean shift. All in elements of the density."""

    def __init__(self, window: SearchWindow, cell: int, search: SearchSettings, mean_shift: MeanShiftSettings) -> None:
        """Seek in densities with one element per `cell` x `cell` pixels of the window's patches."""
        target = (window.target_width / cell, window.target_height / cell)
        side = mean_shift.window
        self._size = target if side is None else (side, side)
        self._shape = (window.height // cell, window.width // cell)
        self._center = (window.width / cell / 2, window.height / cell / 2)
        self._whole = (max(round(target[0]), 1), max(round(target[1]), 1))
        self._search = search
        self._settings = mean_shift
        self._rule = StoppingRule(mean_shift.tolerance, mean_shift.max_iterations)
        sigma = search.motion_sigma * math.sqrt(target[0] * target[1])
        self._prior = self._motion_prior(sigma) if search.start == "peak" else None

    def seek(self, view: View) -> Mode:
        """Return the mode that mean shift climbs to from the start, in elements of the density."""
        return seek_mode(
            view.density,
            *self._start(view),
            *self._size,
            kernel=self._settings.kernel,
            shape=self._settings.shape,
            rule=self._rule,
        )

    def _start(self, view: View) -> tuple[float, float]:
        """Where to begin, as set; the greatest windowed mass or density tries every place, so no jump is too far."""
        if self._search.start == "maximum":
            row, column = divmod(int(view.density.argmax()), self._shape[1])
            return column + 0.5, row + 0.5
        if self._prior is None:
            return self._center
        score = view.summed.windows(*self._whole) * self._prior
        top, left = divmod(int(score.argmax()), score.shape[1])
        if score[top, left] <= 0.0:
            return self._center
        return left + self._whole[0] / 2, top + self._whole[1] / 2

    def _motion_prior(self, sigma: float) -> NDArray[np.float64]:
        """Gaussian over window positions, highest where the window stands at the patch's centre."""
        x = np.arange(self._shape[1] - self._whole[0] + 1) + self._whole[0] / 2 - self._center[0]
        y = np.arange(self._shape[0] - self._whole[1] + 1) + self._whole[1] / 2 - self._center[1]
        prior: NDArray[np.float64] = np.exp(-(np.square(y)[:, None] + np.square(x)[None, :]) / (2 * sigma**2))
        return prior
