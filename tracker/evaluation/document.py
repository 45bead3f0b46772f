"""An evaluation as JSON, for programs.

The document is one object; a figure that is not known is null, shares are in [0, 1], times in milliseconds.

    schema      "tracker-evaluation/1"; the number rises when a key changes its meaning or goes
    tracker     what was evaluated, e.g. a preset's name
    settings    its settings in full
    versions    of this package, Python, numpy, OpenCV
    protocol    thresholds of the curves, jobs, starts (jittered ones beside the exact one), jitter [least, most]
    means       one object a start, exact first: start, the scores, confidence_roc_auc, success_curve, precision_curve
    sequences   one object a run: name, start, frames, scored_frames, error (null if none), the scores

The scores are success_auc, precision, success_rate, lost_share, median_ms and p99_ms, as in `results.Scores`.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

import cv2
import numpy as np

import tracker
from tracker.evaluation import metrics
from tracker.evaluation.results import Evaluation, SequenceResult
from tracker.evaluation.run import JITTER

SCHEMA = "tracker-evaluation/1"

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Subject:
    """What was evaluated.

    Attributes:
        label: its name for people, e.g. a preset's.
        settings: all its settings, as JSON takes them.
    """

    label: str
    settings: Mapping[str, Json]


def to_json(evaluation: Evaluation, subject: Subject) -> str:
    """Return the document described at the top of this file, indented, with a newline at its end."""
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "tracker": subject.label,
        "settings": subject.settings,
        "versions": {
            "tracker": tracker.__version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "opencv": cv2.__version__,
        },
        "protocol": {
            "success_thresholds": [round(float(t), 2) for t in metrics.SUCCESS_THRESHOLDS],
            "precision_thresholds": metrics.PRECISION_THRESHOLDS.astype(int).tolist(),
            "jobs": evaluation.jobs,
            "starts": len(evaluation.starts) - 1,
            "jitter": list(JITTER),
        },
        "means": [_means(evaluation, start) for start in evaluation.starts],
        "sequences": [_run(result) for result in evaluation.results],
    }
    return json.dumps(_without_nan(document), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _means(evaluation: Evaluation, start: int) -> Json:
    return {
        "start": start,
        **asdict(evaluation.mean(start)),
        "confidence_roc_auc": evaluation.confidence_roc_auc(start),
        "success_curve": evaluation.success_curve(start).tolist(),
        "precision_curve": evaluation.precision_curve(start).tolist(),
    }


def _run(result: SequenceResult) -> Json:
    return {
        "name": result.name,
        "start": result.start,
        "frames": len(result.truth),
        "scored_frames": int(np.count_nonzero(~np.isnan(result.overlaps))),
        "error": result.error or None,
        **asdict(result.scores),
    }


def _without_nan(value: Json) -> Json:
    """JSON has no nan: what is not known is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without_nan(inner) for inner in value]
    return value
