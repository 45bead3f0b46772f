"""How the targets stood in what has been seen of a recording: the timeline of the window."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tracker.drawing.strip import DONE, RANKS, UNKNOWN
from tracker.session import Step
from tracker.tracking.result import TrackState

_PARTS = 4096
_DOUBTFUL = RANKS[TrackState.OCCLUDED]


class History:
    """Remembers the worst state in each of equal parts of a recording, whatever its length."""

    def __init__(self, seconds: float, start: float = 0.0) -> None:
        """Begin with nothing known of a recording of about so many seconds from `start` on; it may prove longer."""
        self._start = start
        self._seconds = max(seconds, 1e-3)
        self._newest = -1
        self.ranks: NDArray[np.uint8] = np.zeros(_PARTS, np.uint8)
        self._choices: list[float] = []

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return self._seconds

    @property
    def end(self) -> float:
        """Time of its end."""
        return self._start + self._seconds

    @property
    def marks(self) -> list[float]:
        """Where targets were chosen, as parts of the length."""
        return [(time - self._start) / self._seconds for time in self._choices]

    def place(self, time: float) -> float:
        """Return a time as a part of the length, in [0, 1]."""
        return min(max((time - self._start) / self._seconds, 0.0), 1.0)

    def time(self, place: float) -> float:
        """Return the time of a part of the length."""
        return self._start + min(max(place, 0.0), 1.0) * self._seconds

    def take(self, step: Step) -> None:
        """Take note of a step; what was known of a stretch that is tracked again is replaced."""
        time = step.frame.timestamp
        if time > self.end:
            self._grow(1.5 * (time - self._start))
        part = min(int(self.place(time) * _PARTS), _PARTS - 1)
        rank = max((RANKS[track.result.state] for track in step.tracks), default=DONE)
        self.ranks[part] = max(rank, int(self.ranks[part])) if part == self._newest else rank
        # A short recording has fewer frames than parts: those up to a frame are as the frame.
        if 0 <= self._newest < part <= self._newest + self._most_parts:
            self.ranks[self._newest + 1 : part] = rank
        self._newest = part

    def choose(self, time: float) -> None:
        """Take note that a target was chosen."""
        self._choices.append(time)

    def jump(self) -> None:
        """Say that the next step does not follow the last one."""
        self._newest = -1

    def next_doubtful(self, time: float) -> float | None:
        """Return where the next stretch begins in which a target was not TRACKING, after `time`; around the end."""
        doubtful = self.ranks >= _DOUBTFUL
        starts = np.flatnonzero(doubtful & ~np.concatenate([[False], doubtful[:-1]]))
        if not len(starts):
            return None
        later = starts[starts > int(self.place(time) * _PARTS)]
        return self.time(float(later[0] if len(later) else starts[0]) / _PARTS)

    @property
    def _most_parts(self) -> int:
        """Parts between two frames of two a second: farther apart they are no neighbors."""
        return max(1, int(0.5 / self._seconds * _PARTS))

    def _grow(self, seconds: float) -> None:
        shrunk = int(_PARTS * self._seconds / seconds)
        ends = np.linspace(0, _PARTS, shrunk + 1).astype(int)
        ranks = np.full(_PARTS, UNKNOWN, np.uint8)
        ranks[:shrunk] = [self.ranks[a : max(a + 1, b)].max() for a, b in pairwise(ends)]
        self.ranks, self._seconds, self._newest = ranks, seconds, -1
