import numpy as np

from tests.evaluation.drills.clips import BEGIN, assert_truth_is_what_is_seen, block_truth, drill_of, script


def test_the_truth_is_what_is_seen(clip) -> None:
    assert_truth_is_what_is_seen(drill_of(clip, "leave"))


def test_the_target_is_away_for_the_episode_and_a_little_longer() -> None:
    episode = script("leave").episode
    assert BEGIN - 6 < episode.begin <= BEGIN
    assert BEGIN + 35 <= episode.end < BEGIN + 42


def test_it_comes_back_to_where_it_would_be() -> None:
    np.testing.assert_array_equal(script("leave").truth[BEGIN + 50 :], block_truth()[BEGIN + 50 :])
    np.testing.assert_array_equal(script("leave").truth[: BEGIN - 15], block_truth()[: BEGIN - 15])


def test_it_leaves_over_the_nearest_edge() -> None:
    truth, before = script("leave").truth[BEGIN - 8], block_truth()[BEGIN - 8]
    assert truth[0] == before[0]
    assert truth[1] < before[1]
