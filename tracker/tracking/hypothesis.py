"""What is held to be the target: its learned looks and its place. In a doubt there are two, each with its own copy."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from tracker.cues.base import ColoredCue
from tracker.geometry import Box
from tracker.tracking.localization import Localization
from tracker.tracking.scale import ScaleEstimator


@dataclass(frozen=True, slots=True)
class Appearance:
    """All that is learned of a target's looks.

    Attributes:
        cue: what it looks like.
        scale: how its size is measured.
    """

    cue: ColoredCue[Any]
    scale: ScaleEstimator

    def copied(self) -> Appearance:
        """Return a copy that learns on its own."""
        return Appearance(self.cue.copied(), self.scale.copied())

    def update(self, found: Localization, frames: int = 1) -> None:
        """Learn from a look, for so many frames."""
        self.cue.update(found.place.response, found.place.target, frames)
        self.scale.update(found.change)


@dataclass(slots=True)
class Hypothesis:
    """Where the target is, and what it looks like.

    Attributes:
        appearance: what is known of its looks.
        box: where it was last, frame pixels.
    """

    appearance: Appearance
    box: Box


@dataclass(slots=True)
class Doubt:
    """A doubt from its first frame on: a new one for each.

    Attributes:
        frames: usual frame intervals that it has lasted.
        seconds: the same in seconds.
        depth: how far the smoothed score has been below the bar.
        unseen: seconds in a row in which what is followed was doubtful on its own.
        credit: smoothed confidence of what is followed, in [0, 1].
        foreign: whether another scene began it.
        turns: pieces of the frame that have been searched.
        proposed: likely places of the last piece, to be screened.
        next_best: a place that the last search found promising, and that was not looked at.
        seen: box where the clean looks have been seen last; None where they were not seen in the last frame.
        expected: whether the target was expected there.
        count: frames in a row in which they have been seen.
        mean: mean score of those.
        misses: looks in a row, while LOST, at which what was followed into the loss had no likely place.
    """

    frames: int = 0
    seconds: float = 0.0
    depth: float = 0.0
    unseen: float = 0.0
    credit: float = 0.5
    foreign: bool = False
    turns: int = 0
    proposed: tuple[Box, ...] = ()
    next_best: Box | None = None
    seen: Box | None = None
    expected: bool = False
    count: int = 0
    mean: float = 0.0
    misses: int = 0


class Checkpoints:
    """Copies of what was learned, the oldest of them from before the quarantine.

    Attributes:
        kept: the copies, oldest first.
    """

    def __init__(self, every: int, count: int) -> None:
        """Keep the last `count` copies, one of `every` sure looks."""
        self._every = every
        self._looks = 0
        self.kept: deque[Appearance] = deque(maxlen=count)

    def add(self, appearance: Appearance) -> None:
        """Take a sure look, with what is known after it."""
        if self._looks % self._every == 0:
            self.kept.append(appearance.copied())
        self._looks += 1

    def clear(self) -> None:
        """Begin again."""
        self.kept.clear()
        self._looks = 0
