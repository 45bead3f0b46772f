"""What the other targets hold of a frame, and what of it a target may not take for its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.cues.base import View
from tracker.geometry import Box


@dataclass(frozen=True, slots=True)
class Rivals:
    """The other targets near one target.

    A target sees none of its density where another one is expected. Where it is expected itself it sees everything,
    rivals or not: so two that overlap both keep the common part, and neither is pushed off its place.

    Attributes:
        boxes: where the others are expected, frame pixels.
        own: where the target itself is expected; None where that is unknown, as while it is lost.
        overlap: the greatest part of the target, or of a rival that is smaller, that one expects to share, in [0, 1].
    """

    boxes: tuple[Box, ...] = ()
    own: Box | None = None
    overlap: float = 0.0

    def exclude_from(self, view: View) -> None:
        """Clear what the others hold from the density of `view`."""
        if not self.boxes:
            return
        to_patch = view.patch.geometry.box_to_patch
        view.exclude([to_patch(box) for box in self.boxes], None if self.own is None else to_patch(self.own))


NO_RIVALS = Rivals()
"""A target that is alone."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """One target before a frame is looked at.

    Attributes:
        expected: where it is expected, frame pixels.
        reach: where it will be looked for.
        lost: whether nobody knows: it then holds nothing, and keeps off what the others hold everywhere.
    """

    expected: Box
    reach: Box
    lost: bool


def rivals_of(targets: Sequence[Whereabouts]) -> list[Rivals]:
    """Return who is near each of `targets`, in their order."""
    if len(targets) < 2:
        return [NO_RIVALS for _ in targets]
    lost = np.array([target.lost for target in targets])
    near = shared_areas([target.reach for target in targets], [target.expected for target in targets]) > 0
    near |= lost[:, None]
    near &= ~lost[None, :]
    np.fill_diagonal(near, False)
    boxes = [target.expected for target in targets]
    return [
        _rivals(target, [boxes[other] for other in np.flatnonzero(row)]) if row.any() else NO_RIVALS
        for target, row in zip(targets, near, strict=True)
    ]


def overlap_of(a: Box, b: Box) -> float:
    """Return the part of the smaller box that lies in the other one, in [0, 1]."""
    across = min(a.right, b.right) - max(a.x, b.x)
    down = min(a.bottom, b.bottom) - max(a.y, b.y)
    return max(across, 0.0) * max(down, 0.0) / min(a.area, b.area)


def shared_areas(first: Sequence[Box], second: Sequence[Box]) -> NDArray[np.float64]:
    """Return the area, px², that each of `first` (rows) has in common with each of `second` (columns)."""
    a, b = (np.array([box.xyxy for box in boxes]) for boxes in (first, second))
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    area: NDArray[np.float64] = np.maximum(high - low, 0.0).prod(axis=2)
    return area


def _rivals(target: Whereabouts, others: list[Box]) -> Rivals:
    if target.lost:
        return Rivals(tuple(others))
    return Rivals(tuple(others), target.expected, max(overlap_of(target.expected, other) for other in others))
