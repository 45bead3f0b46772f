"""When a frame of a file is due."""

from __future__ import annotations

import math

from tracker.errors import ConfigError

SLOWEST, FASTEST = 1 / 16, 16.0
"""How far `faster` and `slower` go, in times the true speed."""
_LATE = 0.5
"""Seconds of delay that are not caught up with: a slow machine plays slowly rather than in jerks."""


class Clock:
    """Paces frames by their timestamps at a speed; 0 is as fast as it goes."""

    def __init__(self, speed: float = 1.0) -> None:
        """Begin with the first frame that is asked about.

        Raises:
            ConfigError: the speed is negative or not finite.
        """
        if not math.isfinite(speed) or speed < 0:
            raise ConfigError(f"speed {speed} is not possible: 1 is the true speed, 0 as fast as it goes")
        self._speed = speed
        self._zero: tuple[float, float] | None = None

    @property
    def speed(self) -> float:
        """Times the true speed; 0 is as fast as it goes."""
        return self._speed

    def restart(self) -> None:
        """Count anew from the next frame, after a pause or a jump."""
        self._zero = None

    def faster(self) -> None:
        """Double the speed."""
        self._set(self._speed * 2 if self._speed else FASTEST)

    def slower(self) -> None:
        """Halve the speed."""
        self._set(self._speed / 2 if self._speed else FASTEST)

    def wait(self, timestamp: float, now: float) -> float:
        """Return the seconds from `now` until the frame of `timestamp` is due, ≥ 0."""
        if not self._speed:
            return 0.0
        if self._zero is None:
            self._zero = timestamp, now
        due = self._zero[1] + (timestamp - self._zero[0]) / self._speed
        if now - due > _LATE:
            self._zero = timestamp, now
        return max(0.0, due - now)

    def _set(self, speed: float) -> None:
        self._speed = min(max(speed, SLOWEST), FASTEST)
        self.restart()
