"""Which targets are near which: what of a frame a target may not take for its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.cues.base import NO_DISTRACTORS, Distractors
from tracker.geometry import Box, overlap_of, shared_areas


@dataclass(frozen=True, slots=True)
class Prediction:
    """One target before a frame is looked at.

    Attributes:
        box: where it is expected, frame pixels.
        reach: the search region about that, frame pixels.
        lost: whether it is LOST, so that `box` is only where it was last.
        sought: whether it is looked for in the whole frame.
    """

    box: Box
    reach: Box
    lost: bool
    sought: bool = False


def distractors_of(predictions: Sequence[Prediction]) -> list[Distractors]:
    """Return the targets near each of several, in their order.

    A target that is LOST holds no place, and is kept off those that the others hold everywhere in the frame; so is,
    where it is looked for in the whole frame, one in doubt.
    """
    if len(predictions) < 2:
        return [NO_DISTRACTORS for _ in predictions]
    lost = np.array([each.lost for each in predictions])
    boxes = [each.box for each in predictions]
    near = shared_areas([each.reach for each in predictions], boxes) > 0
    near |= lost[:, None]
    near &= ~lost[None, :]
    np.fill_diagonal(near, False)
    found = []
    for index, (own, row) in enumerate(zip(predictions, near, strict=True)):
        others = tuple([boxes[other] for other in np.flatnonzero(row)])
        held = (each.box for other, each in enumerate(predictions) if other != index and not each.lost)
        found.append(_distractors(own, others, tuple(held) if own.sought else ()))
    return found


def _distractors(own: Prediction, near: tuple[Box, ...], everywhere: tuple[Box, ...]) -> Distractors:
    if not near:
        return Distractors(everywhere=everywhere) if everywhere else NO_DISTRACTORS
    if own.lost:
        return Distractors(near, everywhere=everywhere)
    return Distractors(near, own.box, max(overlap_of(own.box, other) for other in near), everywhere)
