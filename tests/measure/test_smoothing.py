from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import savgol_filter

from tracker.errors import ConfigError
from tracker.measure import Smoothing
from tracker.measure.smoothing import smoothing_weights, weighted


@pytest.mark.parametrize("window", [5, 9, 21])
@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("derivative", [0, 1, 2])
def test_at_even_times_it_is_what_scipy_gives(window: int, order: int, derivative: int) -> None:
    values = np.random.default_rng(1).normal(size=40)
    firsts, weights = smoothing_weights(np.arange(40) / 30, Smoothing(window, order), derivative)
    expected = savgol_filter(values, window, order, derivative, delta=1 / 30, mode="interp")
    np.testing.assert_allclose(weighted(values, firsts, weights), expected, atol=1e-6)


@pytest.mark.parametrize("derivative", [0, 1, 2])
def test_nearly_even_times_give_nearly_the_same(derivative: int) -> None:
    """The two ways to the weights agree where they meet."""
    rng = np.random.default_rng(2)
    even = np.arange(60) / 30
    uneven = even + rng.uniform(-2e-4, 2e-4, 60)
    values = np.sin(3 * even)
    results = []
    for times in (even, uneven):
        firsts, weights = smoothing_weights(times, Smoothing(9, 3), derivative)
        results.append(weighted(np.sin(3 * times), firsts, weights))
    scale = (1, 3, 9)[derivative]
    assert np.abs(results[0] - results[1]).max() < 0.02 * scale
    assert np.abs(values).max() <= 1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    gaps=st.lists(st.floats(0.005, 0.1), min_size=8, max_size=60),
    coefficients=st.tuples(*[st.floats(-5, 5)] * 4),
    begin=st.floats(-100, 1000),
)
def test_a_cubic_is_followed_exactly_whatever_the_times(
    gaps: list[float], coefficients: tuple[float, ...], begin: float
) -> None:
    elapsed = np.cumsum(gaps)
    times = begin + elapsed
    polynomial = np.polynomial.Polynomial(coefficients)
    for derivative in range(3):
        firsts, weights = smoothing_weights(times, Smoothing(7, 3), derivative)
        found = weighted(polynomial(elapsed), firsts, weights)
        expected = polynomial.deriv(derivative)(elapsed) if derivative else polynomial(elapsed)
        np.testing.assert_allclose(found, expected, atol=1e-3 * (1 + np.abs(expected).max()))


@pytest.mark.parametrize(("window", "order"), [(8, 3), (3, 3), (4, 2), (9, 1), (9, 6), (-5, 2)])
def test_a_window_that_is_not_possible_is_refused(window: int, order: int) -> None:
    with pytest.raises(ConfigError, match="not possible"):
        Smoothing(window, order)


@pytest.mark.parametrize(("count", "window"), [(100, 9), (9, 9), (8, 7), (5, 5), (4, None), (1, None), (0, None)])
def test_a_short_stretch_gets_a_shorter_window(count: int, window: int | None) -> None:
    fitting = Smoothing(9, 3).fitting(count)
    assert (fitting and fitting.window) == window
