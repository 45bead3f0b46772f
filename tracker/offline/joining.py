"""Two passes over the same frames joined where they agree best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.tracking.result import TrackResult

_AGREEMENT = 5.0
"""Frames of sure tracking that full agreement of the boxes at the joint is worth."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a pass said of one frame.

    Attributes:
        index: 0-based number of the frame in its source.
        timestamp: seconds from the start of the source.
        result: what was said.
    """

    index: int
    timestamp: float
    result: TrackResult


def join(forward: Sequence[Seen], backward: Sequence[Seen]) -> list[Seen]:
    """Return one sequence of two over the same frames: up to the joint from `forward`, and after it from `backward`.

    The joint is where the sum of three is greatest: the confidences of the TRACKING frames before it in the one, of
    those after it in the other, and the overlap of the two boxes at it. Where one pass has lost the target the other
    has it, and where both have it they change where they say the same.

    Args:
        forward: a pass from a known place before.
        backward: the same frames, in the same order, of a pass from a known place after.
    """
    if [one.index for one in forward] != [one.index for one in backward]:
        raise ValueError("the two passes are not over the same frames")
    if not forward:
        return []
    before = np.cumsum([_worth(one.result) for one in forward])
    after = np.cumsum([_worth(one.result) for one in backward][::-1])[::-1]
    agreement = [
        ahead.result.box.iou(back.result.box) if ahead.result.ok and back.result.ok else 0.0
        for ahead, back in zip(forward, backward, strict=True)
    ]
    # After the joint at k come the frames from k + 1 on.
    total = before + np.append(after[1:], 0.0) + _AGREEMENT * np.array(agreement)
    joint = int(np.argmax(total))
    return [*forward[: joint + 1], *backward[joint + 1 :]]


def _worth(result: TrackResult) -> float:
    return result.confidence if result.ok else 0.0
