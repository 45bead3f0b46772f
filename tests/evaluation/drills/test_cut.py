import numpy as np

from tests.evaluation.drills.clips import BEGIN, block_clip, block_truth, pictures, script
from tracker.evaluation.drills import drilled


def test_fifty_foreign_frames_stand_between_two_that_follow_each_other(tmp_path) -> None:
    clips = [block_clip(tmp_path, name, rows) for name, rows in (("a", 90), ("b", 40))]
    clips[1].truth[:, 0] = 100
    cut = drilled(clips, "cut")[0]
    original, foreign, changed = pictures(clips[0]), pictures(clips[1]), pictures(cut)
    assert len(changed) == 140
    np.testing.assert_array_equal(changed[BEGIN + 50].image, original[BEGIN].image)
    for index in (0, 39, 40, 49):  # forty frames, and again from the first
        np.testing.assert_array_equal(changed[BEGIN + index].image, foreign[index % 40].image)
    np.testing.assert_array_equal(cut.truth[BEGIN + 50 :], block_truth()[BEGIN:])


def test_time_goes_on_during_the_cut() -> None:
    assert script("cut").ticks.tolist() == list(range(140))
