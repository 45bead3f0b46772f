from __future__ import annotations

import numpy as np
import pytest

from tracker.geometry import Box, RotatedBox
from tracker.offline import Seen, smoothed
from tracker.offline.smoothing import SMOOTHED
from tracker.tracking.result import TrackResult, TrackState

T, L = TrackState.TRACKING, TrackState.LOST


def track(x: np.ndarray, size: np.ndarray, states: list[TrackState] | None = None, fps: float = 25.0) -> list[Seen]:
    rows = []
    for n, (place, side) in enumerate(zip(x, size, strict=True)):
        state = states[n] if states else T
        box = Box.around(float(place), 50.0, float(side), float(side))
        rows.append(Seen(n, n / fps, TrackResult(box, state, 0.9, "" if state is T else "no_evidence")))
    return rows


def centers(rows: list[Seen]) -> np.ndarray:
    return np.array([one.result.box.center[0] for one in rows])


def test_jitter_goes_and_the_motion_stays() -> None:
    rng = np.random.default_rng(1)
    n = np.arange(300)
    true = 200 + 80 * np.sin(2 * np.pi * n / 120)
    rows = smoothed(track(true + rng.normal(0, 2, 300), 30 * np.exp(rng.normal(0, 0.05, 300))))
    assert np.sqrt(np.mean((centers(rows) - true) ** 2)) < 0.8
    sizes = np.array([one.result.box.width for one in rows])
    assert np.std(sizes) < 0.5
    assert {one.result.reason for one in rows} == {SMOOTHED}


def test_a_track_without_jitter_stays_as_it_is() -> None:
    n = np.arange(200)
    true = 200 + 80 * np.sin(2 * np.pi * n / 120)
    assert np.abs(centers(smoothed(track(true, np.full(200, 30.0)))) - true).max() < 0.1


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    n = np.arange(120)
    x = 100 + 2.0 * n
    held = x.copy()
    held[40:50], held[70:110] = x[39], x[69]
    states = [L if 40 <= k < 50 or 70 <= k < 110 else T for k in range(120)]
    rows = smoothed(track(held, np.full(120, 30.0), states))
    assert centers(rows)[40:50] == pytest.approx(x[40:50], abs=0.5)
    assert centers(rows)[70:110] == pytest.approx(held[70:110])
    assert [one.result.state for one in rows] == states
    assert rows[45].result.reason == "no_evidence"


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_track_too_short_for_a_curve_stays_as_it_is(count: int) -> None:
    rows = track(np.arange(count, dtype=float), np.full(count, 9.0))
    assert smoothed(rows) == rows


def test_a_target_at_rest_stays_at_rest() -> None:
    rows = smoothed(track(np.full(50, 70.0), np.full(50, 30.0)))
    assert centers(rows) == pytest.approx(np.full(50, 70.0))


def test_uneven_times_are_minded() -> None:
    rng = np.random.default_rng(2)
    times = np.cumsum(rng.uniform(0.01, 0.2, 200))
    true = 100 + 40 * times
    rows = [
        Seen(n, float(t), TrackResult(Box.around(float(x), 50, 20, 20), T, 0.9))
        for n, (t, x) in enumerate(zip(times, true + rng.normal(0, 1.5, 200), strict=True))
    ]
    assert np.sqrt(np.mean((centers(smoothed(rows)) - true) ** 2)) < 0.6


def test_rotated_boxes_move_along() -> None:
    rng = np.random.default_rng(3)
    rows = []
    for n in range(60):
        x = float(100 + n + rng.normal(0, 2))
        turned = RotatedBox(x + 3, 50, 30, 10, 20.0)
        rows.append(Seen(n, n / 25, TrackResult(Box.around(x, 50, 30, 20), T, 0.9, rotated_box=turned)))
    for one in smoothed(rows):
        turned = one.result.rotated_box
        assert turned is not None
        assert turned.center_x - one.result.box.center[0] == pytest.approx(3)
        assert (turned.width, turned.height, turned.angle) == (30, 10, 20.0)
