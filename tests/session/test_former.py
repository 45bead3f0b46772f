"""The former names, as programs of the last release use them."""

from __future__ import annotations

from tracker import open_source
from tracker.detection import MotionDetector, MotionFinder
from tracker.session import MultiSession, Population, Session, TrackManager

SCENE = "synth:crowd:frames=6:size=160x90"


def test_a_former_session_of_several_targets_gives_what_one_gives_now() -> None:
    boxes = {"ann": (20, 20, 20, 20), "bob": (90, 40, 20, 20)}
    with MultiSession(open_source(SCENE), boxes) as former, Session(open_source(SCENE), targets=boxes) as now:
        for one, other in zip(former, now, strict=True):
            assert [(t.id, t.label, t.result.box) for t in one.tracks] == [
                (t.id, t.label, t.result.box) for t in other.tracks
            ]


def test_former_targets_that_start_by_themselves() -> None:
    assert Population is TrackManager
    assert MotionFinder is MotionDetector
    session = MultiSession(open_source(SCENE), {}, newcomers=Population(MotionFinder()))
    assert session.run().frames == 6
