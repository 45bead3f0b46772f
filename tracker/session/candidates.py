"""What a finder finds, from frame to frame: who may be followed soon, and who was sent away."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.geometry import Box, iou
from tracker.tracking.rivals import overlap_of


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
        """How far it has come, in target sizes √(w·h)."""
        return math.dist(self.origin.center, self.box.center) / math.sqrt(self.box.area)

    @property
    def change(self) -> float:
        """Its greatest area in these frames over its smallest, ≥ 1."""
        areas = [box.area for box in self.boxes]
        return max(areas) / min(areas)

    @property
    def growth(self) -> float:
        """Its area over that in the oldest of these frames."""
        return self.box.area / self.boxes[0].area

    def seen_at(self, box: Box, memory: int) -> Candidate:
        """Return it with its box in one more frame; `memory` frames are kept."""
        return Candidate((*self.boxes, box)[-memory:], self.origin)


def continued(
    candidates: Sequence[Candidate], boxes: Sequence[Box], *, overlap: float, memory: int
) -> tuple[Candidate, ...]:
    """Return the candidates of the next frame: each box goes on with the one that it fits best, or begins.

    Args:
        candidates: those of the frame before; who finds no box is forgotten.
        boxes: what was found in this frame.
        overlap: least IoU of a candidate and its next box.
        memory: frames that are kept of each.
    """
    pairs = [
        (fit, old, new)
        for old, candidate in enumerate(candidates)
        for new, box in enumerate(boxes)
        if (fit := iou(candidate.box, box)) >= overlap
    ]
    past: dict[int, Candidate] = {}
    taken: set[int] = set()
    for _, old, new in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if new not in past and old not in taken:
            past[new] = candidates[old]
            taken.add(old)
    return tuple(
        past[new].seen_at(box, memory) if new in past else Candidate((box,), box) for new, box in enumerate(boxes)
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
