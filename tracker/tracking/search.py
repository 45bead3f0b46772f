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
        shrink = min(1.0, math.sqrt(settings.target_area / box.area))
        self.target_width = box.width * shrink
        self.target_height = box.height * shrink
        margin = settings.margin * math.sqrt(self.target_width * self.target_height)
        self.width = round(self.target_width + margin)
        self.height = round(self.target_height + margin)

    def around(self, box: Box) -> PatchGeometry:
        """Return the geometry of the patch about `box`, scaled so that a target of that size has the working size."""
        return PatchGeometry.around(
            *box.center, box.width / self.target_width, box.height / self.target_height, self.width, self.height
        )


class Seeker:
    """Finds the target's place in the density of a patch: start, then mean shift."""

    def __init__(self, window: SearchWindow, search: SearchSettings, mean_shift: MeanShiftSettings) -> None:
        self._size = (window.target_width, window.target_height)
        self._center = (window.width / 2, window.height / 2)
        self._whole = (max(round(self._size[0]), 1), max(round(self._size[1]), 1))
        self._settings = mean_shift
        self._rule = StoppingRule(mean_shift.tolerance, mean_shift.max_iterations)
        sigma = search.motion_sigma * math.sqrt(self._size[0] * self._size[1])
        self._prior = self._motion_prior(window, sigma) if search.start == "peak" else None

    def seek(self, view: View) -> Mode:
        """Return the mode that mean shift climbs to from the start, in patch pixels."""
        return seek_mode(
            view.density,
            *self._start(view),
            *self._size,
            kernel=self._settings.kernel,
            shape=self._settings.shape,
            rule=self._rule,
        )

    def _start(self, view: View) -> tuple[float, float]:
        """The greatest windowed mass under the motion prior: every place is tried, so no jump is too far."""
        if self._prior is None:
            return self._center
        score = view.summed.windows(*self._whole) * self._prior
        top, left = divmod(int(score.argmax()), score.shape[1])
        if score[top, left] <= 0.0:
            return self._center
        return left + self._whole[0] / 2, top + self._whole[1] / 2

    def _motion_prior(self, window: SearchWindow, sigma: float) -> NDArray[np.float64]:
        """Gaussian over window positions, highest where the window stands at the patch's centre."""
        x = np.arange(window.width - self._whole[0] + 1) + self._whole[0] / 2 - self._center[0]
        y = np.arange(window.height - self._whole[1] + 1) + self._whole[1] / 2 - self._center[1]
        prior: NDArray[np.float64] = np.exp(-(np.square(y)[:, None] + np.square(x)[None, :]) / (2 * sigma**2))
        return prior
