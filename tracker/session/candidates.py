"""What a finder finds, from frame to frame: who may be followed soon, and who was sent away."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.config.detection import PopulationSettings
from tracker.geometry import Box, iou
from tracker.tracking.distractors import overlap_of


def distance(before: Box, now: Box) -> float:
    """Return how far something has come, in its size √(w·h) now."""
    return math.dist(before.center, now.center) / math.sqrt(now.area)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that was found in several frames in a row.

    Attributes:
        boxes: where, in the latest of them, oldest first.
        origin: where it was found first.
    """

    boxes: tuple[Box, ...]
    origin: Box

    @property
    def box(self) -> Box:
        """Where it is."""
        return self.boxes[-1]

    @property
    def traveled(self) -> float:
        """How far it has come from its origin, in target sizes √(w·h)."""
        return distance(self.origin, self.box)

    @property
    def pace(self) -> float:
        """How far it has come in these frames, in target sizes."""
        return distance(self.boxes[0], self.box)

    @property
    def change(self) -> float:
        """Its greatest area in these frames over its smallest, ≥ 1."""
        areas = [box.area for box in self.boxes]
        return max(areas) / min(areas)

    @property
    def growth(self) -> float:
        """By what factor it has grown, or shrunk, since the oldest of these frames, ≥ 1."""
        last, first = self.box.area, self.boxes[0].area
        return max(last, first) / min(last, first)

    def seen_at(self, box: Box, memory: int) -> Candidate:
        """Return it with its box in one more frame; `memory` frames are kept."""
        return Candidate((*self.boxes, box)[-memory:], self.origin)


def continued(
    candidates: Sequence[Candidate], boxes: Sequence[Box], rules: PopulationSettings
) -> tuple[Candidate, ...]:
    """Return the candidates of the next frame: each of `boxes` goes on with the one that it fits best, or begins.

    A candidate of the frame before that no box fits is forgotten.
    """
    pairs = [
        (fit, old, new)
        for old, candidate in enumerate(candidates)
        for new, box in enumerate(boxes)
        if (fit := iou(candidate.box, box)) >= rules.overlap
    ]
    past: dict[int, Candidate] = {}
    taken: set[int] = set()
    for _, old, new in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if new not in past and old not in taken:
            past[new] = candidates[old]
            taken.add(old)
    return tuple(
        past[new].seen_at(box, rules.steady) if new in past else Candidate((box,), box) for new, box in enumerate(boxes)
    )


@dataclass(frozen=True, slots=True)
class Outcast:
    """Something that a person sent away: it does not come again while it can be seen.

    Attributes:
        box: where it was found last.
        unseen: for how many frames it has not been found.
    """

    box: Box
    unseen: int = 0

    def among(self, found: Iterable[Box]) -> Outcast:
        """Return it as it is after a frame in which `found` was found."""
        near = max(found, key=lambda box: overlap_of(box, self.box), default=self.box)
        if near is self.box or not overlap_of(near, self.box):
            return Outcast(self.box, self.unseen + 1)
        return Outcast(near)
