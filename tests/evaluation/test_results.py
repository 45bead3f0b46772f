from __future__ import annotations

import math

import numpy as np
import pytest

from tests.evaluation.fakes import run
from tracker.evaluation import Evaluation
from tracker.evaluation.results import update_times_ms


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
