"""How sure the tracker is, and what state follows from it."""

from __future__ import annotations

import math

from tracker.config.settings import ConfidenceSettings
from tracker.cues.base import Evidence
from tracker.tracking.result import TrackState


def confidence_of(evidence: Evidence) -> float:
    """Return the confidence in [0, 1].

    Logistic in the Bhattacharyya similarity to the first look and the logarithm of the inside/ring contrast.
    """
    score = evidence.similarity + 0.2 * math.log(evidence.contrast + 0.1)
    return 1.0 / (1.0 + math.exp(-8.0 * (score - 0.55)))


class StateMachine:
    """TRACKING, OCCLUDED, LOST with hysteresis."""

    def __init__(self, settings: ConfidenceSettings) -> None:
        self._settings = settings
        self._doubtful = 0
        self.state = TrackState.TRACKING

    def step(self, confidence: float) -> TrackState:
        """Take a frame's confidence, return the state."""
        tracking = self.state is TrackState.TRACKING
        bar = self._settings.occluded_below if tracking else self._settings.tracking_above
        if confidence >= bar:
            self._doubtful = 0
            self.state = TrackState.TRACKING
            return self.state
        self._doubtful += 1
        lost = self.state is TrackState.LOST or self._doubtful >= self._settings.lost_after
        self.state = TrackState.LOST if lost else TrackState.OCCLUDED
        return self.state
