import numpy as np

from tests.evaluation.drills.clips import BEGIN, assert_truth_is_what_is_seen, block_truth, drill_of, script


def test_the_truth_is_what_is_seen(clip) -> None:
    assert_truth_is_what_is_seen(drill_of(clip, "jolt"))


def test_the_swings_die_away() -> None:
    reach = np.hypot(*(script("jolt").truth - block_truth())[:, :2].T)
    assert reach[BEGIN] > 0.6 * np.sqrt(320)
    assert reach[BEGIN] > reach[BEGIN + 4] > reach[BEGIN + 12]
    assert not reach[:BEGIN].any()
    assert not reach[BEGIN + 20 :].any()
