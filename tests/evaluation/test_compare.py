from __future__ import annotations

import math

import cv2

from tracker.errors import BoxError
from tracker.evaluation.compare import Comparison
from tracker.evaluation.peers import tracker_maker, tracker_names
from tracker.geometry import Box
from tracker.tracking.result import TrackResult, TrackState


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
