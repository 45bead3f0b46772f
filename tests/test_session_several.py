"""A session with several targets: who starts when, what the sinks get, and what one bad target does to the rest."""

import csv
import logging

import pytest

from tracker import open_source
from tracker.errors import BoxError, OutputError
from tracker.geometry import iou
from tracker.output.benchmarks import MotSink, OtbSink
from tracker.output.tables import CsvSink
from tracker.session import MultiSession, Target
from tracker.tracking.result import TrackState

CROWD = "synth:crowd:frames=30:size=320x180"


@pytest.fixture
def source():
    return open_source(CROWD)


def rows(path):
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_every_sink_gets_number_and_name_of_each_target(source, tmp_path):
    boxes = {"ann": source.truth(0, 0), "bob": source.truth(0, 2)}
    sinks = [CsvSink(tmp_path / "out.csv"), MotSink(tmp_path / "out.txt")]
    summary = MultiSession(source, boxes, sinks=sinks).run()
    assert summary.frames == 30
    assert sum(summary.states.values()) == 60
    assert summary.share(TrackState.TRACKING) == 1.0
    table = rows(tmp_path / "out.csv")
    assert [(row["frame"], row["id"], row["label"]) for row in table[:3]] == [
        ("0", "0", "ann"),
        ("0", "1", "bob"),
        ("1", "0", "ann"),
    ]
    assert {line.split(",")[1] for line in (tmp_path / "out.txt").read_text().splitlines()} == {"1", "2"}


def test_targets_start_where_they_are_there(source):
    targets = [
        Target.at("late", source.truth(10, 1), start=10),
        Target("numbered", lambda frame: source.truth(5, 3) if frame.index == 5 else None, id=7),
        Target.at("never", (0, 0, 20, 20), start=99),
    ]
    counts = []
    for step in MultiSession(source, targets):
        counts.append([track.id for track in step.tracks])
        for track in step.tracks:
            number = {"late": 1, "numbered": 3}[track.label]
            assert iou(track.result.box, source.truth(step.frame.index, number)) > 0.5
    assert counts == [[]] * 5 + [[7]] * 5 + [[7, 8]] * 20


def test_a_target_that_cannot_be_used_is_left_out_with_a_warning(source, caplog):
    with caplog.at_level(logging.WARNING):
        steps = list(MultiSession(source, {"gone": (900, 900, 20, 20), "ann": source.truth(0, 0)}))
    assert [track.label for track in steps[-1].tracks] == ["ann"]
    assert "gone is not followed: box (900, 900, 20, 20) lies outside" in caplog.text


def test_nobody_to_be_followed_is_an_error(source):
    with pytest.raises(BoxError, match="lies outside"):
        MultiSession(source, {"gone": (900, 900, 20, 20), "too": (800, 900, 20, 20)}).run()


def test_one_lost_target_is_the_state_of_the_whole(source):
    session = MultiSession(source, {"ann": source.truth(0, 0), "nothing": (2, 150, 14, 14)})
    states = {tuple(track.result.state for track in step.tracks): session.summary.state for step in session}
    order = [TrackState.LOST, TrackState.OCCLUDED, TrackState.TRACKING]
    assert all(worst is min(each, key=order.index) for each, worst in states.items())


def test_formats_of_one_target_refuse_several(source, tmp_path):
    boxes = {"ann": source.truth(0, 0), "bob": source.truth(0, 2)}
    with pytest.raises(OutputError, match="hold one target"):
        MultiSession(source, boxes, sinks=[OtbSink(tmp_path / "out.txt")]).run()
