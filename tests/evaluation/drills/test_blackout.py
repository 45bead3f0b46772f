from tests.evaluation.drills.clips import BEGIN, drill_of, pictures


def test_the_episode_is_black_and_nothing_else(clip) -> None:
    black = [not frame.image.any() for frame in pictures(drill_of(clip, "blackout"))]
    assert black == [BEGIN <= row < BEGIN + 35 for row in range(90)]
