from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from tracker.evaluation import metrics
from tracker.geometry import Box, iou

places = st.floats(-1000, 1000)
sizes = st.floats(0.01, 1000)
boxes = st.tuples(places, places, sizes, sizes)
shares = arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1))


def rows(*values: tuple[float, ...]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


@given(a=boxes, b=boxes)
@settings(deadline=None)
def test_overlaps_are_the_iou_of_two_boxes_and_symmetric(a, b):
    expected = iou(Box(*a), Box(*b))
    assert metrics.overlaps(rows(a), rows(b))[0] == pytest.approx(expected, abs=1e-9)
    assert metrics.overlaps(rows(b), rows(a))[0] == pytest.approx(expected, abs=1e-9)


@given(box=boxes)
@settings(deadline=None)
def test_a_box_overlaps_itself_wholly_and_never_more(box):
    overlap = metrics.overlaps(rows(box), rows(box))[0]
    assert overlap == pytest.approx(1.0, abs=1e-6)
    assert overlap <= 1.0


@pytest.mark.parametrize(
    ("box", "overlap"),
    [
        ((10, 10, 20, 20), 1.0),
        ((30, 10, 20, 20), 0.0),  # touching at an edge
        ((30, 30, 20, 20), 0.0),  # touching at a corner
        ((15, 15, 10, 10), 0.25),  # nested
        ((20, 10, 20, 20), 1 / 3),
        ((500, 500, 20, 20), 0.0),
        ((15, 15, 0, 10), 0.0),
        ((40, 40, -20, -20), 0.0),
        ((math.nan,) * 4, 0.0),
        ((10, 10, math.inf, 20), 0.0),
    ],
)
def test_overlap_of_known_boxes(box, overlap):
    assert metrics.overlaps(rows(box), rows((10, 10, 20, 20)))[0] == pytest.approx(overlap)


def test_absent_truth_has_no_overlap_and_no_error():
    absent = rows((math.nan,) * 4)
    assert np.isnan(metrics.overlaps(rows((0, 0, 5, 5)), absent)).all()
    assert np.isnan(metrics.center_errors(rows((0, 0, 5, 5)), absent)).all()


def test_center_errors_are_distances_and_infinite_where_there_is_no_box():
    predicted = rows((3, 4, 10, 10), (0, 0, 20, 20), (math.nan,) * 4, (0, 0, 0, 10))
    errors = metrics.center_errors(predicted, np.tile((0.0, 0.0, 10.0, 10.0), (4, 1)))
    np.testing.assert_allclose(errors, (5.0, math.hypot(5, 5), math.inf, math.inf))


@given(box=boxes, other=boxes, dx=places, dy=places)
@settings(deadline=None)
def test_moving_both_boxes_changes_no_center_error(box, other, dx, dy):
    moved = metrics.center_errors(*(np.add(rows(one), (dx, dy, 0, 0)) for one in (box, other)))
    assert moved[0] == pytest.approx(metrics.center_errors(rows(box), rows(other))[0], abs=1e-6)


def test_a_perfect_tracker_is_above_every_threshold_but_the_last():
    curve = metrics.success_curve(np.ones(7))
    assert curve.tolist() == [1.0] * 20 + [0.0]
    assert metrics.success_auc(np.ones(7)) == pytest.approx(20 / 21)
    assert metrics.success_rate(np.ones(7)) == 1.0


def test_a_tracker_that_never_touches_scores_nothing():
    assert metrics.success_curve(np.zeros(7)).tolist() == [0.0] * 21
    assert metrics.success_auc(np.zeros(7)) == 0.0


def test_success_is_strict_and_precision_is_not():
    assert metrics.success_rate(np.array([0.5, 0.5001])) == 0.5
    assert metrics.precision(np.array([20.0, 20.001])) == 0.5


@given(overlap=shares)
@settings(deadline=None)
def test_the_success_curve_falls_and_its_area_is_near_the_mean_overlap(overlap):
    curve = metrics.success_curve(overlap)
    assert curve.shape == (21,)
    assert (np.diff(curve) <= 0).all()
    # The mean of the curve counts the thresholds below an overlap: within one threshold's share of the overlap.
    assert metrics.success_auc(overlap) == pytest.approx(overlap.mean(), abs=1 / 20)


@given(errors=arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 200) | st.just(math.inf)))
@settings(deadline=None)
def test_the_precision_curve_rises_and_holds_precision_at_20(errors):
    curve = metrics.precision_curve(errors)
    assert curve.shape == (51,)
    assert (np.diff(curve) >= 0).all()
    assert curve[20] == metrics.precision(errors)


@given(overlap=shares, absent=st.integers(0, 10))
@settings(deadline=None)
def test_absent_frames_change_no_score(overlap, absent):
    padded = np.concatenate([np.full(absent, np.nan), overlap])
    np.testing.assert_array_equal(metrics.success_curve(padded), metrics.success_curve(overlap))
    np.testing.assert_array_equal(metrics.precision_curve(padded), metrics.precision_curve(overlap))
    assert metrics.success_rate(padded) == metrics.success_rate(overlap)
    assert metrics.precision(padded) == metrics.precision(overlap)


def test_nothing_to_score_is_unknown_and_no_warning():
    nothing = np.array([np.nan, np.nan])
    assert np.isnan(metrics.success_curve(nothing)).all()
    assert np.isnan(metrics.precision_curve(nothing)).all()
    assert math.isnan(metrics.success_auc(nothing))
    assert math.isnan(metrics.success_rate(nothing))
    assert math.isnan(metrics.precision(nothing))
    assert math.isnan(metrics.mean_known(nothing))


def test_the_mean_passes_over_what_is_not_known():
    assert metrics.mean_known(np.array([1.0, np.nan, 2.0])) == 1.5


@given(
    on=arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1).map(lambda v: round(v, 1))),
    off=arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1).map(lambda v: round(v, 1))),
)
@settings(deadline=None)
def test_confidence_roc_auc_agrees_with_scikit_learn_ties_included(on, off):
    confidences = np.concatenate([on, off])
    overlap = np.concatenate([np.full(on.size, 0.8), np.zeros(off.size)])
    expected = roc_auc_score(overlap > 0.5, confidences)
    assert metrics.confidence_roc_auc(confidences, overlap) == pytest.approx(expected)
    assert metrics.confidence_roc_auc(np.exp(confidences), overlap) == pytest.approx(expected)
    assert metrics.confidence_roc_auc(-confidences, overlap) == pytest.approx(1 - expected)


def test_confidence_is_judged_on_clear_frames_alone():
    overlap = np.array([0.9, 0.05, 0.5, 0.1, np.nan, 0.0])
    confidences = np.array([0.8, 0.2, 0.0, 1.0, 1.0, np.nan])
    assert metrics.confidence_roc_auc(confidences, overlap) == 1.0


@pytest.mark.parametrize("overlap", [np.ones(3), np.zeros(3), np.full(3, 0.3), np.empty(0)])
def test_confidence_roc_auc_is_unknown_without_both_kinds(overlap):
    assert math.isnan(metrics.confidence_roc_auc(np.linspace(0, 1, overlap.size), overlap))
