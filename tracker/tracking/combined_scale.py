"""Size by structure and by color: colors count as far as they tell the target from what is around it."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from tracker.cues.base import Response, separation, share_above
from tracker.geometry import Box
from tracker.tracking.scale import MassScale, ScaleChange, ScaleEstimator
from tracker.tracking.scale_filter import ScaleFilter

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import SizeSettings


class CombinedScale(ScaleEstimator):
    """The geometric mean of `ScaleFilter`'s factor and of `MassScale`'s over the colors alone.

    Structure measures the change from frame to frame and drifts, most where the target turns in the picture; where the
    target's colors end at its edge, their mass measures the size itself. Colors weigh w = (S − S₀) / (S₁ − S₀), held in
    [0, 1], by the separation S of the box from the ring around it in this frame.
    """

    def __init__(self, settings: SizeSettings) -> None:
        self._settings = settings
        self._filter = ScaleFilter(settings)
        self._mass: MassScale | None = None

    def init(self, response: Response, target: Box) -> None:
        """See `ScaleEstimator.init`."""
        self._filter.init(response, target)
        self._mass = None
        colors = response.colored(target)
        if colors is not None:
            s = self._settings
            self._mass = MassScale(s.model_copy(update={"steps": s.color_steps, "damping": s.color_damping}))
            self._mass.init(*colors)

    def measure(self, response: Response, target: Box, growth: float, zoom: float = 0.0) -> ScaleChange:
        """See `ScaleEstimator.measure`."""
        change = self._filter.measure(response, target, growth, zoom)
        colors = response.colored(target)
        if self._mass is None or colors is None:
            return change
        weight = share_above(separation(*colors), self._settings.separations)
        if weight == 0.0:
            return change
        by_color = self._mass.measure(*colors, growth).across
        factor = math.exp((1 - weight) * math.log(change.across) + weight * math.log(by_color))
        return replace(change, across=factor, down=factor)

    def update(self, change: ScaleChange) -> None:
        """See `ScaleEstimator.update`."""
        self._filter.update(change)

    def copied(self) -> Self:
        """See `ScaleEstimator.copied`; the masses' only memory is the first box."""
        twin = copy.copy(self)
        twin._filter = self._filter.copied()
        return twin
