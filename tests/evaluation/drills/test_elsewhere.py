import numpy as np

from tests.evaluation.drills.clips import BEGIN, assert_truth_is_what_is_seen, block_truth, drill_of, script


def test_the_truth_is_what_is_seen(clip) -> None:
    assert_truth_is_what_is_seen(drill_of(clip, "elsewhere"))


def test_the_target_is_away_for_the_episode_and_a_little_longer() -> None:
    episode = script("elsewhere").episode
    assert BEGIN - 6 < episode.begin <= BEGIN
    assert BEGIN + 35 <= episode.end < BEGIN + 42


def test_it_comes_back_four_tenths_of_the_frame_away() -> None:
    truth = script("elsewhere").truth
    moved = truth[BEGIN + 52] - block_truth()[BEGIN + 52]
    assert sorted(np.abs(moved[:2]).tolist()) in ([0, 48], [0, 64])
