from __future__ import annotations

import math

import numpy as np
import pytest

from tests.evaluation.fakes import run
from tracker.evaluation import SequenceResult, TruthSequence
from tracker.evaluation.diagnosis import diagnose, mean_diagnosis
from tracker.tracking.result import TrackState


def result(truth: list[list[float]], boxes: list[list[float]], states: str = "") -> SequenceResult:
    """A run over `truth`, whose first row starts it, with `boxes` for the others; states are T, L or - for none."""
    kinds = {"T": TrackState.TRACKING, "L": TrackState.LOST, "-": None}
    count = len(boxes)
    return SequenceResult(
        sequence=TruthSequence("a", "a.mp4", np.array(truth, float)),
        start=0,
        boxes=np.array(boxes, float),
        confidences=np.ones(count),
        states=tuple(kinds[letter] for letter in states or "T" * count),
        elapsed=np.ones(count),
    )


def box(x: float, y: float, size: float, aspect: float = 1.0) -> list[float]:
    """A box by its center, the root of its area, and width to height."""
    w, h = size * math.sqrt(aspect), size / math.sqrt(aspect)
    return [x - w / 2, y - h / 2, w, h]


def test_a_perfect_run_has_no_error_and_nothing_to_gain() -> None:
    one = diagnose(result([box(50, 50, 20)] * 4, [box(50, 50, 20)] * 3))
    assert (one.zero_share, one.miss_share, one.size_error, one.center_error) == (0, 0, 0, 0)
    assert one.oracle_center == one.oracle_area == one.oracle_size == pytest.approx(20 / 21)
    assert one.false_no == 0
    assert math.isnan(one.false_ok)


def test_size_errors_are_logarithms_and_signed_by_growth() -> None:
    truth = [box(50, 50, size) for size in (20, 20, 21, 30, 40, 15, 10)]
    boxes = [box(50, 50, size) for size in (22, 21, 20, 20, 20, 20)]
    one = diagnose(result(truth, boxes))
    grown, steady, shrunk = np.log([20 / 30, 20 / 40]), np.log([22 / 20, 1]), np.log([20 / 15, 20 / 10])
    assert one.size_bias_grown == pytest.approx(np.median(grown))
    assert one.size_bias_steady == pytest.approx(np.median(steady))
    assert one.size_bias_shrunk == pytest.approx(np.median(shrunk))
    everything = np.concatenate([grown, steady, shrunk])
    assert one.size_bias == pytest.approx(np.median(everything))
    assert one.size_error == pytest.approx(np.median(np.abs(everything)))


def test_place_is_measured_in_pixels_and_in_sizes() -> None:
    one = diagnose(result([box(50, 50, 20)] * 4, [box(53, 54, 20)] * 3))
    assert one.center_error == pytest.approx(5)
    assert one.center_error_relative == pytest.approx(0.25)
    assert one.size_error == pytest.approx(0)
    assert one.oracle_center == pytest.approx(20 / 21)
    assert one.oracle_size == pytest.approx(diagnose(result([box(0, 0, 20)] * 2, [box(3, 4, 20)])).oracle_area)


def test_each_oracle_mends_its_own_part() -> None:
    one = diagnose(result([box(50, 50, 20)] * 3, [box(50, 50, 40, 4.0)] * 2))
    assert one.oracle_size == pytest.approx(20 / 21)
    half = math.sqrt(4) / (4 + 4 - 2 * 1)  # 40x10 over 20x20: 200 of 600
    assert one.oracle_area == pytest.approx(np.mean(np.linspace(0, 1, 21) < half), abs=0.05)
    assert one.oracle_center < one.oracle_area < one.oracle_size


def test_lost_frames_have_no_size_and_are_shares() -> None:
    one = diagnose(result([box(50, 50, 20)] * 5, [box(50, 50, 20), box(69, 50, 20), box(200, 50, 99), [np.nan] * 4]))
    assert one.zero_share == 0.5
    assert one.miss_share == 0.75
    assert one.size_error == 0
    assert one.oracle_center == pytest.approx((20 + 20 + 1 + 0) / 21 / 4)


def test_claims_are_judged_where_the_target_is_and_where_it_is_not() -> None:
    good, lost = box(50, 50, 20), box(200, 50, 20)
    one = diagnose(result([box(50, 50, 20)] * 6, [good, good, lost, lost, lost], "TLTL-"))
    assert one.false_no == 0.5
    assert one.false_ok == pytest.approx(1 / 3)


def test_absent_frames_are_not_scored() -> None:
    truth = [box(50, 50, 20)] * 2 + [[np.nan] * 4] + [box(50, 50, 20)]
    one = diagnose(result(truth, [box(50, 50, 20), box(200, 0, 5), box(50, 50, 20)]))
    assert (one.miss_share, one.size_error) == (0, 0)
    assert math.isnan(one.false_ok)


def test_means_are_over_runs_that_have_the_figure() -> None:
    means = mean_diagnosis([run("a", [0.0] * 3), run("b", [40.0] * 3), run("c", [0.0], still=[0])])
    assert means.miss_share == 0.5
    assert means.size_error == 0.0
    assert means.false_ok == 1.0
