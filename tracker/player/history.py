"""The last frames, to step back through."""

from __future__ import annotations

from collections import deque

from tracker.session import Step

_BYTES = 192 * 2**20
"""Memory for pictures: two seconds of 1080p, half a minute of a small clip."""
_FEWEST, _MOST = 2, 600


class History:
    """Keeps as many steps as fit into the memory allowed, and a place among them."""

    def __init__(self, limit: int = _BYTES) -> None:
        """Keep pictures of at most `limit` bytes in all, but at least two."""
        self._limit = limit
        self._steps: deque[Step] = deque()
        self._back = 0

    @property
    def current(self) -> Step | None:
        """The step looked at; None before the first."""
        return self._steps[-1 - self._back] if self._steps else None

    @property
    def newest(self) -> Step | None:
        """The last step that came; None before the first."""
        return self._steps[-1] if self._steps else None

    @property
    def in_past(self) -> bool:
        """Whether a step before the newest is looked at."""
        return self._back > 0

    def add(self, step: Step) -> None:
        """Take a new step and look at it; one of the same frame as the newest replaces it."""
        if self._steps and self._steps[-1].frame.index == step.frame.index:
            self._steps.pop()
        self._steps.append(step)
        self._back = 0
        room = max(_FEWEST, min(_MOST, self._limit // max(1, step.frame.image.nbytes)))
        while len(self._steps) > room:
            self._steps.popleft()

    def back(self) -> bool:
        """Look at the step before; False where none is kept."""
        if self._back + 1 >= len(self._steps):
            return False
        self._back += 1
        return True

    def forward(self) -> bool:
        """Look at the step after; False at the newest."""
        if not self._back:
            return False
        self._back -= 1
        return True

    def catch_up(self) -> None:
        """Look at the newest step."""
        self._back = 0

    def forget_target(self, target: int) -> None:
        """Leave a target out of all steps."""
        kept = (Step(step.frame, tuple(t for t in step.tracks if t.id != target)) for step in self._steps)
        self._steps = deque(kept)

    def clear(self) -> None:
        """Forget all: what comes next has no past here."""
        self._steps.clear()
        self._back = 0
