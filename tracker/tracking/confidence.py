"""What the evidence of a frame allows to be concluded: confidence → state → what may be learned.

`confidence_of` turns evidence into a number, `TargetVerifier` refuses what is not like the target used to be,
`StateMachine` turns the number into a state, `UpdatePolicy` says what a frame may change, `reason_of` why it is not
TRACKING. Each looks at evidence only, at no picture.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tracker.cues.base import Evidence
from tracker.tracking.result import TrackState
from tracker.values import value

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import ConfidenceSettings, GateSettings, RecognitionSettings


def confidence_of(evidence: Evidence, settings: ConfidenceSettings) -> float:
    """Return the confidence in [0, 1]: a logistic function of similarity, log contrast and log response.

    Contrast counts up to `clear_contrast` only: beyond it more tells nothing, and must not make up for a wrong look. A
    box that is mostly out of the frame counts by the part that is in it: little of the target can be seen there.
    """
    s = settings
    score = (
        s.similarity_weight * evidence.similarity
        + s.contrast_weight * math.log(min(evidence.contrast, s.clear_contrast) + 0.1)
        + s.recall_weight * math.log(max(evidence.recall, s.faint_recall))
        - s.offset
    )
    return min(1.0, evidence.coverage / s.full_coverage) / (1.0 + math.exp(-score))


def reason_of(evidence: Evidence, settings: ConfidenceSettings) -> str:
    """Return the short code of what speaks most against `evidence`.

    `no_evidence`: nothing in the search region has the target's colors; `out_of_frame`: most of the box is beyond the
    frame's edge; `low_similarity`: the box does not have the first one's colors; `low_contrast`: its surroundings look
    alike; `low_response`: it does not have the first one's structure.
    """
    s = settings
    if evidence.contrast == 0.0:
        return "no_evidence"
    if evidence.coverage < s.full_coverage:
        return "out_of_frame"
    contrast = min(evidence.contrast, s.clear_contrast)
    recall = min(max(evidence.recall, s.faint_recall), s.clear_recall)
    # What each term falls short of a clear case.
    missing = {
        "low_similarity": s.similarity_weight * (1.0 - evidence.similarity),
        "low_contrast": s.contrast_weight * math.log((s.clear_contrast + 0.1) / (contrast + 0.1)),
        "low_response": s.recall_weight * math.log(s.clear_recall / recall),
    }
    return max(missing, key=lambda reason: missing[reason])


class StateMachine:
    """How what is followed stands by its looks on their own: with hysteresis in confidence and in time.

    It is one part of what a target's state rests on (`tracking/states.py`).

    | state    | confidence           | next                                                        |
    |----------|----------------------|-------------------------------------------------------------|
    | TRACKING | below occluded_below | OCCLUDED; LOST after `lost_after` doubtful frames in a row  |
    | OCCLUDED | below tracking_above | OCCLUDED; LOST after `lost_after` doubtful frames in a row  |
    | OCCLUDED | tracking_above       | TRACKING                                                    |
    | LOST     | below found_above    | LOST                                                        |
    | LOST     | found_above          | TRACKING                                                    |

    A doubtful frame that comes after a gap in time counts as the usual frame intervals since the one before.
    """

    def __init__(self, settings: ConfidenceSettings) -> None:
        self._settings = settings
        self._doubtful = 0
        self.state = TrackState.TRACKING

    def step(self, confidence: float, elapsed: int = 1) -> TrackState:
        """Take the confidence of a frame, `elapsed` usual intervals after the one before; return what state follows."""
        s = self._settings
        if self.state is TrackState.TRACKING:
            bar = s.occluded_below
        elif self.state is TrackState.OCCLUDED:
            bar = s.tracking_above
        else:
            bar = s.found_above
        if confidence >= bar:
            self._doubtful = 0
            self.state = TrackState.TRACKING
        else:
            self._doubtful += elapsed
            lost = self.state is TrackState.LOST or self._doubtful >= s.lost_after
            self.state = TrackState.LOST if lost else TrackState.OCCLUDED
        return self.state


@value
class UpdateDecision:
    """What a frame may change.

    Attributes:
        learn: the target's model.
        resize: the box's size.
    """

    learn: bool
    resize: bool


class UpdatePolicy:
    """Compares the height and the sharpness of the template's response with what they usually are.

    High and sharp responses come from an undisturbed target (Wang, Liu & Huang 2017, "Large margin object tracking with
    circulant feature maps", section 3.4). The means follow rejected frames as well, only slower: if they waited for
    better frames, nothing would be learned any more after a lasting change.
    """

    def __init__(self, settings: GateSettings) -> None:
        """Know nothing yet."""
        self._settings = settings
        self._frames = 0
        self._response = 0.0
        self._sharpness = 0.0

    def decide(self, evidence: Evidence) -> UpdateDecision:
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
        return UpdateDecision(learn=passed and whole, resize=passed or quality >= s.hold_below)


class TargetVerifier:
    """Tells the target from something else by how it usually looked while TRACKING.

    It remembers the height of the first template's response, as a running mean.
    """

    def __init__(self, settings: RecognitionSettings, first: Evidence) -> None:
        """Take the first frame, on which everything was learned, only as a start."""
        self._settings = settings
        self._frames = 0
        self._recall = first.recall

    def same(self, evidence: Evidence) -> bool:
        """Whether `evidence` may come from the target: the first look's structure is still to be seen."""
        return evidence.recall >= self._settings.min_recall * self._recall

    def remember(self, evidence: Evidence) -> None:
        """Take a frame in which the target was seen."""
        self._frames += 1
        rate = self._settings.rate
        # A response to what was just learned is higher than any later one: the first frames replace it.
        self._recall += max(1 / self._frames, rate) * (evidence.recall - self._recall)
