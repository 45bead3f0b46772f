"""Evaluations and drills as JSON documents."""

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
from tracker.evaluation.diagnosis import diagnose, mean_diagnosis
from tracker.evaluation.drills.scores import (
    FOUND_AT,
    FOUND_WITHIN,
    GRACE,
    HELD_AT,
    IN_A_ROW,
    drill_means,
    drill_scores,
    drilled_sequence,
)
from tracker.evaluation.results import JITTER, Evaluation, SequenceResult

SCHEMA = "tracker-evaluation/1"
DRILL_SCHEMA = "tracker-drills/1"

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Subject:
    """The tracker that was evaluated.

    Attributes:
        label: its name, e.g. that of a preset.
        settings: all its settings as JSON values.
    """

    label: str
    settings: Mapping[str, Json]


def to_json(evaluation: Evaluation, subject: Subject) -> str:
    """Return settings, versions, protocol, means and runs as an indented JSON document with a newline at its end."""
    protocol: dict[str, Json] = {
        "success_thresholds": [round(float(t), 2) for t in metrics.SUCCESS_THRESHOLDS],
        "precision_thresholds": metrics.PRECISION_THRESHOLDS.astype(int).tolist(),
        "jobs": evaluation.jobs,
        "starts": len(evaluation.starts) - 1,
        "jitter": list(JITTER),
    }
    return _text(
        {
            "schema": SCHEMA,
            **_head(subject),
            "protocol": protocol,
            "means": [_means_of(evaluation, start) for start in evaluation.starts],
            "sequences": [_run_of(result) for result in evaluation.results],
        }
    )


def drills_to_json(evaluation: Evaluation, subject: Subject) -> str:
    """Return settings, versions, protocol and scores of drills as an indented JSON document with a newline at its end.

    A number of frames that is infinite (never said, never found) is null, as is one that is not known.
    """
    protocol: dict[str, Json] = {
        "grace": GRACE,
        "found_within": FOUND_WITHIN,
        "found_at": FOUND_AT,
        "held_at": HELD_AT,
        "in_a_row": IN_A_ROW,
        "jobs": evaluation.jobs,
        "starts": len(evaluation.starts) - 1,
    }
    means = [drill_means(evaluation, start) for start in evaluation.starts]
    return _text(
        {
            "schema": DRILL_SCHEMA,
            **_head(subject),
            "protocol": protocol,
            "means": [
                {"start": start, **asdict(one)} for start, all_of_them in enumerate(means) for one in all_of_them
            ],
            "clips": [_drilled_run(result) for result in evaluation.results],
        }
    )


def _head(subject: Subject) -> dict[str, Json]:
    versions = {
        "tracker": tracker.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "opencv": cv2.__version__,
    }
    return {"tracker": subject.label, "settings": subject.settings, "versions": versions}


def _text(document: Mapping[str, Json]) -> str:
    return json.dumps(_without_nan(document), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _means_of(evaluation: Evaluation, start: int) -> Json:
    return {
        "start": start,
        **asdict(evaluation.mean(start)),
        "confidence_roc_auc": evaluation.confidence_roc_auc(start),
        "diagnosis": asdict(mean_diagnosis(evaluation.of_start(start))),
        "success_curve": evaluation.success_curve(start).tolist(),
        "precision_curve": evaluation.precision_curve(start).tolist(),
    }


def _run_of(result: SequenceResult) -> Json:
    return {
        "name": result.name,
        "start": result.start,
        "frames": len(result.truth),
        "scored_frames": int(np.count_nonzero(~np.isnan(result.overlaps))),
        "error": result.error or None,
        **asdict(result.scores),
        "diagnosis": asdict(diagnose(result)),
    }


def _drilled_run(result: SequenceResult) -> Json:
    sequence = drilled_sequence(result)
    return {
        "name": result.name,
        "drill": sequence.drill,
        "start": result.start,
        "frames": len(result.truth),
        "episode": asdict(sequence.episode),
        "error": result.error or None,
        **asdict(drill_scores(result)),
    }


def _without_nan(value: Json) -> Json:
    """Replace nan, which JSON lacks, by None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without_nan(inner) for inner in value]
    return value
