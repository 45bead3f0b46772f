"""How the box follows the target's size."""

from __future__ import annotations

import copy
import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from tracker.cues.base import Response
from tracker.density import ConcentricBoxes
from tracker.geometry import Box
from tracker.meanshift.window import Moments, window_moments
from tracker.patch import PatchGeometry
from tracker.values import value

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import SizeSettings


@value
class ScaleChange:
    """How the target's extent has changed.

    Attributes:
        across: factor for the box's width.
        down: factor for the box's height.
        turned: the target's length and breadth, frame pixels, and its angle, degrees clockwise; None where unmeasured.
    """

    across: float = 1.0
    down: float = 1.0
    turned: tuple[float, float, float] | None = None


UNCHANGED = ScaleChange()


class ScaleEstimator(ABC):
    """Measures, at the place that was found, how the size has changed. Boxes in patch pixels."""

    @abstractmethod
    def init(self, response: Response, target: Box) -> None:
        """Take the first box as the right size."""

    @abstractmethod
    def measure(self, response: Response, target: Box, growth: float, zoom: float = 0.0) -> ScaleChange:
        """Return the change for `target`, whose size is `growth` times the first in the frame.

        `zoom`: what the cue says of it, see `Cue.zoom`.
        """

    @abstractmethod
    def update(self, change: ScaleChange) -> None:
        """Let the estimator's memory, if it has one, follow the `change` that turned out right."""

    def copied(self) -> Self:
        """Return a copy that learns on its own."""
        return copy.copy(self)


class FixedScale(ScaleEstimator):
    """Keeps the size."""

    def __init__(self, settings: SizeSettings) -> None:
        pass

    def init(self, response: Response, target: Box) -> None:
        """See `ScaleEstimator.init`."""

    def measure(self, response: Response, target: Box, growth: float, zoom: float = 0.0) -> ScaleChange:
        """See `ScaleEstimator.measure`."""
        return UNCHANGED

    def update(self, change: ScaleChange) -> None:
        """Nothing is remembered."""


class MassScale(ScaleEstimator):
    """Maximizes the windowed mass over scales, minus what background of that size would cost.

    F(s) = M(s)/a − τ·s² − λ(ln s)² − μ|ln(s·growth)|; M(s) is the mass in the box scaled by s, a the box's area.
    τ is the mean density on the first box's border: with it, the first box is the optimum of M(s)/a − τ·s².
    """

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._scales = np.array(settings.scales, np.float32)
        self._logs = [math.log(scale) for scale in settings.scales]
        self._first_mean = 0.0
        self._fixed_cost = [0.0] * len(self._logs)
        # In the patch the target always has the same size.
        self._boxes: ConcentricBoxes | None = None

    def init(self, response: Response, target: Box) -> None:
        """See `ScaleEstimator.init`."""
        s = self._settings
        sides = np.array([0.9, 1.0, 1.1], np.float32)
        inner, mean, outer = _boxes(response, target, sides).masses(response.density, *target.center) / target.area
        self._first_mean = float(mean)
        # τ = d(M/a)/d(s²) at s = 1, from the masses a tenth inside and outside the border.
        border = (outer - inner) / (sides[2] ** 2 - sides[0] ** 2)
        border = np.clip(border, s.least_border * mean, s.most_border * mean)
        self._boxes = _boxes(response, target, self._scales)
        self._fixed_cost = (border * np.square(self._scales) + s.stiffness * np.square(self._logs)).tolist()

    def measure(self, response: Response, target: Box, growth: float, zoom: float = 0.0) -> ScaleChange:
        """See `ScaleEstimator.measure`; little evidence relaxes the size toward the first one."""
        assert self._boxes is not None, "init() comes first"
        s = self._settings
        masses = self._boxes.masses(response.density, *target.center).tolist()
        area, log_growth = target.width * target.height, math.log(growth)
        if masses[len(masses) // 2] < s.least_mass * self._first_mean * area:
            factor = math.exp(-s.relax * log_growth)
        else:  # seven numbers are sooner gone through one by one than by numpy
            scores = [
                mass / area - cost - s.pull * abs(log + log_growth)
                for mass, cost, log in zip(masses, self._fixed_cost, self._logs, strict=True)
            ]
            factor = math.exp(s.damping * self._logs[scores.index(max(scores))])
        return ScaleChange(factor, factor)

    def update(self, change: ScaleChange) -> None:
        """The first box is the only memory."""


class MomentScale(ScaleEstimator):
    """CAMShift's adaptation: size and angle from the density's second moments (Bradski 1998, eq. 9–12).

    Done right: the spread is compared with the first frame's, so that background inside a loose box cancels; the
    level of the surroundings is taken off first, so that clutter does not inflate it; and no mass means no change.
    """

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._first: Moments | None = None
        self._fill = 1.0

    def init(self, response: Response, target: Box) -> None:
        """See `ScaleEstimator.init`."""
        self._first = self._moments(response, target)
        if self._first is not None:
            long, short = self._first.axes
            self._fill = math.sqrt(target.area / max(12.0 * long * short, 1.0))

    def measure(self, response: Response, target: Box, growth: float, zoom: float = 0.0) -> ScaleChange:
        """See `ScaleEstimator.measure`."""
        first, now = self._first, self._moments(response, target)
        if first is None or now is None or now.mass < self._settings.least_moment * first.mass:
            return UNCHANGED
        across = (max(now.xx, 0.1) / max(first.xx, 0.1)) ** (self._settings.damping / 2)
        down = (max(now.yy, 0.1) / max(first.yy, 0.1)) ** (self._settings.damping / 2)
        return ScaleChange(across, down, self._turned(now, response.patch.geometry))

    def update(self, change: ScaleChange) -> None:
        """The first box is the only memory."""

    def _moments(self, response: Response, target: Box) -> Moments | None:
        left, top, width, height = target.scaled(self._settings.reach).rounded()
        right, bottom = left + width, top + height
        density = response.density
        inside = density[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        outside = density.size - inside.size
        level = (float(density.sum()) - float(inside.sum())) / outside if outside else 0.0
        return window_moments(np.maximum(density - level, 0.0), left, top, right, bottom)

    def _turned(self, now: Moments, geometry: PatchGeometry) -> tuple[float, float, float]:
        """The length, breadth and angle of the target with these moments.

        Their centroid is no second answer to where the target is: clutter within reach moves it, and the box stands on
        the mode.
        """
        sx, sy = geometry.step_x, geometry.step_y
        spread = Moments(now.mass, 0.0, 0.0, now.xx * sx * sx, now.yy * sy * sy, now.xy * sx * sy)
        # A filled rectangle of length l has the standard deviation l / √12 along it.
        long, short = (max(self._fill * math.sqrt(12.0) * axis, 1.0) for axis in spread.axes)
        return long, short, spread.angle


def _boxes(response: Response, target: Box, scales: NDArray[np.float32]) -> ConcentricBoxes:
    return ConcentricBoxes(response.density.shape, target.width * scales, target.height * scales)
