"""A rendered fall and a rendered pendulum, followed and measured, give g and the period within 1 %."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.measure.helpers import follow, pendulum
from tracker.measure import Calibration, Trajectory, measure, summarize

G = 9.81
SCALE = 200.0
"""Pixels a meter."""


@pytest.fixture(scope="module")
def fall() -> Trajectory:
    return follow(lambda t: 320.0, lambda t: 50.0 + SCALE * G / 2 * t * t, frames=54, fps=100.0)


@pytest.fixture(scope="module")
def throw() -> Trajectory:
    """Up and to the right, and down again."""
    return follow(lambda t: 80 + SCALE * 2.4 * t, lambda t: 340 - SCALE * (5.0 * t - G / 2 * t * t), 95, 100.0)


def test_a_fall_gives_g(fall: Trajectory) -> None:
    motion = measure(fall, Calibration(SCALE, "m", (320.0, 50.0), y_up=True))
    summary = summarize(motion)
    assert summary.constant_acceleration is not None
    across, up, error = summary.constant_acceleration
    assert up == pytest.approx(-G, rel=0.01)
    assert across == pytest.approx(0, abs=0.01 * G)
    assert abs(up + G) < 5 * error + 0.005 * G
    assert np.nanmean(motion.ay) == pytest.approx(-G, rel=0.03)
    assert summary.period is None


def test_a_throw_gives_g_and_the_speed_at_its_start(throw: Trajectory) -> None:
    motion = measure(throw, Calibration(SCALE, "m", (80.0, 340.0), y_up=True))
    acceleration = summarize(motion).constant_acceleration
    assert acceleration is not None
    assert acceleration[1] == pytest.approx(-G, rel=0.01)
    assert np.nanmean(motion.vx) == pytest.approx(2.4, rel=0.01)
    assert np.nanmax(motion.y) == pytest.approx(5.0**2 / (2 * G), rel=0.02)


def test_slow_motion_is_measured_in_true_time(fall: Trajectory) -> None:
    """The file plays at 25 frames a second what was taken at 100."""
    slow = Trajectory(0, "", fall.frames, fall.frames / 25.0, fall.boxes, fall.states, fall.confidences)
    true = Trajectory(0, "", fall.frames, fall.frames / 100.0, fall.boxes, fall.states, fall.confidences)
    accelerations = [summarize(measure(one, Calibration(SCALE, "m"))).constant_acceleration for one in (slow, true)]
    assert accelerations[0] is not None
    assert accelerations[1] is not None
    assert accelerations[1][1] == pytest.approx(16 * accelerations[0][1])
    assert accelerations[1][1] == pytest.approx(G, rel=0.01)


def test_a_pendulum_gives_its_period_and_g() -> None:
    length, pivot = 1.2, (320.0, 60.0)
    angle, period = pendulum(length, G, amplitude=0.5)
    track = follow(
        lambda t: pivot[0] + SCALE * length * math.sin(angle(t)),
        lambda t: pivot[1] + SCALE * length * math.cos(angle(t)),
        frames=230,
        fps=50.0,
    )
    motion = measure(track, Calibration(SCALE, "m", pivot))
    summary = summarize(motion)
    assert summary.period == pytest.approx(period, rel=0.01)
    assert np.nanmean(motion.distance) == pytest.approx(length, rel=0.01)
    # The angle about the pivot, counted from straight down, swings by the amplitude.
    swing = np.radians(motion.angle) - np.pi / 2
    assert (swing.max() - swing.min()) / 2 == pytest.approx(0.5, rel=0.02)
    # At the turning points the acceleration is g·sin θ, along the arc; at the ends of the table it is uncertain.
    certain = motion.acceleration_error < 1.5 * np.nanmedian(motion.acceleration_error)
    assert certain.mean() > 0.85
    assert np.nanmax(motion.acceleration[certain]) == pytest.approx(G * math.sin(0.5), rel=0.05)
    # For small angles, T = 2π√(l/g)·(1 + θ²/16).
    gravity = length * (2 * math.pi / (summary.period or 1.0) * (1 + 0.5**2 / 16)) ** 2
    assert gravity == pytest.approx(G, rel=0.02)
