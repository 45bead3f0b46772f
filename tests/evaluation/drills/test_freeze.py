import numpy as np

from tests.evaluation.drills.clips import BEGIN, assert_truth_is_what_is_seen, drill_of, pictures


def test_one_frame_stands_and_then_the_clip_goes_on_in_time(clip) -> None:
    sequence = drill_of(clip, "freeze")
    original, changed = pictures(clip), pictures(sequence)
    for row in (BEGIN, BEGIN + 10, BEGIN + 24):
        np.testing.assert_array_equal(changed[row].image, original[BEGIN].image)
    np.testing.assert_array_equal(changed[BEGIN + 25].image, original[BEGIN + 25].image)
    assert_truth_is_what_is_seen(sequence)
