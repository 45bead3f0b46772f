"""Moments of a density under a window."""

import math

import numpy as np
import pytest

from tracker.meanshift.window import window_moments


def bar(angle, length=40, breadth=10, size=200):
    u = (np.arange(size) + 0.5 - size / 2) / 2
    x, y = np.meshgrid(u, u)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    along, across = x * cos + y * sin, -x * sin + y * cos
    return ((abs(along) <= length / 2) & (abs(across) <= breadth / 2)).astype(np.float32)


@pytest.mark.parametrize("angle", [-80, -45, 0, 30, 60])
def test_long_axis_and_its_direction(angle):
    moments = window_moments(bar(angle), 0, 0, 200, 200)
    long, short = moments.axes
    assert moments.angle == pytest.approx(angle, abs=1)
    assert long == pytest.approx(80 / math.sqrt(12), rel=0.03)
    assert short == pytest.approx(20 / math.sqrt(12), rel=0.06)
    assert (moments.x, moments.y) == pytest.approx((100, 100), abs=0.1)


def test_upright_bar_has_an_angle_in_range():
    assert window_moments(bar(90).round(), 0, 0, 200, 200).angle == pytest.approx(-90, abs=1)


def test_only_the_window_counts_and_it_may_reach_over_the_edge():
    density = np.zeros((20, 20))
    density[2, 3] = 2.0
    density[15, 15] = 5.0
    moments = window_moments(density, -5, -5, 8, 8)
    assert (moments.mass, moments.x, moments.y) == (2.0, 3.5, 2.5)


@pytest.mark.parametrize("window", [(0, 0, 20, 20), (5, 5, 5, 9), (40, 40, 50, 50), (-9, -9, -2, -2)])
def test_no_mass_has_no_moments(window):
    assert window_moments(np.zeros((20, 20)), *window) is None
