"""The diagnosis of a run: which part of its error is size, which is place, which is loss, and which is a wrong claim.

One mean overlap hides which of them moved. The size of a box is √(width · height), and its error is the logarithm of
its ratio to the true size, positive where the box is too large: ±0.1 are about ±10 %. The oracles tell what each part
is worth: the success AUC that the same run would have if one part of every box were true.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from tracker.evaluation import metrics
from tracker.evaluation.metrics import MISS_BELOW, SUCCESS_AT, Array
from tracker.evaluation.results import SequenceResult
from tracker.tracking.result import TrackState

CHANGED = 0.2
"""Share by which the true size has grown or shrunk since the first frame for a frame to count as grown or shrunk."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The figures of one run, or their means over runs; nan where there is no frame to score.

    Errors of size and place are taken over the frames with an overlap of at least 0.1: elsewhere there is no size to
    speak of.

    Attributes:
        zero_share: share of the scored frames with overlap 0.
        miss_share: share of the scored frames with an overlap below 0.1.
        size_error: median absolute log error of size.
        size_bias: median log error of size.
        size_bias_grown: the same over frames in which the target is at least 20 % larger than in the first.
        size_bias_steady: the same over frames in which its size is within 20 % of that in the first.
        size_bias_shrunk: the same over frames in which the target is at least 20 % smaller.
        center_error: median distance of the centers, px.
        center_error_relative: median distance of the centers in true sizes.
        oracle_center: success AUC with the true center at the run's own size.
        oracle_area: success AUC with the true area at the run's own center and aspect ratio.
        oracle_size: success AUC with the true size and aspect ratio at the run's own center.
        false_ok: share of the frames with an overlap below 0.1 that are claimed (TRACKING).
        false_no: share of the frames with an overlap above 0.5 that are not claimed.
    """

    zero_share: float
    miss_share: float
    size_error: float
    size_bias: float
    size_bias_grown: float
    size_bias_steady: float
    size_bias_shrunk: float
    center_error: float
    center_error_relative: float
    oracle_center: float
    oracle_area: float
    oracle_size: float
    false_ok: float
    false_no: float


def diagnose(result: SequenceResult) -> Diagnosis:
    """Return the diagnosis of one run."""
    overlap, truth, boxes = result.overlaps, result.truth, result.boxes
    scored, on_target = ~np.isnan(overlap), overlap >= MISS_BELOW
    claimed = np.array([state is TrackState.TRACKING for state in result.states], dtype=bool)
    true_size, first = _sizes(truth), float(_sizes(result.sequence.truth[:1])[0])
    with np.errstate(divide="ignore", invalid="ignore"):  # rows without a box or a truth are left out below
        error = np.log(_sizes(boxes) / true_size)
    grown = true_size >= first * (1 + CHANGED)
    shrunk = true_size <= first * (1 - CHANGED)
    distance = result.center_errors
    return Diagnosis(
        zero_share=_mean((overlap == 0)[scored]),
        miss_share=_mean((overlap < MISS_BELOW)[scored]),
        size_error=_median(np.abs(error[on_target])),
        size_bias=_median(error[on_target]),
        size_bias_grown=_median(error[on_target & grown]),
        size_bias_steady=_median(error[on_target & ~grown & ~shrunk]),
        size_bias_shrunk=_median(error[on_target & shrunk]),
        center_error=_median(distance[on_target]),
        center_error_relative=_median((distance / true_size)[on_target]),
        oracle_center=_auc(_at_centers_of(truth, boxes[:, 2:]), truth, boxes),
        oracle_area=_auc(_at_centers_of(boxes, boxes[:, 2:] * (true_size / _sizes(boxes))[:, None]), truth, boxes),
        oracle_size=_auc(_at_centers_of(boxes, truth[:, 2:]), truth, boxes),
        false_ok=_mean(claimed[scored & (overlap < MISS_BELOW)]),
        false_no=_mean(~claimed[scored & (overlap > SUCCESS_AT)]),
    )


def mean_diagnosis(results: Sequence[SequenceResult]) -> Diagnosis:
    """Return the means over runs of each figure, those without a frame to score left out."""
    all_of_them = [diagnose(result) for result in results]
    return Diagnosis(
        **{
            field.name: metrics.mean_known(np.array([getattr(one, field.name) for one in all_of_them]))
            for field in fields(Diagnosis)
        }
    )


def _sizes(boxes: Array) -> Array:
    """Return √(width · height) of each row; nan where it is no box."""
    area = boxes[:, 2] * boxes[:, 3]
    return np.sqrt(np.where(area > 0, area, np.nan))


def _at_centers_of(boxes: Array, sizes: Array) -> Array:
    """Return boxes of these sizes `(n, 2)` about the centers of `boxes`."""
    return np.hstack([boxes[:, :2] + boxes[:, 2:] / 2 - sizes / 2, sizes])


def _auc(corrected: Array, truth: Array, boxes: Array) -> float:
    """Return the success AUC of corrected boxes; a frame without a box of its own is a miss for the oracle, too."""
    known = np.asarray(np.isfinite(boxes).all(axis=1))
    corrected = np.where(known[:, None], corrected, np.nan)
    return metrics.success_auc(metrics.overlaps(corrected, truth))


def _mean(hits: np.ndarray) -> float:
    return float(hits.mean()) if hits.size else math.nan


def _median(values: Array) -> float:
    return float(np.median(values)) if values.size else math.nan
