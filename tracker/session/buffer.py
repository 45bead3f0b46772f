"""The steps of the last frames: to look back into, and to catch up from with a box that was drawn on an older frame."""

from __future__ import annotations

from collections import deque

from tracker.session.step import Step
from tracker.video.base import Frame

_BYTES = 192 * 2**20
"""Memory for pictures: two seconds of 1080p, half a minute of a small clip."""
_FEWEST, _MOST = 2, 600


class FrameBuffer:
    """Keeps as many of the newest steps as fit into the memory allowed, and a place among them.

    The frames rise: one of the same frame as the newest replaces it, one of an earlier frame makes all be forgotten.
    """

    def __init__(self, limit: int = _BYTES) -> None:
        """Keep pictures of at most `limit` bytes in all, but at least two."""
        self._limit = limit
        self._steps: deque[Step] = deque()
        self._back = 0

    @property
    def current(self) -> Step | None:
        """The step at the place; None before the first."""
        return self._steps[-1 - self._back] if self._steps else None

    @property
    def newest(self) -> Step | None:
        """The last step that was added; None before the first."""
        return self._steps[-1] if self._steps else None

    @property
    def in_past(self) -> bool:
        """Whether the place is before the newest step."""
        return self._back > 0

    def add(self, step: Step) -> None:
        """Take a new step and go to it."""
        index = step.frame.index
        if self._steps and index < self._steps[-1].frame.index:
            self._steps.clear()
        elif self._steps and index == self._steps[-1].frame.index:
            self._steps.pop()
        self._steps.append(step)
        self._back = 0
        room = max(_FEWEST, min(_MOST, self._limit // max(1, step.frame.image.nbytes)))
        while len(self._steps) > room:
            self._steps.popleft()

    def since(self, index: int | None) -> list[Frame]:
        """Return the frames from number `index` to the newest; the newest alone where that one is not kept."""
        frames = [step.frame for step in self._steps]
        start = next((place for place, frame in enumerate(frames) if frame.index == index), -1)
        return frames[start:]

    def back(self) -> bool:
        """Go to the step before; False where none is kept."""
        if self._back + 1 >= len(self._steps):
            return False
        self._back += 1
        return True

    def forward(self) -> bool:
        """Go to the step after; False at the newest."""
        if not self._back:
            return False
        self._back -= 1
        return True

    def catch_up(self) -> None:
        """Go to the newest step."""
        self._back = 0

    def forget_target(self, target: int) -> None:
        """Leave a target out of all steps."""
        kept = (Step(step.frame, tuple(t for t in step.tracks if t.id != target)) for step in self._steps)
        self._steps = deque(kept)

    def clear(self) -> None:
        """Forget all steps."""
        self._steps.clear()
        self._back = 0
