import numpy as np

from tests.evaluation.drills.clips import BEGIN, drill_of, pictures


def test_less_than_half_of_the_picture_is_left_in_the_episode_only(clip) -> None:
    original, changed = pictures(clip), pictures(drill_of(clip, "dissolve"))
    left = []
    for before, after in zip(original, changed, strict=True):
        x, y = clip.truth[after.index, :2].astype(int) + 5
        block, beside = after.image[y, x].astype(float), after.image[y + 40, x].astype(float)
        contrast = (before.image[y, x].astype(float) - before.image[y + 40, x]).mean()
        left.append((block - beside).mean() / contrast)
    assert np.mean(left[BEGIN + 8 : BEGIN + 27]) < 0.3
    assert left[BEGIN - 9] == left[BEGIN + 43] == 1
    assert left[BEGIN - 4] > 0.5
