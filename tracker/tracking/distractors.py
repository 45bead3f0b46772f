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
    """

    box: Box
    reach: Box
    lost: bool


def distractors_of(predictions: Sequence[Prediction]) -> list[Distractors]:
    """Return the targets near each of several, in their order.

    A target that is LOST holds no place, and is kept off those that the others hold everywhere in the frame.
    """
    if len(predictions) < 2:
        return [NO_DISTRACTORS for _ in predictions]
    lost = np.array([each.lost for each in predictions])
    boxes = [each.box for each in predictions]
    near = shared_areas([each.reach for each in predictions], boxes) > 0
    near |= lost[:, None]
    near &= ~lost[None, :]
    np.fill_diagonal(near, False)
    return [
        _distractors(own, [boxes[other] for other in np.flatnonzero(row)]) if row.any() else NO_DISTRACTORS
        for own, row in zip(predictions, near, strict=True)
    ]


def _distractors(own: Prediction, others: list[Box]) -> Distractors:
    if own.lost:
        return Distractors(tuple(others))
    return Distractors(tuple(others), own.box, max(overlap_of(own.box, other) for other in others))
