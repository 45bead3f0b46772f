import numpy as np
import pytest

from tests.evaluation.drills.clips import BEGIN, assert_truth_is_what_is_seen, block_truth, drill_of, script


def test_the_truth_is_what_is_seen(clip) -> None:
    assert_truth_is_what_is_seen(drill_of(clip, "zoom"), tolerance=2.6)  # edges are smooth, white begins inside


def test_the_target_grows_by_six_tenths_and_shrinks_back() -> None:
    truth = script("zoom").truth
    assert truth[BEGIN + 20, 2] == pytest.approx(1.6 * 20)
    np.testing.assert_allclose(truth[BEGIN + 43 :], block_truth()[BEGIN + 43 :])
