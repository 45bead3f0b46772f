"""The rate at which frames are shown, as it has been lately."""

from __future__ import annotations

import time

_SMOOTHING = 0.1
"""Weight of the newest frame."""
_PAUSE = 1.0
"""Seconds between two frames from which on it was a pause."""


class FrameRate:
    """Smooths the time from one frame to the next exponentially."""

    def __init__(self) -> None:
        """Begin without a frame."""
        self._last = self._interval = 0.0

    @property
    def fps(self) -> float:
        """Frames per second; 0 before there are two."""
        return 1.0 / self._interval if self._interval else 0.0

    def count(self) -> None:
        """Count one more frame, now."""
        now = time.perf_counter()
        taken, self._last = now - self._last, now
        if taken < _PAUSE:
            self._interval += (_SMOOTHING if self._interval else 1.0) * (taken - self._interval)
