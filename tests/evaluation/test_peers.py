from __future__ import annotations

import cv2
import numpy as np
import pytest

from tracker.errors import ConfigError
from tracker.evaluation.compare import Comparison
from tracker.evaluation.peers import tracker_maker
from tracker.geometry import Box


def test_opencvs_own_tracker_follows(clip):
    frames, truth = clip
    race = Comparison({"mil": tracker_maker("mil")})
    race.start(frames[0], Box(*truth[0]))
    for frame in frames[1:4]:
        race.step(frame)
    assert race.standings(truth)[0].precision == 1


def test_the_tutorials_camshift_gives_a_rotated_box(clip):
    frames, truth = clip
    tracker = tracker_maker("camshift")()
    tracker.init(frames[0].image, truth[0])
    assert tracker.update(frames[1].image).rotated_box is not None
    for _ in range(3):
        gone = tracker.update(np.zeros_like(frames[0].image))
    assert not gone.ok


def test_a_tracker_that_is_not_there_is_named_with_its_wheel(monkeypatch):
    with pytest.raises(ConfigError, match="no tracker 'csrtt': there are"):
        tracker_maker("csrtt")
    monkeypatch.delattr(cv2, "TrackerKCF_create", raising=False)
    with pytest.raises(ConfigError, match=r"kcf is not in this OpenCV .*: it comes with opencv-contrib-python"):
        tracker_maker("kcf")
