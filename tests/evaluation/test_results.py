from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest
from rich.console import Console

from tests.evaluation.fakes import truth
from tracker.evaluation import Evaluation, SequenceResult, TruthSequence
from tracker.evaluation.report import SortBy, results_table
from tracker.evaluation.results import SCHEMA, Subject, to_json, update_times_ms
from tracker.tracking.result import TrackState


def run(name, shifts, *, start=0, confidences=None, error="", elapsed=None, state=TrackState.TRACKING, still=None):
    """A result whose boxes are off by `shifts` px of a 12 px wide truth; nan shifts are frames not reached."""
    rows = truth(len(shifts) + 1, step=0.0)
    boxes = rows[1:] + np.column_stack([shifts, *np.zeros((3, len(shifts)))])
    boxes[np.isnan(shifts)] = np.nan
    if still is not None:
        rows[1:][still] = np.nan
    return SequenceResult(
        sequence=TruthSequence(name, f"{name}.mp4", rows),
        start=start,
        boxes=boxes,
        confidences=np.ones(len(shifts)) if confidences is None else np.array(confidences),
        states=(state,) * len(shifts),
        elapsed=np.full(len(shifts), 0.001) if elapsed is None else np.array(elapsed),
        error=error,
    )


def shown(table) -> str:
    text = io.StringIO()
    Console(width=120, file=text).print(table)
    return text.getvalue()


def test_means_are_over_clips_not_frames():
    evaluation = Evaluation((run("long", [0.0] * 30), run("short", [40.0] * 2)))
    assert evaluation.mean().success_rate == 0.5
    assert evaluation.mean().precision == 0.5
    assert evaluation.success_curve()[0] == 0.5
    assert evaluation.precision_curve().tolist() == [0.5] * 40 + [1.0] * 11


def test_times_are_over_all_updates_and_unknown_ones_left_out():
    evaluation = Evaluation((run("a", [0.0] * 3, elapsed=[0.001] * 3), run("b", [0.0] * 2, elapsed=[0.004, np.nan])))
    assert evaluation.results[1].scores.median_ms == pytest.approx(4.0)
    assert evaluation.mean().median_ms == pytest.approx(1.0)
    assert evaluation.mean().p99_ms == pytest.approx(4.0, rel=0.05)
    assert all(math.isnan(value) for value in update_times_ms(np.array([np.nan])))


def test_starts_are_kept_apart():
    evaluation = Evaluation((run("a", [0.0]), run("a", [40.0], start=1), run("b", [0.0]), run("b", [0.0], start=1)))
    assert evaluation.starts == (0, 1)
    assert [result.name for result in evaluation.exact] == ["a", "b"]
    assert evaluation.mean().success_rate == 1.0
    assert evaluation.mean(1).success_rate == 0.5


def test_a_clip_without_a_scored_frame_does_not_pull_the_mean():
    evaluation = Evaluation((run("seen", [0.0]), run("absent", [0.0], still=[0])))
    assert math.isnan(evaluation.results[1].scores.success_auc)
    assert evaluation.mean().success_auc == pytest.approx(20 / 21)
    assert evaluation.success_curve()[0] == 1.0
    alone = Evaluation(evaluation.results[1:])
    assert math.isnan(alone.mean().success_auc)
    assert np.isnan(alone.success_curve()).all()


def test_confidence_is_judged_over_all_clips_together():
    evaluation = Evaluation((run("a", [0.0, 0.0], confidences=[0.4, 0.6]), run("b", [40.0], confidences=[0.5])))
    assert evaluation.confidence_roc_auc() == 0.5


def test_the_document_holds_what_it_says_and_null_for_the_unknown():
    bad = run("bad", [0.0, np.nan], confidences=[1.0, np.nan], elapsed=[np.nan, np.nan], error="frame 2: gone")
    evaluation = Evaluation((run("a", [0.0, 40.0], confidences=[1, 0]), bad, run("no", [0.0], still=[0])), jobs=2)
    document = json.loads(to_json(evaluation, Subject("fast", {"size": {"step": 1.03}, "none": None})))
    assert list(document) == ["schema", "tracker", "settings", "versions", "protocol", "means", "sequences"]
    assert document["schema"] == SCHEMA
    assert document["settings"] == {"size": {"step": 1.03}, "none": None}
    assert set(document["versions"]) == {"tracker", "python", "numpy", "opencv"}
    assert document["protocol"]["success_thresholds"][:3] == [0.0, 0.05, 0.1]
    assert document["protocol"]["precision_thresholds"] == list(range(51))
    assert (document["protocol"]["jobs"], document["protocol"]["starts"]) == (2, 0)
    (mean,) = document["means"]
    assert mean["success_rate"] == 0.5
    assert mean["confidence_roc_auc"] == 1.0
    assert len(mean["success_curve"]) == 21
    assert len(mean["precision_curve"]) == 51
    good, failed, absent = document["sequences"]
    assert (good["name"], good["frames"], good["scored_frames"], good["error"]) == ("a", 2, 2, None)
    assert (failed["error"], failed["median_ms"], failed["success_rate"]) == ("frame 2: gone", None, 0.5)
    assert (absent["scored_frames"], absent["success_auc"]) == (0, None)


def test_the_document_is_the_same_for_the_same_results():
    evaluation, subject = Evaluation((run("a", [0.0, 3.0]),)), Subject("fast", {})
    assert to_json(evaluation, subject) == to_json(evaluation, subject)


def test_the_table_shows_each_clip_the_means_and_what_went_wrong():
    evaluation = Evaluation(
        (
            run("clip[a]", [0.0] * 4),
            run("clip[a]", [3.0] * 4, start=1),
            run("b", [40.0, np.nan], error="frame 2: [bold]odd", state=TrackState.LOST),
            run("b", [40.0] * 2, start=1),
        ),
        jobs=2,
    )
    text = shown(results_table(evaluation, "fast"))
    (row,) = [line for line in text.splitlines() if "clip[a]" in line]
    assert [cell.strip() for cell in row.split("│")[1:-1]] == [
        "clip[a]",
        "4",
        "0.952",
        "1.000",
        "1.000",
        "0%",
        "1.00",
        "1.00",
    ]
    assert "mean of 2" in text
    assert "jittered start 1: AUC 0.286" in text
    assert "2 jobs ran side by side" in text
    assert "b, start 0: frame 2: [bold]odd" in text


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (SortBy.NAME, ["Alpha", "beta", "gone", "slow"]),
        (SortBy.AUC, ["beta", "slow", "Alpha", "gone"]),
        (SortBy.PRECISION, ["beta", "Alpha", "slow", "gone"]),
        (SortBy.SUCCESS, ["beta", "Alpha", "slow", "gone"]),
        (SortBy.TIME, ["Alpha", "beta", "gone", "slow"]),
        (SortBy.LOST, ["Alpha", "beta", "gone", "slow"]),
    ],
)
def test_rows_are_ordered_as_asked_unknown_ones_last(sort, order):
    evaluation = Evaluation(
        (
            run("slow", [1.0], elapsed=[0.009], state=TrackState.LOST),
            run("gone", [0.0], still=[0]),
            run("beta", [40.0]),
            run("Alpha", [0.0]),
        )
    )
    text = shown(results_table(evaluation, sort=sort))
    rows = [line.split("│")[1].strip() for line in text.splitlines() if line.startswith("│")]
    assert rows[:4] == order
