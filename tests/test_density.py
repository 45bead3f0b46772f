"""Sums over densities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.density import ConcentricBoxes, SummedDensity

masses = st.tuples(st.floats(-5, 35), st.floats(-5, 25), st.floats(0.2, 40), st.floats(0.2, 40))


@settings(deadline=None)
@given(masses, st.integers(0, 1000))
def test_box_masses_equal_the_sum_over_a_fine_grid(box, seed):
    x, y, width, height = box
    density = np.random.default_rng(seed).random((20, 30)).astype(np.float32)
    fine = 64
    u = (np.arange(30 * fine) + 0.5) / fine
    v = (np.arange(20 * fine) + 0.5) / fine
    x, y = (round(center * 8) / 8 for center in (x, y))  # as the class does
    wx = (np.abs(u - x) <= width / 2).reshape(30, fine).mean(1)
    wy = (np.abs(v - y) <= height / 2).reshape(20, fine).mean(1)
    boxes = ConcentricBoxes(density.shape, np.array([width], np.float32), np.array([height], np.float32))
    got = boxes.masses(density, x, y)[0]
    # An interval shorter than a pixel is held to one pixel's weight at most, not cut at both of its ends.
    if width >= 1 and height >= 1:
        assert got == pytest.approx(wy @ density @ wx, abs=0.02 * max(width + height, 1) + 0.02)


def test_summed_density_gives_every_window_and_any_box():
    density = np.random.default_rng(1).random((15, 22)).astype(np.float32)
    summed = SummedDensity(density)
    windows = summed.windows(4, 3)
    assert windows.shape == (13, 19)
    assert windows[5, 7] == pytest.approx(density[5:8, 7:11].sum(), rel=1e-5)
    assert summed.mass(7.2, 4.9, 4, 3) == pytest.approx(density[5:8, 7:11].sum(), rel=1e-5)
    assert summed.mass(-10, -10, 100, 100) == pytest.approx(density.sum(), rel=1e-5)
    assert summed.mass(90, 90, 5, 5) == 0
