"""The motion model: how a target is expected to move on."""

from __future__ import annotations

from tracker.geometry import Box


class ConstantVelocity:
    """Expects a target to go on as it went: a running mean of its motion, pixels per usual frame interval."""

    def __init__(self, rate: float) -> None:
        """Stand still; a frame renews the part `rate` of the velocity."""
        self._rate = rate
        self._velocity = (0.0, 0.0)

    def predict(self, box: Box, elapsed: int = 1) -> Box:
        """Return `box` after `elapsed` usual frame intervals."""
        return box.moved(self._velocity[0] * elapsed, self._velocity[1] * elapsed)

    def update(self, before: Box, after: Box, elapsed: int = 1) -> None:
        """Take the motion up to a frame in which the target was seen, in `elapsed` usual intervals."""
        (x0, y0), (x1, y1), (vx, vy) = before.center, after.center, self._velocity
        across, down = (x1 - x0) / elapsed, (y1 - y0) / elapsed
        self._velocity = (vx + self._rate * (across - vx), vy + self._rate * (down - vy))

    def stop(self) -> None:
        """Forget the motion, as of a target that is lost."""
        self._velocity = (0.0, 0.0)
