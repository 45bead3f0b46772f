"""How the box follows the target's size."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tracker.config.settings import SizeSettings
from tracker.cues.base import View
from tracker.density import ConcentricBoxes
from tracker.geometry import Box, RotatedBox
from tracker.meanshift.window import Moments, window_moments
from tracker.patch import PatchGeometry


@dataclass(frozen=True, slots=True)
class SizeChange:
    """Factors for the box's width and height, and the target with its angle (frame pixels) where one is measured."""

    across: float = 1.0
    down: float = 1.0
    rotated: RotatedBox | None = None


class SizeEstimator(ABC):
    """Measures, at the place that was found, how the size has changed. Boxes in patch pixels."""

    @abstractmethod
    def begin(self, view: View, target: Box) -> None:
        """Take the first box as the right size."""

    @abstractmethod
    def measure(self, view: View, target: Box, growth: float) -> SizeChange:
        """Return the change for `target`, whose size is `growth` times the first in the frame."""

    def learn(self, change: SizeChange) -> None:  # noqa: B027 (an estimator without a memory learns nothing)
        """Let the estimator's memory, if it has one, follow the `change` that turned out right."""


class FixedSize(SizeEstimator):
    """Keeps the size."""

    def __init__(self, settings: SizeSettings) -> None:
        pass

    def begin(self, view: View, target: Box) -> None:
        """See `SizeEstimator.begin`."""

    def measure(self, view: View, target: Box, growth: float) -> SizeChange:
        """See `SizeEstimator.measure`."""
        return SizeChange()


class MassSize(SizeEstimator):
    """Maximises the windowed mass over scales, minus what background of that size would cost.

    F(s) = M(s)/a − τ·s² − λ(ln s)² − μ|ln(s·growth)|; M(s) is the mass in the box scaled by s, a the box's area.
    τ is the mean density on the first box's border: with it, the first box is the optimum of M(s)/a − τ·s².
    """

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._scales = np.array(settings.scales, np.float32)
        self._logs = np.log(self._scales)
        self._first_mean = 0.0
        self._fixed_cost = np.zeros_like(self._scales)
        # In the patch the target always has the same size.
        self._boxes: ConcentricBoxes | None = None

    def begin(self, view: View, target: Box) -> None:
        """See `SizeEstimator.begin`."""
        sides = np.array([0.9, 1.0, 1.1], np.float32)
        inner, mean, outer = _boxes(view, target, sides).masses(view.density, *target.center) / target.area
        self._first_mean = float(mean)
        border = np.clip((outer - inner) / (sides[2] ** 2 - sides[0] ** 2), 0.15 * mean, 0.7 * mean)
        self._boxes = _boxes(view, target, self._scales)
        self._fixed_cost = border * np.square(self._scales) + self._settings.stiffness * np.square(self._logs)

    def measure(self, view: View, target: Box, growth: float) -> SizeChange:
        """See `SizeEstimator.measure`; little evidence relaxes the size towards the first one."""
        assert self._boxes is not None, "begin() comes first"
        masses = self._boxes.masses(view.density, *target.center) / target.area
        log_growth = math.log(growth)
        if masses[len(masses) // 2] < 0.5 * self._first_mean:
            factor = math.exp(-self._settings.relax * log_growth)
        else:
            score = masses - self._fixed_cost - self._settings.pull * np.abs(self._logs + log_growth)
            factor = float(self._scales[score.argmax()]) ** self._settings.damping
        return SizeChange(factor, factor)


class MomentSize(SizeEstimator):
    """CAMShift's adaptation: size and angle from the density's second moments (Bradski 1998, eq. 9–12).

    Done right: the spread is compared with the first frame's, so that background inside a loose box cancels; the
    level of the surroundings is taken off first, so that clutter does not inflate it; and no mass means no change.
    """

    _REACH = 1.4

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._first: Moments | None = None
        self._fill = 1.0

    def begin(self, view: View, target: Box) -> None:
        """See `SizeEstimator.begin`."""
        self._first = self._moments(view, target)
        if self._first is not None:
            long, short = self._first.axes
            self._fill = math.sqrt(target.area / max(12.0 * long * short, 1.0))

    def measure(self, view: View, target: Box, growth: float) -> SizeChange:
        """See `SizeEstimator.measure`."""
        first, now = self._first, self._moments(view, target)
        if first is None or now is None or now.mass < 0.3 * first.mass:
            return SizeChange()
        across = (max(now.xx, 0.1) / max(first.xx, 0.1)) ** (self._settings.damping / 2)
        down = (max(now.yy, 0.1) / max(first.yy, 0.1)) ** (self._settings.damping / 2)
        return SizeChange(across, down, self._rotated(now, view.patch.geometry))

    def _moments(self, view: View, target: Box) -> Moments | None:
        reach = target.scaled(self._REACH)
        left, top, width, height = reach.rounded()
        density = view.density
        left, top = max(left, 0), max(top, 0)
        inside = density[top : top + height, left : left + width]
        outside = density.size - inside.size
        level = (float(density.sum()) - float(inside.sum())) / outside if outside else 0.0
        return window_moments(np.maximum(inside - level, 0.0), 0, 0, *inside.shape[::-1])

    def _rotated(self, now: Moments, geometry: PatchGeometry) -> RotatedBox:
        sx, sy = geometry.step_x, geometry.step_y
        x, y = geometry.to_frame(now.x, now.y)
        spread = Moments(now.mass, x, y, now.xx * sx * sx, now.yy * sy * sy, now.xy * sx * sy)
        # A filled rectangle of length l has the standard deviation l / √12 along it.
        long, short = (max(self._fill * math.sqrt(12.0) * axis, 1.0) for axis in spread.axes)
        return RotatedBox(x, y, long, short, spread.angle)


def _boxes(view: View, target: Box, scales: NDArray[np.float32]) -> ConcentricBoxes:
    return ConcentricBoxes(view.density.shape, target.width * scales, target.height * scales)


def _filter(settings: SizeSettings) -> SizeEstimator:
    # Fourier transforms take a while to import; the other estimators do without.
    from tracker.tracking.scale_filter import FilterSize

    return FilterSize(settings)


SIZE_ESTIMATORS: Mapping[str, Callable[[SizeSettings], SizeEstimator]] = MappingProxyType(
    {"fixed": FixedSize, "mass": MassSize, "moments": MomentSize, "filter": _filter}
)
"""The estimators by name. A new one is a class and a line here (and its name in `SizeSettings`)."""
