"""Frames at uneven times, laid on the even beat of a video."""

from __future__ import annotations

import math


class Pacer:
    """Says for how long each frame is to be shown, so that a video of a constant rate keeps the true speed.

    Frame `k` of the video is shown at `k / fps` seconds. A frame that comes too early for the beat is replaced by the
    next one; a gap is filled by showing the one before it for longer.
    """

    LONGEST_GAP = 30.0
    """Seconds. A longer gap is a jump of the clock, not a pause, and takes one beat."""

    def __init__(self, fps: float) -> None:
        """Start at the first frame, whatever its timestamp."""
        self._fps = fps
        self._last: float | None = None
        self._beats = 0.0

    def beats(self, timestamp: float) -> int:
        """Return for how many beats the frame before this one is shown, ≥ 0; 0 for the first frame.

        A timestamp that does not grow, or is not finite, takes one beat, as the clock says nothing.
        """
        step = timestamp - self._last if self._last is not None else 0.0
        first, self._last = self._last is None, timestamp
        if first:
            return 0
        before = math.floor(self._beats + 0.5)
        self._beats += step * self._fps if 0.0 < step <= self.LONGEST_GAP else 1.0
        return math.floor(self._beats + 0.5) - before
