from __future__ import annotations

import math

import numpy as np
import pytest

from tests.evaluation.drills.runs import drilled_run
from tracker.evaluation import Evaluation
from tracker.evaluation.drills import drill_means, drill_scores
from tracker.evaluation.drills.scores import judged_overlaps

FAR = 40.0
"""Shift at which a box misses the truth."""


def test_an_absence_that_is_said_and_a_target_that_is_found() -> None:
    # Rows 1 to 10 before; 11 to 30 absent: claimed for 5, then not; back at row 31, found at row 34.
    states = "T" * 10 + "T" * 5 + "O" * 5 + "L" * 10 + "LLLTTTTTT"
    scores = drill_scores(drilled_run(states, [0.0] * 30 + [FAR] * 2 + [0.0] * 7, (11, 31)))
    assert scores.before == 1.0
    assert scores.held
    assert scores.said == 1.0
    assert scores.frames_to_say == 5
    assert scores.back == 1.0
    assert scores.frames_to_find == 3
    assert scores.false_ok == pytest.approx(5 / 22)
    assert scores.false_no == pytest.approx(1 / 17)
    assert math.isnan(scores.claimed_ok)
    assert math.isnan(scores.during)


def test_an_absence_that_is_never_said_and_a_target_that_is_never_found() -> None:
    scores = drill_scores(drilled_run("T" * 50, [0.0] * 10 + [FAR] * 40, (11, 31)))
    assert (scores.said, scores.back, scores.back_overlap) == (0.0, 0.0, 0.0)
    assert (scores.frames_to_say, scores.frames_to_find) == (math.inf, math.inf)
    assert scores.false_ok == 1.0
    assert scores.false_no == 0.0


def test_the_first_twelve_absent_frames_do_not_count_for_saying_but_for_claims() -> None:
    scores = drill_scores(drilled_run("T" * 22 + "L" * 8 + "T" * 5, [0.0] * 35, (11, 31)))
    assert scores.said == 1.0
    assert scores.false_ok == pytest.approx(12 / 20)


def test_one_frame_that_is_not_claimed_says_nothing_yet() -> None:
    scores = drill_scores(drilled_run("T" * 12 + "O" + "T" * 5 + "O" * 12, [0.0] * 30, (11, 31)))
    assert scores.frames_to_say == 8


def test_a_claim_elsewhere_is_not_found_and_one_after_thirty_frames_is_not_back() -> None:
    late = drilled_run("T" * 10 + "L" * 20 + "L" * 30 + "T" * 10, [0.0] * 70, (11, 31))
    assert (drill_scores(late).back, drill_scores(late).frames_to_find) == (0.0, 30)
    elsewhere = drilled_run("T" * 10 + "L" * 20 + "T" * 20, [0.0] * 30 + [FAR] * 20, (11, 31))
    assert (drill_scores(elsewhere).back, drill_scores(elsewhere).frames_to_find) == (0.0, math.inf)


def test_the_overlap_after_the_return_is_taken_from_the_tenth_frame_on() -> None:
    scores = drill_scores(drilled_run("T" * 80, [0.0] * 30 + [FAR] * 10 + [0.0] * 15 + [FAR] * 25, (11, 31)))
    assert scores.back_overlap == pytest.approx(15 / 30)


@pytest.mark.parametrize("after", [0, 14])
def test_a_clip_that_ends_too_soon_to_tell(after: int) -> None:
    scores = drill_scores(drilled_run("T" * 10 + "L" * (15 + after), [0.0] * (25 + after), (11, 26)))
    assert math.isnan(scores.back)
    assert math.isnan(scores.back_overlap) == (after < 10)
    assert math.isnan(scores.frames_to_find)


def test_a_target_that_is_there_is_to_be_claimed() -> None:
    run = drilled_run("T" * 10 + "T" * 6 + "O" * 4 + "T" * 5, [0.0] * 20 + [FAR] + [0.0] * 4, (11, 21), absent=False)
    scores = drill_scores(run)
    assert scores.claimed_ok == pytest.approx(0.6)
    assert scores.during == 1.0
    assert math.isnan(scores.said)
    assert math.isnan(scores.frames_to_say)
    assert scores.frames_to_find == 1
    assert scores.false_no == pytest.approx(4 / 24)


def test_an_event_between_two_frames_has_no_frames_of_its_own() -> None:
    scores = drill_scores(drilled_run("T" * 30, [0.0] * 10 + [FAR] * 2 + [0.0] * 18, (11, 11), absent=False))
    assert math.isnan(scores.claimed_ok)
    assert scores.frames_to_find == 2


def test_a_run_that_broke_off_claims_nothing() -> None:
    run = drilled_run("T" * 10 + "-" * 50, [0.0] * 60, (11, 31))
    run.boxes[10:] = np.nan
    scores = drill_scores(run)
    assert (scores.back, scores.false_ok) == (0.0, 0.0)


def test_confidence_is_wrong_where_the_target_is_absent() -> None:
    run = drilled_run("T" * 30, [0.0] * 30, (11, 31))
    assert judged_overlaps(run).tolist() == [1.0] * 10 + [0.0] * 20
    assert np.isnan(run.overlaps[10:]).all()


def test_means_are_over_the_clips_that_were_held_and_times_are_medians() -> None:
    lost = [FAR] * 30
    runs = (
        drilled_run("T" * 10 + "L" * 20 + "T" * 5, [0.0] * 35, (11, 31), name="a", confidences=[0.9] * 10 + [0.2] * 25),
        drilled_run("T" * 35, [0.0] * 35, (11, 31), name="b", confidences=[0.9] * 10 + [0.95] * 25),
        drilled_run("T" * 12 + "L" * 18 + "T" * 5, [0.0] * 35, (11, 31), name="c", confidences=[0.9] * 10 + [0.3] * 25),
        drilled_run("T" * 30, lost, (11, 31), name="never held"),
        drilled_run("T" * 30, [0.0] * 30, (11, 21), absent=False, drill="half", name="a"),
        drilled_run("T" * 35, [0.0] * 35, (11, 31), name="a", start=1),
    )
    cover, half = drill_means(Evaluation(runs))
    assert (cover.drill, cover.clips, cover.held) == ("cover", 4, 3)
    assert cover.means.said == pytest.approx(2 / 3)
    assert cover.means.frames_to_say == 2  # of 0, 2 and never
    assert 0.5 < cover.confidence_roc_auc < 1
    assert (half.drill, half.clips, half.means.claimed_ok) == ("half", 1, 1.0)
    assert [one.means.said for one in drill_means(Evaluation(runs), 1)] == [0.0]


def test_no_clip_that_was_held_leaves_nothing_to_say() -> None:
    (means,) = drill_means(Evaluation((drilled_run("T" * 30, [FAR] * 30, (11, 31)),)))
    assert means.held == 0
    assert math.isnan(means.means.said)
    assert math.isnan(means.means.frames_to_say)
    assert math.isnan(means.confidence_roc_auc)
