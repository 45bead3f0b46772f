"""One of several targets: its pursuit, and the way it was going."""

from __future__ import annotations

import logging
import time

from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.distractors import NO_RIVALS, Rivals, Whereabouts
from tracker.tracking.localization import Look
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.tracker import Pursuit

_log = logging.getLogger(__name__)

FAILED = "failed"
"""Reason of a target that could not be looked for."""

_RENEWED = 0.3
"""Part of the velocity that a frame renews [measured on two scenes: 0.15 and 0.5 lose more]."""
_HIDING = 0.3
"""Overlap with a rival from which the measured motion tells nothing: the velocity is kept [measured]."""
_TOUCHING = 0.1
"""Overlap from which nothing is learnt: it might be the rival's look."""


class Member:
    """A target among others. A target that fails is LOST for that frame; the others do not hear of it.

    Attributes:
        label: its name.
        pursuit: who follows it.
        result: what was last said of it.
    """

    def __init__(self, pursuit: Pursuit, label: str) -> None:
        """Begin where `pursuit` begins."""
        self.label = label
        self.pursuit = pursuit
        self.result = pursuit.first
        self._velocity = (0.0, 0.0)
        self._rivals = NO_RIVALS
        self._taken = 0.0

    def whereabouts(self) -> Whereabouts:
        """Where the target is expected in the next frame."""
        box = self.pursuit.box
        lost = self.pursuit.state is TrackState.LOST
        expected = box if lost else Box(box.x + self._velocity[0], box.y + self._velocity[1], box.width, box.height)
        return Whereabouts(expected, self.pursuit.reach(expected), lost)

    def look(self, image: Image, rivals: Rivals) -> Look | None:
        """Look for the target beside its `rivals`; None where that fails. A target without rivals is as if alone."""
        self._rivals = rivals
        self._taken = 0.0
        return self._attempt(image, rivals.own, rivals)

    def look_again(self, image: Image, place: Box, taken: tuple[Box, ...]) -> Look | None:
        """Look about `place`, leaving out the boxes that are `taken`; None where that fails."""
        return self._attempt(image, place, Rivals(taken))

    def settle(self, look: Look | None) -> TrackResult:
        """Decide by `look`, the last one, where the target is; by none, that it is LOST."""
        if look is None:
            self.result = TrackResult(self.pursuit.box, TrackState.LOST, 0.0, FAILED, elapsed=self._taken)
            return self.result
        before = self.pursuit.box.center
        started = time.perf_counter() - self._taken
        self.result = self.pursuit.settle(look, started, learn=self._rivals.overlap < _TOUCHING)
        self._follow_motion(before)
        return self.result

    def _attempt(self, image: Image, place: Box | None, rivals: Rivals) -> Look | None:
        started = time.perf_counter()
        try:
            return self.pursuit.look(image, place, rivals)
        except Exception:  # whatever it is, the other targets have to go on
            _log.exception("a target could not be looked for in this frame")
            return None
        finally:
            self._taken += time.perf_counter() - started

    def _follow_motion(self, before: tuple[float, float]) -> None:
        if self.result.state is TrackState.LOST:
            self._velocity = (0.0, 0.0)
        elif self._rivals.overlap < _HIDING:
            (x0, y0), (x1, y1), (vx, vy) = before, self.result.box.center, self._velocity
            self._velocity = (vx + _RENEWED * (x1 - x0 - vx), vy + _RENEWED * (y1 - y0 - vy))
