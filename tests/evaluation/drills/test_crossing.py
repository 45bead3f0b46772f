from tests.evaluation.drills.clips import BEGIN, drill_of, pictures, white


def test_never_more_than_half_of_the_target_is_hidden(clip) -> None:
    seen = [white(frame.image).sum() / 320 for frame in pictures(drill_of(clip, "crossing"))]
    assert min(seen[BEGIN : BEGIN + 15]) < 0.6
    assert min(seen) > 0.4
    assert set(seen[:BEGIN] + seen[BEGIN + 15 :]) == {1.0}
