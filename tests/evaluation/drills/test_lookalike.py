import numpy as np

from tests.evaluation.drills.clips import BEGIN, block_truth, drill_of, pictures, white, white_box
from tracker.geometry import Box, iou


def test_the_only_target_that_is_seen_is_a_copy_at_another_place(clip) -> None:
    changed = pictures(drill_of(clip, "lookalike"))
    places = {white_box(frame.image) for frame in changed[BEGIN : BEGIN + 35]}
    assert len(places) == 1
    x, y, w, h = places.pop()
    assert w * h > 100
    for box in block_truth()[BEGIN : BEGIN + 35]:
        assert iou(Box(x, y, w, h), Box(*box)) == 0
        assert np.hypot(x - box[0], y - box[1]) > 30
    assert white(changed[BEGIN + 50].image).sum() == 320
