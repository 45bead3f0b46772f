"""Kernels, and when an iteration ends."""

import numpy as np
import pytest

from tracker.meanshift.kernels import KERNELS, StoppingRule


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_a_kernel_weight_is_minus_the_slope_of_its_profile(name):
    kernel = KERNELS[name]
    r2 = np.linspace(0.01, kernel.support**2 * 0.98, 200)
    slope = (kernel.profile(r2 + 1e-6) - kernel.profile(r2 - 1e-6)) / 2e-6
    assert kernel.weight(r2) == pytest.approx(-slope, abs=1e-5)
    beyond = np.array([kernel.support**2 * 1.001, 1e6])
    assert not kernel.weight(beyond).any()
    assert not kernel.profile(beyond).any()


def test_a_rule_takes_single_moves_and_arrays_of_them():
    rule = StoppingRule(tolerance=0.1, max_iterations=3)
    assert rule.converged(0.1)
    assert rule.converged(np.array([0.05, 0.2])).tolist() == [True, False]
    assert not rule.exhausted(2)
    assert rule.exhausted(3)
