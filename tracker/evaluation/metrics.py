"""Measures of one-pass evaluation: overlap, center error, success, precision, and the ROC area of a confidence.

Success and precision after Wu, Lim and Yang, "Online object tracking: a benchmark", CVPR 2013. Frames whose truth is
absent (a row of nan) are not scored; a prediction that is not a finite box of positive size is scored as a miss:
overlap 0, center error infinite.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.geometry import ious

Array: TypeAlias = NDArray[np.float64]

SUCCESS_THRESHOLDS: Array = np.linspace(0.0, 1.0, 21)
"""Overlaps 0, 0.05, …, 1."""

PRECISION_THRESHOLDS: Array = np.arange(51, dtype=np.float64)
"""Center errors 0, 1, …, 50 px."""

PRECISION_AT = 20
"""Center error, px, at which precision is quoted."""

SUCCESS_AT = 0.5
"""Overlap above which a frame counts as tracked."""

MISS_BELOW = 0.1
"""Overlap below which a frame counts as off the target when confidences are judged."""


def overlaps(boxes: Array, truth: Array) -> Array:
    """Return the intersection over union of each row of two `(n, 4)` arrays x, y, width, height (px).

    Returns:
        `(n,)` in [0, 1]; nan where the truth is absent, 0 where the prediction is no box or does not touch the truth.
    """
    return np.where(_is_box(truth), np.where(_is_box(boxes), ious(boxes, truth), 0.0), np.nan)


def center_errors(boxes: Array, truth: Array) -> Array:
    """Return the distance between the centers of each row of two `(n, 4)` arrays x, y, width, height, in px.

    Returns:
        `(n,)`, ≥ 0; nan where the truth is absent, infinite where the prediction is no box.
    """
    known = _is_box(truth)
    distance = np.full(len(truth), np.inf)
    both = known & _is_box(boxes)
    offset = boxes[both, :2] + boxes[both, 2:] / 2 - truth[both, :2] - truth[both, 2:] / 2
    distance[both] = np.hypot(offset[:, 0], offset[:, 1])
    return np.where(known, distance, np.nan)


def success_curve(overlap: Array) -> Array:
    """Return the share of scored frames whose overlap is strictly above each of `SUCCESS_THRESHOLDS`.

    Strictly, as in the benchmark: nothing is above 1, so that a perfect tracker has the curve 1, …, 1, 0 and an area
    of 20/21 = 0.952.

    Returns:
        `(21,)`, never rising; nan where no frame is scored.
    """
    scored = overlap[~np.isnan(overlap)]
    return _shares(scored[:, None] > SUCCESS_THRESHOLDS)


def success_auc(overlap: Array) -> float:
    """Return the area under the success curve: the mean of its 21 values, in [0, 20/21]."""
    return float(success_curve(overlap).mean())


def success_rate(overlap: Array, threshold: float = SUCCESS_AT) -> float:
    """Return the share of scored frames whose overlap is strictly above `threshold`."""
    return float(_shares(overlap[~np.isnan(overlap)] > threshold))


def precision_curve(errors: Array) -> Array:
    """Return the share of scored frames whose center error is at most each of `PRECISION_THRESHOLDS`.

    Returns:
        `(51,)`, never falling; nan where no frame is scored.
    """
    scored = errors[~np.isnan(errors)]
    return _shares(scored[:, None] <= PRECISION_THRESHOLDS)


def precision(errors: Array, within: float = PRECISION_AT) -> float:
    """Return the share of scored frames whose center error is at most `within` px."""
    return float(_shares(errors[~np.isnan(errors)] <= within))


def mean_known(values: Array) -> float:
    """Return the mean of the values that are not nan; nan where there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def confidence_roc_auc(confidences: Array, overlap: Array) -> float:
    """Return how well `confidences` separate frames on the target (overlap > 0.5) from frames off it (overlap < 0.1).

    The area under the ROC curve, which is the share of pairs (on, off) put in the right order, ties counting half
    (Mann & Whitney 1947; Hanley & McNeil 1982). Frames in between, absent ones and those without a confidence are
    left out.

    Returns:
        In [0, 1], 0.5 for a confidence without information; nan where one of the two kinds is missing.
    """
    known = ~np.isnan(confidences)
    on = np.sort(confidences[known & (overlap > SUCCESS_AT)])
    off = np.sort(confidences[known & (overlap < MISS_BELOW)])
    if not on.size or not off.size:
        return float("nan")
    below = np.searchsorted(off, on, side="left")
    not_above = np.searchsorted(off, on, side="right")
    return float((below + not_above).mean() / (2 * off.size))


def _is_box(boxes: Array) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(boxes).all(axis=1) & (boxes[:, 2:] > 0).all(axis=1))


def _shares(hits: NDArray[np.bool_]) -> Array:
    if not len(hits):
        return np.full(hits.shape[1:], np.nan)
    return np.asarray(hits.mean(axis=0), dtype=np.float64)
