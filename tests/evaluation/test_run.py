from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluation.fakes import Crashes, Dies, GivesUp, Oracle, ReportsThreads, Static, image_folder, sequence, truth
from tracker.errors import ConfigError
from tracker.evaluation import TruthSequence, evaluate
from tracker.evaluation.run import one_thread, start_box
from tracker.geometry import Box
from tracker.tracking.result import TrackState
from tracker.tracking.tracker import Tracker


def lower(folder, rows=6):
    """A sequence on which `Crashes` crashes at its third frame."""
    boxes = np.add(truth(rows), (0, 10, 0, 0))
    return TruthSequence("bad", image_folder(folder / "bad", boxes), boxes)


def test_an_oracle_is_perfect_and_a_static_tracker_is_not(tmp_path):
    clip = sequence(tmp_path, rows=13)
    perfect = evaluate([clip], Oracle).results[0]
    assert perfect.scores.success_auc == pytest.approx(20 / 21)
    assert perfect.scores.precision == perfect.scores.success_rate == 1.0
    assert perfect.error == ""
    static = evaluate([clip], Static).results[0]
    # Moving 2 px a frame, a 12 px box is left behind: 10/14, 8/16, 6/18, ... and no touch from the sixth frame on.
    np.testing.assert_allclose(static.overlaps, [10 / 14, 8 / 16, 6 / 18, 4 / 20, 2 / 22] + [0] * 7)
    assert static.scores.success_rate == pytest.approx(1 / 12)
    assert static.scores.precision == pytest.approx(10 / 12)


def test_the_first_frame_starts_the_tracker_and_is_not_counted(tmp_path):
    result = evaluate([sequence(tmp_path, rows=6)], GivesUp).results[0]
    assert len(result.truth) == len(result.boxes) == len(result.states) == 5
    assert result.states == (TrackState.TRACKING,) * 2 + (TrackState.LOST,) * 3
    assert result.confidences.tolist() == [1.0, 1.0, 0.1, 0.1, 0.1]
    assert result.scores.success_rate == pytest.approx(2 / 5)
    assert result.scores.lost_share == pytest.approx(3 / 5)
    assert (result.elapsed > 0).all()


def test_the_package_tracker_can_be_evaluated(tmp_path):
    evaluation = evaluate([sequence(tmp_path)], partial(Tracker.from_config, "fast"))
    assert evaluation.results[0].error == ""
    assert evaluation.mean().success_auc > 0.5


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_crash_ends_its_own_run_and_the_rest_is_scored_as_missed(tmp_path, jobs):
    good, bad = sequence(tmp_path, name="good"), lower(tmp_path)
    evaluation = evaluate([bad, good], Crashes, jobs=jobs)
    crashed, fine = evaluation.results
    assert evaluation.errors == (crashed,)
    assert crashed.error == "frame 2: ZeroDivisionError: no mass"
    assert fine.scores.success_rate == 1.0
    assert crashed.overlaps.tolist() == [1.0, 0, 0, 0, 0]
    assert np.isnan(crashed.confidences[1:]).all()
    assert crashed.states[1:] == (None,) * 4


def test_a_source_that_cannot_be_read_ends_its_own_run(tmp_path):
    gone = TruthSequence("gone", str(tmp_path / "gone.mp4"), truth(4))
    evaluation = evaluate([gone, sequence(tmp_path)], Oracle)
    assert "gone.mp4" in evaluation.results[0].error
    assert evaluation.results[0].scores.success_auc == 0.0
    assert evaluation.results[1].error == ""


def test_jobs_change_nothing_but_times(tmp_path):
    clips = [sequence(tmp_path, rows=rows, name=f"clip{rows}") for rows in (4, 9, 6)]
    one, two = (evaluate(clips, GivesUp, jobs=jobs, starts=1) for jobs in (1, 2))
    assert (one.jobs, two.jobs) == (1, 2)
    assert [(r.name, r.start) for r in two.results] == [(c.name, s) for c in clips for s in (0, 1)]
    for a, b in zip(one.results, two.results, strict=True):
        np.testing.assert_array_equal(a.boxes, b.boxes)
        np.testing.assert_array_equal(a.overlaps, b.overlaps)


def test_a_process_that_dies_ends_its_own_run_only(tmp_path):
    clips = [sequence(tmp_path, name="a"), lower(tmp_path), sequence(tmp_path, name="b")]
    evaluation = evaluate(clips, Dies, jobs=2)
    assert [result.name for result in evaluation.errors] == ["bad"]
    assert "the process died in this run" in evaluation.errors[0].error
    assert [result.scores.success_rate for result in evaluation.results] == [1.0, 0.0, 1.0]


def test_every_run_is_announced_once(tmp_path):
    seen = []
    clips = [sequence(tmp_path, name="a"), sequence(tmp_path, name="b")]
    evaluation = evaluate(clips, Oracle, starts=1, on_result=seen.append)
    assert seen == list(evaluation.results)


def test_one_opencv_thread_inside_and_as_before_outside(tmp_path):
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(2)
        evaluation = evaluate([sequence(tmp_path)], ReportsThreads)
        assert set(evaluation.results[0].confidences) == {1.0}
        assert cv2.getNumThreads() == 2
        with pytest.raises(KeyError), one_thread():
            raise KeyError
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)


@given(
    box=st.tuples(st.floats(-50, 500), st.floats(-50, 500), st.floats(5, 400), st.floats(5, 400)),
    name=st.text(max_size=8),
    start=st.integers(1, 20),
)
@settings(deadline=None, max_examples=50)
def test_a_jittered_start_is_shifted_and_scaled_by_two_to_three_percent(box, name, start):
    clip = TruthSequence(name, "", np.array([box, box]))
    exact, jittered = start_box(clip, 0), start_box(clip, start)
    assert exact == Box(*box)
    assert jittered == start_box(clip, start)
    for offset, size in zip(np.subtract(jittered.center, exact.center), box[2:], strict=True):
        assert 0.0199 < abs(offset) / size < 0.0301
    growth = jittered.width / exact.width - 1
    assert 0.0199 < abs(growth) < 0.0301
    assert jittered.height / exact.height - 1 == pytest.approx(growth)


def test_starts_differ_from_each_other_and_between_clips():
    clips = [TruthSequence(name, "", truth(2)) for name in "ab"]
    assert len({tuple(start_box(clip, start)) for clip in clips for start in (1, 2, 3)}) == 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"jobs": 0}, "jobs is 0: give 1 or more"), ({"starts": -1}, "starts is -1: give 0 or more")],
)
def test_counts_out_of_range_are_configuration_errors(tmp_path, arguments, message):
    with pytest.raises(ConfigError, match=message):
        evaluate([sequence(tmp_path)], Oracle, **arguments)


def test_no_sequence_is_a_configuration_error():
    with pytest.raises(ConfigError, match="no sequence to evaluate"):
        evaluate([], Oracle)


def test_what_cannot_be_sent_to_other_processes_is_a_configuration_error(tmp_path):
    with pytest.raises(ConfigError, match=r"cannot be sent to other processes .*: use a module's function or one job"):
        evaluate([sequence(tmp_path)], lambda: Oracle(), jobs=2)


def test_wrong_settings_end_the_evaluation_before_it_begins(tmp_path):
    seen = []
    with pytest.raises(ConfigError, match="no preset 'fats'"):
        evaluate([sequence(tmp_path)], partial(Tracker.from_config, "fats"), on_result=seen.append)
    assert not seen
