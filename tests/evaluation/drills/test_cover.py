from tests.evaluation.drills.clips import BEGIN, drill_of, pictures, white


def test_the_target_is_hidden_in_the_episode_and_partly_beside_it(clip) -> None:
    seen = [white(frame.image).sum() / 320 for frame in pictures(drill_of(clip, "cover"))]
    assert max(seen[BEGIN : BEGIN + 35]) == 0
    assert all(0 < share < 1 for share in (seen[BEGIN - 3], seen[BEGIN + 37]))
    assert seen[BEGIN - 9] == seen[BEGIN + 43] == 1
