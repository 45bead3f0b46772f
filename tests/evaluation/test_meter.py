from __future__ import annotations

import numpy as np
import pytest

from tests.evaluation.fakes import truth
from tracker.evaluation import TruthSequence
from tracker.evaluation.meter import TruthMeter
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame

IMAGE = np.zeros((64, 96, 3), np.uint8)


def track(box: np.ndarray) -> Track:
    return Track(0, "", TrackResult(Box(*box.tolist()), TrackState.TRACKING, 1.0, elapsed=0.25))


def test_a_meter_scores_every_frame_with_truth_but_the_first() -> None:
    rows = truth(5)
    rows[3] = np.nan
    meter = TruthMeter(TruthSequence("block", "", rows, first_frame=10))
    for index in range(5):
        meter.write(Frame(IMAGE, 10 + index, index / 25), [track(truth(5)[1])])
    assert meter.seconds == [0.25] * 4
    assert meter.overlaps == pytest.approx([1.0, 10 / 14, 6 / 18])
