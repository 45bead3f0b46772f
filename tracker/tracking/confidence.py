"""How sure the tracker is, what state follows from it, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tracker.config.settings import ConfidenceSettings, GateSettings, RecognitionSettings
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


@dataclass(frozen=True, slots=True)
class Admission:
    """What a frame may change.

    Attributes:
        learn: the target's model.
        resize: the box's size.
    """

    learn: bool
    resize: bool


class Gate:
    """Compares the height and the sharpness of the template's response with what they usually are.

    High and sharp responses come from an undisturbed target (Wang, Liu & Huang 2017, "Large margin object tracking with
    circulant feature maps", section 3.4). The means follow rejected frames as well, only slower: if they waited for
    better frames, the gate would stay shut for good after a lasting change.
    """

    def __init__(self, settings: GateSettings) -> None:
        """Know nothing yet."""
        self._settings = settings
        self._frames = 0
        self._response = 0.0
        self._sharpness = 0.0

    def admit(self, evidence: Evidence) -> Admission:
        """Judge a frame by its `evidence`, and take it into the means."""
        s = self._settings
        quality = min(
            evidence.response / max(s.response_part * self._response, 1e-9),
            evidence.sharpness / max(s.sharpness_part * self._sharpness, 1e-9),
        )
        self._frames += 1
        passed = self._frames < s.settle or quality > 1
        rate = max(1 / self._frames, s.rate) if passed else s.rate / 2
        self._response += rate * (evidence.response - self._response)
        self._sharpness += rate * (evidence.sharpness - self._sharpness)
        whole = evidence.coverage >= s.min_coverage
        return Admission(learn=passed and whole, resize=passed or quality >= s.hold_below)


_RATE = 0.05
"""Share of what is usual that a frame renews."""


class Recognition:
    """Remembers how similar the target usually was while TRACKING, and how high its template's response."""

    def __init__(self, settings: RecognitionSettings, first: Evidence) -> None:
        """Take the first frame, on which everything was learnt, only as a start."""
        self._settings = settings
        self._frames = 0
        self._similarity = first.similarity
        self._recall = first.recall

    def same(self, evidence: Evidence, lost: bool) -> bool:
        """Whether `evidence` may come from the target; while it is LOST, its colours have to be right as well."""
        if not lost:
            return evidence.recall >= self._settings.min_recall * self._recall
        alike = evidence.similarity >= self._settings.min_similarity * self._similarity
        return alike and evidence.recall >= self._settings.found_recall * self._recall

    def remember(self, evidence: Evidence) -> None:
        """Take a frame in which the target was seen."""
        self._frames += 1
        # A response to what was just learnt is higher than any later one.
        rate = max(1 / self._frames, _RATE)
        self._recall += rate * (evidence.recall - self._recall)
        self._similarity += _RATE * (evidence.similarity - self._similarity)
