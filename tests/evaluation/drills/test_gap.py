import numpy as np
import pytest

from tests.evaluation.drills.clips import BEGIN, assert_truth_is_what_is_seen, block_truth, drill_of, pictures, script


def test_a_second_is_missing_and_the_timestamps_say_so(clip) -> None:
    sequence = drill_of(clip, "gap")
    original, changed = pictures(clip), pictures(sequence)
    assert len(changed) == 65
    np.testing.assert_array_equal(changed[BEGIN].image, original[BEGIN + 25].image)
    steps = np.diff([frame.timestamp for frame in changed])
    assert steps[BEGIN - 1] == pytest.approx(26 * steps[0])
    assert_truth_is_what_is_seen(sequence)


def test_of_a_short_rest_half_is_kept() -> None:
    assert len(script("gap", block_truth(40)).truth) == 30
