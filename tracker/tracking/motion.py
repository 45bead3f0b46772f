"""Where a target is expected: the motion model."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.geometry import Box


@dataclass(frozen=True, slots=True)
class Prediction:
    """One target before a frame is looked at.

    Attributes:
        box: where it is expected, frame pixels.
        reach: the search region about that, frame pixels.
        lost: whether it is LOST, so that `box` is only where it was last.
    """

    box: Box
    reach: Box
    lost: bool


class ConstantVelocity:
    """Expects a target to go on as it went: a running mean of its motion, pixels a frame."""

    def __init__(self, rate: float) -> None:
        """Stand still; a frame renews the part `rate` of the velocity."""
        self._rate = rate
        self._velocity = (0.0, 0.0)

    def predict(self, box: Box) -> Box:
        """Return `box` a frame later."""
        return box.moved(*self._velocity)

    def update(self, before: Box, after: Box) -> None:
        """Take the motion of a frame in which the target was seen."""
        (x0, y0), (x1, y1), (vx, vy) = before.center, after.center, self._velocity
        self._velocity = (vx + self._rate * (x1 - x0 - vx), vy + self._rate * (y1 - y0 - vy))

    def stop(self) -> None:
        """Forget the motion, as of a target that is lost."""
        self._velocity = (0.0, 0.0)
