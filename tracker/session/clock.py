"""Times for a tracker, which must not run backwards, of the frames of a source, which may be jumped about in."""

from __future__ import annotations

import math


class TrackerClock:
    """Returns times that rise: where the source jumps back, by a frame."""

    def __init__(self, fps: float) -> None:
        """Begin with the first frame; `fps` is how many come a second."""
        self._beat = 1.0 / fps
        self._time, self._ahead = -math.inf, 0.0

    def of(self, timestamp: float) -> float | None:
        """Return the time of the next frame, whose timestamp is given; None for no time."""
        time = timestamp + self._ahead
        if math.isnan(time):
            return None
        if time <= self._time:
            self._ahead += self._time + self._beat - time
            time = timestamp + self._ahead
        self._time = time
        return time
