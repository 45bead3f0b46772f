"""The scores of drills: whether an absence is said, whether the target is found again, and what is claimed meanwhile.

Overlaps are intersection over union with the truth of the drilled clip; a frame is claimed where the state is TRACKING.
The first frame starts the tracker and does not count. A run that breaks off claims nothing from there on.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tracker.evaluation import metrics
from tracker.evaluation.drills.sequence import DrilledSequence
from tracker.evaluation.metrics import MISS_BELOW, SUCCESS_AT, Array
from tracker.evaluation.results import Evaluation, SequenceResult
from tracker.tracking.result import TrackState

GRACE = 12
"""Frames of an absence in which a claim is not yet held against a tracker."""

FOUND_WITHIN = 30
"""Frames after an episode within which the target is to be found."""

FOUND_AT = 0.3
"""Overlap above which a claimed frame counts as found."""

HELD_AT = 0.4
"""Mean overlap before an episode above which a clip counts: a tracker that never held its target proves nothing."""

IN_A_ROW = 5
"""Frames in a row that are not claimed for an absence to be said: one alone may be a flicker."""

_SETTLED = slice(10, 40)  # frames after an episode in which the overlap is taken


@dataclass(frozen=True, slots=True)
class DrillScores:
    """The scores of one drilled clip; nan where there is no frame to score.

    Attributes:
        before: mean overlap before the episode.
        said: share of the absent frames, the first 12 left out, that are not claimed. Nan if the target is not absent.
        claimed_ok: share of the frames of the episode that are claimed. Nan if the target is absent.
        during: mean overlap in the episode. Nan if the target is absent.
        back: 1 if within 30 frames after the episode one is claimed with an overlap above 0.3, else 0. Nan where it is
            not, and the target is there in fewer than 15 of them: the clip ends too soon to tell.
        back_overlap: mean overlap in the frames 10 to 40 after the episode.
        false_ok: share of all frames that are absent or have an overlap below 0.1 that are claimed.
        false_no: share of all frames with an overlap above 0.5 that are not claimed.
        frames_to_say: frames from the first absent one to the first of five in a row that are not claimed; infinite
            where there are none before the target returns. Nan if the target is not absent.
        frames_to_find: frames from the end of the episode to the first that is claimed with an overlap above 0.3;
            infinite where there is none. Nan as for `back`.
    """

    before: float
    said: float
    claimed_ok: float
    during: float
    back: float
    back_overlap: float
    false_ok: float
    false_no: float
    frames_to_say: float
    frames_to_find: float

    @property
    def held(self) -> bool:
        """Whether the target was held before the episode."""
        return self.before > HELD_AT


def drill_scores(result: SequenceResult) -> DrillScores:
    """Return the scores of a run over a drilled clip."""
    begin, end, absent = _episode(result)
    claimed, overlap = _claimed(result), judged_overlaps(result)
    known = ~np.isnan(overlap)
    true_overlap = result.overlaps
    found = claimed & known & (overlap > FOUND_AT)
    there = ~np.isnan(drilled_sequence(result).truth[1:, 0])
    return DrillScores(
        before=metrics.mean_known(true_overlap[:begin]),
        said=_share(~claimed[min(begin + GRACE, end) : end]) if absent else math.nan,
        claimed_ok=math.nan if absent else _share(claimed[begin:end]),
        during=math.nan if absent else metrics.mean_known(true_overlap[begin:end]),
        back=_back(found[end : end + FOUND_WITHIN], there[end : end + FOUND_WITHIN]),
        back_overlap=metrics.mean_known(np.nan_to_num(true_overlap[end:][_SETTLED])),
        false_ok=_share(claimed[known & (overlap < MISS_BELOW)]),
        false_no=_share(~claimed[known & (overlap > SUCCESS_AT)]),
        frames_to_say=_first(_in_a_row(~claimed[begin:end])) if absent else math.nan,
        frames_to_find=math.nan if math.isnan(_back(found[end:], there[end:])) else _first(found[end:]),
    )


def _back(found: NDArray[np.bool_], there: NDArray[np.bool_]) -> float:
    """Whether it was found; nan where it was not and the target is there in too few frames to tell."""
    if not found.any() and np.count_nonzero(there) < FOUND_WITHIN // 2:
        return math.nan
    return float(found.any())


def judged_overlaps(result: SequenceResult) -> Array:
    """Return the overlaps of a drilled run, `(n,)`: 0 in an absence, in which any claim is wrong; nan where unknown."""
    begin, end, absent = _episode(result)
    overlap = result.overlaps.copy()
    if absent:
        overlap[begin:end] = 0.0
    return overlap


@dataclass(frozen=True, slots=True)
class DrillMeans:
    """The scores of one drill over several clips.

    Attributes:
        drill: its name.
        clips: number of clips.
        held: number of clips that were held before the episode; all else is taken over these.
        means: the means of the scores, of the numbers of frames the medians (in which never counts as infinite).
        confidence_roc_auc: area under the ROC curve of the confidence over all their frames together: claims are right
            with an overlap above 0.5, wrong below 0.1 and in absences.
    """

    drill: str
    clips: int
    held: int
    means: DrillScores
    confidence_roc_auc: float


def drill_means(evaluation: Evaluation, start: int = 0) -> list[DrillMeans]:
    """Return the means of each drill over the runs of one start, in the order of the runs."""
    by_drill: dict[str, list[SequenceResult]] = {}
    for result in evaluation.of_start(start):
        by_drill.setdefault(drilled_sequence(result).drill, []).append(result)
    return [_means(drill, results) for drill, results in by_drill.items()]


def drilled_sequence(result: SequenceResult) -> DrilledSequence:
    """Return the drilled clip that a result belongs to."""
    assert isinstance(result.sequence, DrilledSequence)
    return result.sequence


def _means(drill: str, results: Sequence[SequenceResult]) -> DrillMeans:
    scored = [(result, drill_scores(result)) for result in results]
    held = [(result, scores) for result, scores in scored if scores.held]
    values = {
        field.name: _summary(field.name)(getattr(scores, field.name) for _, scores in held)
        for field in fields(DrillScores)
    }
    confidences = [result.confidences for result, _ in held]
    overlaps = [judged_overlaps(result) for result, _ in held]
    roc = metrics.confidence_roc_auc(np.concatenate(confidences), np.concatenate(overlaps)) if held else math.nan
    return DrillMeans(drill, len(scored), len(held), DrillScores(**values), roc)


def _summary(name: str) -> Callable[[Iterable[float]], float]:
    return _median if name.startswith("frames_to") else _mean


def _mean(values: Iterable[float]) -> float:
    return metrics.mean_known(np.array(list(values), dtype=np.float64))


def _median(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return statistics.median_high(known) if known else math.nan


def _episode(result: SequenceResult) -> tuple[int, int, bool]:
    """Return the episode in the arrays of a result, which begin with the second frame: begin, end, absent."""
    episode = drilled_sequence(result).episode
    return episode.begin - 1, episode.end - 1, episode.absent


def _claimed(result: SequenceResult) -> NDArray[np.bool_]:
    return np.array([state is TrackState.TRACKING for state in result.states], dtype=bool)


def _share(hits: NDArray[np.bool_]) -> float:
    return float(hits.mean()) if hits.size else math.nan


def _in_a_row(hits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where `IN_A_ROW` hits begin; at the end fewer will do, up to the last."""
    return np.array([hits[index : index + IN_A_ROW].all() for index in range(len(hits))], dtype=bool)


def _first(hits: NDArray[np.bool_]) -> float:
    return float(hits.argmax()) if hits.any() else math.inf
