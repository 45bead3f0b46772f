"""A session with several targets: who starts when, what the sinks get, and what one bad target does to the rest."""

import csv
import logging

import pytest

from tracker import open_source
from tracker.config.reader import load_config
from tracker.errors import BoxError, OutputError, TargetIdError
from tracker.formats.motchallenge import MotLines
from tracker.formats.otb import OtbLines
from tracker.geometry import Box, iou
from tracker.output.base import Sink
from tracker.output.text import CsvSink, TextSink
from tracker.region import Region
from tracker.session import Session, Target
from tracker.session.targets import raise_refusal
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackState
from tracker.video.span import Span

CROWD = "synth:crowd:frames=30:size=320x180"


class Noted(Sink):
    """Notes the frames that it gets."""

    def __init__(self):
        self.frames = []

    def write(self, frame, tracks):
        self.frames.append(frame.index)


@pytest.fixture
def source():
    return open_source(CROWD)


def rows(path):
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_every_sink_gets_number_and_name_of_each_target(source, tmp_path):
    boxes = {"ann": source.truth(0, 0), "bob": source.truth(0, 2)}
    sinks = [CsvSink(tmp_path / "out.csv"), TextSink(tmp_path / "out.txt", MotLines())]
    summary = Session(source, targets=boxes, sinks=sinks).run()
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


def test_the_settings_are_those_of_the_tracker_that_is_given(source):
    config = load_config("accurate")
    assert Session(source, targets=[], tracker=MultiTracker(config)).config == config


def test_targets_start_where_they_are_there(source):
    targets = [
        Target.at("late", source.truth(10, 1), start=10),
        Target(lambda frame: source.truth(5, 3) if frame.index == 5 else None, 7, "numbered"),
        Target.at("never", (0, 0, 20, 20), start=99),
    ]
    counts = []
    for step in Session(source, targets=targets):
        counts.append([track.id for track in step.tracks])
        for track in step.tracks:
            number = {"late": 1, "numbered": 3}[track.label]
            assert iou(track.result.box, source.truth(step.frame.index, number)) > 0.5
    assert counts == [[]] * 5 + [[7]] * 5 + [[7, 8]] * 20


def test_a_target_that_cannot_be_used_is_left_out_with_a_warning(source, caplog):
    with caplog.at_level(logging.WARNING, logger="tracker"):
        steps = list(Session(source, targets={"gone": (900, 900, 20, 20), "ann": source.truth(0, 0)}))
    assert [track.label for track in steps[-1].tracks] == ["ann"]
    assert "gone is not followed: box (900, 900, 20, 20) lies outside" in caplog.text


def test_nobody_to_be_followed_is_an_error(source):
    with pytest.raises(BoxError, match="lies outside"):
        Session(source, targets={"gone": (900, 900, 20, 20), "too": (800, 900, 20, 20)}).run()


def test_one_lost_target_is_the_state_of_the_whole(source):
    session = Session(source, targets={"ann": source.truth(0, 0), "nothing": (2, 150, 14, 14)})
    states = {tuple(track.result.state for track in step.tracks): session.summary.state for step in session}
    order = [TrackState.LOST, TrackState.OCCLUDED, TrackState.TRACKING]
    assert all(worst is min(each, key=order.index) for each, worst in states.items())


def test_formats_of_one_target_refuse_several(source, tmp_path):
    boxes = {"ann": source.truth(0, 0), "bob": source.truth(0, 2)}
    with pytest.raises(OutputError, match="hold one target"):
        Session(source, targets=boxes, sinks=[TextSink(tmp_path / "out.txt", OtbLines())]).run()


def test_targets_come_and_go_between_two_frames(source, tmp_path):
    frames = list(source)
    sinks = [CsvSink(tmp_path / "out.csv"), TextSink(tmp_path / "out.txt", MotLines())]
    with Session(source, targets=(), sinks=sinks, record=(record := Noted())) as session:
        assert (session.expecting, session.started) == (False, False)
        assert session.process(frames[0]).tracks == ()
        session.choose(frames[0], source.truth(0, 0))
        step = session.choose(frames[0], source.truth(0, 2))  # more in the same frame
        assert [track.id for track in step.tracks] == [0, 1]
        session.process(frames[1])
        session.remove(0)
        assert [track.id for track in session.process(frames[2]).tracks] == [1]
        session.remove(1)
        assert session.process(frames[3]).tracks == ()
        assert session.started
        assert session.add(frames[3], source.truth(3, 4), "eve") == 2
        session.process(frames[4])
        with pytest.raises(TargetIdError, match="no target 1"):
            session.remove(1)
    table = [(row["frame"], row["id"], row["label"]) for row in rows(tmp_path / "out.csv")]
    assert table == [("0", "0", ""), ("0", "1", ""), ("1", "0", ""), ("1", "1", ""), ("2", "1", ""), ("4", "2", "eve")]
    assert record.frames == [0, 1, 2, 3, 4]
    assert session.summary.frames == 5


def test_a_frame_with_a_chosen_target_is_written_at_the_end_too(source, tmp_path):
    frame = next(iter(source))
    with Session(source, targets=(), sinks=[CsvSink(tmp_path / "out.csv")]) as session:
        session.choose(session.process(frame).frame, source.truth(0, 0))
    assert len(rows(tmp_path / "out.csv")) == 1
    assert session.started


def test_a_box_that_cannot_be_used_leaves_the_others(source):
    frames = list(source)
    with Session(source, targets={"ann": source.truth(0, 0)}) as session:
        session.process(frames[0])
        with pytest.raises(BoxError):
            session.choose(frames[0], Box(900, 900, 20, 20))
        assert [track.label for track in session.process(frames[1]).tracks] == ["ann"]


def test_choosing_in_an_earlier_frame_takes_the_others_back_to_where_they_were(source, tmp_path):
    frames = list(source)
    with Session(source, targets={"ann": source.truth(0, 0)}, sinks=[CsvSink(tmp_path / "out.csv")]) as session:
        steps = [session.process(frame) for frame in frames[:25]]
        step = session.choose(frames[4], source.truth(4, 2), steps[4].tracks)
        assert tuple(step.tracks[0].result.box) == pytest.approx(tuple(steps[4].tracks[0].result.box))
        for frame in frames[5:]:
            step = session.process(frame)
            assert all(iou(step.tracks[k].result.box, source.truth(frame.index, 2 * k)) > 0.5 for k in (0, 1))
    table = [(int(row["frame"]), row["id"]) for row in rows(tmp_path / "out.csv")]
    assert table == [(k, "0") for k in range(25)] + [(k, number) for k in range(25, 30) for number in "01"]


def test_other_settings_keep_numbers_and_names(source):
    frames = list(source)
    with Session(source, targets={"ann": source.truth(0, 0), "bob": source.truth(0, 2)}) as session:
        session.process(frames[0])
        config = load_config("fast", ["search.margin=3"])
        session.configure(frames[0], config)
        assert session.config == config
        assert [(track.id, track.label) for track in session.process(frames[1]).tracks] == [(0, "ann"), (1, "bob")]


def test_the_only_target_can_be_dropped_and_another_chosen(source, tmp_path):
    frames = list(source)
    with Session(source, source.truth(0, 0), sinks=[CsvSink(tmp_path / "out.csv")]) as session:
        assert session.expecting
        session.process(frames[0])
        assert not session.expecting
        session.remove(0)
        assert session.process(frames[1]).tracks == ()
        with pytest.raises(TargetIdError, match="there is no target 0"):
            session.remove(0)
        session.choose(frames[2], source.truth(2, 2))
        assert iou(session.process(frames[3]).tracks[0].result.box, source.truth(3, 2)) > 0.5
    assert [row["frame"] for row in rows(tmp_path / "out.csv")] == ["0", "2", "3"]


def test_a_target_is_followed_in_its_span_only(source):
    late = Target(Region.of(source.truth(5, 0)), label="late", span=Span(5, 8))
    timed = Target(Region.of(source.truth(2, 2)), 9, "timed", Span(0.08, 0.2))
    steps = list(Session(source, targets=[late, timed]))
    frames = {
        label: [s.frame.index for s in steps for t in s.tracks if t.label == label] for label in ("late", "timed")
    }
    assert frames == {"late": [5, 6, 7], "timed": [2, 3, 4]}


def test_a_target_that_never_starts_is_still_waited_for(source):
    never = Target.at("never", (5, 5, 20, 20), start=99)
    session = Session(source, targets=[never, Target.at("ann", source.truth(0, 0))])
    session.run()
    assert list(session.waiting) == [never]


def test_refusals_can_be_collected_or_end_the_session(caplog):
    targets = {"gone": (900, 900, 20, 20), "ann": (20, 20, 30, 30)}
    refusals = []
    with open_source(CROWD) as frames:
        Session(frames, targets=targets, on_refusal=refusals.append).run()
    assert [(one.target.label, one.frame, type(one.error)) for one in refusals] == [("gone", 0, BoxError)]
    assert caplog.messages == []
    with pytest.raises(BoxError, match="lies outside"):
        Session(open_source(CROWD), targets=targets, on_refusal=raise_refusal).run()


def test_the_same_number_twice_is_an_error(source):
    with pytest.raises(TargetIdError, match="is being followed"):
        Session(source, targets=[Target(Region.of(Box(9, 9, 30, 30)), 3)] * 2).run()
