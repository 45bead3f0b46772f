"""Rest: a target that looks as usual is not judged in every frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tracker.cues.base import Evidence
from tracker.geometry import Box
from tracker.tracking.localization import Localization, Place
from tracker.values import value

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig


@value
class UsualLook:
    """What is told of a judged look, for the next ones to go on from.

    Attributes:
        mass: density under the window, of this look or, if that is more, of the usual one.
        evidence: how much the place looked like the target.
        confidence: how sure it was by that alone.
        least: part of the mass that a look needs to go on from this one.
    """

    mass: float
    evidence: Evidence
    confidence: float
    least: float

    def goes_on(self, place: Place) -> bool:
        """Whether a place is as good as this look, by its mass alone, and wholly in the frame."""
        if place.mode.mass < self.least * self.mass:
            return False
        (left, top, right, bottom), target = place.response.patch.inside, place.target
        return left <= target.x and top <= target.y and target.right <= right and target.bottom <= bottom


class Rest:
    """Which frames a target may go on through unjudged: a few after each judged one in which it was sure.

    Attributes:
        frames: frames in a row that it has rested.
        unlearned: frames without a lesson since the last one.
    """

    def __init__(self, config: TrackerConfig) -> None:
        """Know nothing of the target yet."""
        self._config = config
        self.frames = 0
        self.unlearned = 0
        self._sure = False
        self._mass = 0.0
        self._last: UsualLook | None = None

    @property
    def usual(self) -> UsualLook | None:
        """The last judged look, if the next frame may go on from it."""
        return self._last if self._sure and self.frames < self._config.doubt.rest else None

    def may(self, found: Localization, likely: float, before: Box, worth: float, elapsed: int) -> bool:
        """Whether a target that was sure, and looks and moves no less likely than it did, need not be judged.

        Args:
            found: the look.
            likely: the confidence in it, none if it is not recognized.
            before: where the target was in the frame before.
            worth: smoothed confidence of what was followed so far.
            elapsed: usual frame intervals since then.
        """
        settings = self._config.doubt
        if not self._sure or self.frames >= settings.rest or elapsed >= settings.gap:
            return False
        if likely < max(settings.rest_above * worth, self._config.confidence.occluded_below):
            return False
        (x0, y0), (x1, y1) = before.center, found.box.center
        return math.hypot(x1 - x0, y1 - y0) <= self._config.presence.free_jump * math.sqrt(before.area)

    def end(self) -> None:
        """The target is judged, or in doubt."""
        self.frames = 0
        self._sure = False

    def begin(self, found: Localization, *, sure: bool) -> None:
        """Take a judged look; the next ones may rest if it was a `sure` one."""
        mass, settings = found.place.mode.mass, self._config.doubt
        self._mass += (settings.rest_rate if self._last else 1.0) * (mass - self._mass)
        self._last = UsualLook(max(mass, self._mass), found.evidence, found.confidence, settings.rest_mass)
        self._sure = sure
