import pytest

from tests.evaluation.drills.clips import BEGIN, drill_of, pictures, white


def test_half_of_the_target_is_seen_in_the_episode_and_more_beside_it(clip) -> None:
    seen = [white(frame.image).sum() / 320 for frame in pictures(drill_of(clip, "half"))]
    assert seen[BEGIN : BEGIN + 35] == pytest.approx([0.5] * 35, abs=0.07)
    assert min(seen) > 0.4
    assert seen[BEGIN - 9] == seen[BEGIN + 43] == 1
