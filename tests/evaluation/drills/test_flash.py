from tests.evaluation.drills.clips import BEGIN, drill_of, pictures


def test_it_is_bright_then_dark_and_recovers(clip) -> None:
    light = [frame.image.mean() for frame in pictures(drill_of(clip, "flash"))]
    before = light[BEGIN - 1]
    assert min(light[BEGIN : BEGIN + 3]) > 2 * before
    assert light[BEGIN + 3] < 0.6 * before < light[BEGIN + 20] < light[BEGIN + 40]
