"""Several trackers over the same frames."""

import math

import cv2
import numpy as np
import pytest

from tracker import open_source
from tracker.errors import BoxError, ConfigError
from tracker.evaluation.compare import Comparison, tracker_maker, tracker_names
from tracker.geometry import Box
from tracker.tracking.result import TrackResult, TrackState


@pytest.fixture(scope="module")
def clip():
    with open_source("synth:smooth:frames=25:size=160x120:look=red") as source:
        frames = list(source)
        return frames, np.array([list(source.truth(frame.index)) for frame in frames])


class Failing:
    def __init__(self):
        self.left = 5

    def init(self, frame, box):
        pass

    def update(self, frame, timestamp):
        self.left -= 1
        if self.left < 0:
            raise BoxError("ran out of\nluck")
        return TrackResult(Box(0, 0, 10, 10), TrackState.LOST, 0.0)


def test_every_tracker_sees_every_frame_and_is_scored(clip):
    frames, truth = clip
    names = [name for name in tracker_names() if name not in ("csrt", "kcf", "mil")]
    race = Comparison({name: tracker_maker(name) for name in names})
    tracks = race.start(frames[0], Box(*truth[0]))
    assert [track.label for track in tracks] == names
    before = cv2.getNumThreads()
    for frame in frames[1:]:
        assert [track.id for track in race.step(frame)] == list(range(len(names)))
    assert cv2.getNumThreads() == before
    standings = {standing.name: standing for standing in race.standings(truth)}
    assert all(standing.frames == 24 and not standing.error for standing in standings.values())
    assert standings["fast"].auc > 0.8
    assert standings["fast"].precision == 1
    assert 0 < standings["fast"].update_ms < 1000
    assert math.isnan(race.standings()[0].auc)


def test_one_that_fails_is_left_out_and_the_others_go_on(clip):
    frames, truth = clip
    race = Comparison({"failing": Failing, "fast": tracker_maker("fast")})
    race.start(frames[0], Box(*truth[0]))
    for frame in frames[1:]:
        race.step(frame)
    failing, fast = race.standings(truth)
    assert (failing.frames, failing.error) == (5, "ran out of luck")
    assert failing.sure == 0
    assert fast.frames == 24


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
