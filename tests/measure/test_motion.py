from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest

from tests.measure.helpers import L, T, track_of
from tracker.errors import ConfigError
from tracker.measure import Calibration, Smoothing, measure, summarize
from tracker.measure.motion import usual_smoothing
from tracker.measure.table import motion_csv

TIMES = np.arange(100) / 50


def test_uniform_motion() -> None:
    motion = measure(track_of(100 + 80 * TIMES, 50 - 60 * TIMES, TIMES), Calibration(20.0, "m", y_up=True))
    assert motion.vx == pytest.approx(np.full(100, 4.0))
    assert motion.vy == pytest.approx(np.full(100, 3.0))
    assert motion.speed == pytest.approx(np.full(100, 5.0))
    assert motion.heading == pytest.approx(np.full(100, math.degrees(math.atan2(3, 4))))
    assert motion.acceleration == pytest.approx(np.zeros(100), abs=1e-6)
    assert motion.path == pytest.approx(5.0 * TIMES, abs=1e-9)


def test_angles_count_clockwise_on_the_screen_unless_y_is_up() -> None:
    track = track_of(100 + 10 * TIMES, 100 + 10 * TIMES, TIMES)
    assert measure(track).heading[50] == pytest.approx(45)
    assert measure(track, Calibration(y_up=True)).heading[50] == pytest.approx(-45)


def test_gaps_stay_gaps() -> None:
    states = [T] * 40 + [L] * 20 + [T] * 40
    motion = measure(track_of(50 * TIMES, 0 * TIMES, TIMES, states))
    for values in (motion.x, motion.vx, motion.ax, motion.path, motion.velocity_error):
        assert np.isfinite(values).tolist() == [state is T for state in states]
    assert motion.vx[[0, 39, 60, 99]] == pytest.approx([50] * 4)
    assert np.nanmax(motion.path) == pytest.approx(50 * (39 + 39) / 50)  # the way through the gap is not known


def test_a_short_stretch_has_places_but_no_derivatives() -> None:
    states = [T] * 3 + [L] * 10 + [T] * 30
    motion = measure(track_of(TIMES[:43], TIMES[:43], TIMES[:43], states))
    assert np.isfinite(motion.x[:3]).all()
    assert np.isfinite(motion.path[:3]).all()
    assert np.isnan(motion.vx[:3]).all()


def test_the_standard_errors_are_those_of_the_noise() -> None:
    """Over many tracks of known noise, estimates scatter about the truth as the errors say."""
    rng = np.random.default_rng(7)
    wrong_speed, said_speed, wrong_rate, said_rate = [], [], [], []
    for _ in range(200):
        x = 30 * TIMES + rng.normal(0, 0.5, 100)
        motion = measure(track_of(x, rng.normal(0, 0.5, 100), TIMES), smoothing=Smoothing(11, 3))
        wrong_speed.append(motion.vx[50] - 30)
        said_speed.append(motion.velocity_error[50])
        wrong_rate.append(motion.ax[50])
        said_rate.append(motion.acceleration_error[50])
    assert np.std(wrong_speed) == pytest.approx(np.mean(said_speed), rel=0.15)
    assert np.std(wrong_rate) == pytest.approx(np.mean(said_rate), rel=0.15)


@pytest.mark.parametrize(
    ("point", "place"),
    [("center", (20, 10)), ("top", (20, 5)), ("bottom", (20, 15)), ("left", (10, 10)), ("right", (30, 10))],
)
def test_any_side_of_the_box_can_be_measured(point: str, place: tuple[float, float]) -> None:
    motion = measure(track_of([20] * 9, [10] * 9, range(9)), point=point)
    assert (motion.x[0], motion.y[0]) == place


def test_what_is_no_place_of_a_box_is_told() -> None:
    with pytest.raises(ConfigError, match="choose from center"):
        measure(track_of([20] * 9, [10] * 9, range(9)), point="middle")


def test_the_usual_window_is_a_third_of_a_second_and_named() -> None:
    for fps, window in ((25, 7), (30, 9), (60, 19), (240, 73), (5, 7)):
        track = track_of(np.zeros(50), np.zeros(50), np.arange(50) / fps)
        assert usual_smoothing(track).window == window
        assert measure(track).smoothing == Smoothing(window, 3)


def test_the_table_has_a_row_a_frame_with_empty_cells_for_what_is_not_known() -> None:
    states = [T] * 20 + [L] * 5 + [T] * 20
    track = track_of(10 * TIMES[:45], 0 * TIMES[:45], TIMES[:45], states)
    rows = list(csv.DictReader(io.StringIO(motion_csv([measure(track, Calibration(10, "cm")), measure(track)]))))
    assert len(rows) == 90
    assert rows[10]["state"] == "tracking"
    assert float(rows[10]["vx"]) == pytest.approx(1.0)
    assert (rows[10]["unit"], rows[60]["unit"]) == ("cm", "px")
    assert (rows[22]["x"], rows[22]["vx"], rows[22]["state"], rows[22]["time"]) == ("", "", "lost", "0.44")


def test_the_columns_make_a_data_frame() -> None:
    columns = measure(track_of(TIMES, TIMES, TIMES)).columns()
    assert {len(values) for values in columns.values()} == {100}


def test_the_summary_of_a_way() -> None:
    states = [L] * 10 + [T] * 80 + [L] * 10
    summary = summarize(measure(track_of(30 * TIMES, 40 * TIMES, TIMES, states)))
    assert (summary.frames, summary.seen) == (100, 0.8)
    assert summary.seconds == pytest.approx(79 / 50)
    assert summary.path == pytest.approx(79)
    assert summary.displacement == pytest.approx(79)
    assert (summary.mean_speed, summary.top_speed) == pytest.approx((50, 50))
    assert summary.period is None


def test_the_summary_of_nothing() -> None:
    summary = summarize(measure(track_of([1.0] * 5, [1.0] * 5, range(5), [L] * 5)))
    assert (summary.seen, summary.path, summary.constant_acceleration, summary.period) == (0.0, 0.0, None, None)


@pytest.mark.parametrize("period", [0.31, 0.5, 0.77])
def test_an_oscillation_has_a_period_in_any_direction(period: float) -> None:
    rng = np.random.default_rng(3)
    phase = 2 * np.pi * TIMES / period
    x, y = 200 + 50 * np.sin(phase), 200 - 30 * np.sin(phase)
    track = track_of(x + rng.normal(0, 0.5, 100), y + rng.normal(0, 0.5, 100), TIMES)
    assert summarize(measure(track, smoothing=Smoothing(7, 3))).period == pytest.approx(period, rel=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_what_does_not_oscillate_has_no_period(seed: int) -> None:
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(0, 3, (2, 100)), axis=1)
    assert summarize(measure(track_of(*walk, TIMES))).period is None
