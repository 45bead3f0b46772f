"""How sure the tracker is, what state follows from it, and why."""

from __future__ import annotations

import math

from tracker.config.settings import ConfidenceSettings
from tracker.cues.base import Evidence
from tracker.tracking.result import TrackState

CLEAR = 8.0
"""Contrast of a target that stands out clearly."""

TALL = 0.1
"""Response of the first template to a target that has not changed much."""

_FAINT = 1e-3
"""A response below this is none."""


def confidence_of(evidence: Evidence, settings: ConfidenceSettings) -> float:
    """Return the confidence in [0, 1]: a logistic function of similarity, log contrast and log response.

    Contrast counts up to `CLEAR` only: beyond it more tells nothing, and must not make up for a wrong look. A box that
    is mostly out of the frame counts by the part that is in it: little of the target can be seen there.
    """
    score = (
        settings.similarity_weight * evidence.similarity
        + settings.contrast_weight * math.log(min(evidence.contrast, CLEAR) + 0.1)
        + settings.recall_weight * math.log(max(evidence.recall, _FAINT))
        - settings.offset
    )
    return min(1.0, 2.0 * evidence.coverage) / (1.0 + math.exp(-score))


def reason_of(evidence: Evidence, settings: ConfidenceSettings) -> str:
    """Return the short code of what speaks most against `evidence`.

    `no_evidence`: nothing in the window has the target's colors; `out_of_frame`: most of the box is beyond the frame's
    edge; `low_similarity`: the box does not have the first one's colors; `low_contrast`: its surroundings look alike;
    `low_response`: it does not have the first one's structure.
    """
    if evidence.contrast == 0.0:
        return "no_evidence"
    if evidence.coverage < 0.5:
        return "out_of_frame"
    # What each term falls short of a clear case.
    missing = {
        "low_similarity": settings.similarity_weight * (1.0 - evidence.similarity),
        "low_contrast": settings.contrast_weight * math.log((CLEAR + 0.1) / (min(evidence.contrast, CLEAR) + 0.1)),
        "low_response": settings.recall_weight * math.log(TALL / min(max(evidence.recall, _FAINT), TALL)),
    }
    return max(missing, key=lambda reason: missing[reason])


class StateMachine:
    """TRACKING, OCCLUDED and LOST, with hysteresis in confidence and in time."""

    def __init__(self, settings: ConfidenceSettings) -> None:
        self._settings = settings
        self._doubtful = 0
        self.state = TrackState.TRACKING

    def step(self, confidence: float) -> TrackState:
        """Take a frame's confidence and return the state that follows."""
        if confidence >= self._bar():
            self._doubtful = 0
            self.state = TrackState.TRACKING
        else:
            self._doubtful += 1
            lost = self.state is TrackState.LOST or self._doubtful >= self._settings.lost_after
            self.state = TrackState.LOST if lost else TrackState.OCCLUDED
        return self.state

    def _bar(self) -> float:
        if self.state is TrackState.TRACKING:
            return self._settings.occluded_below
        if self.state is TrackState.OCCLUDED:
            return self._settings.tracking_above
        return self._settings.found_above
