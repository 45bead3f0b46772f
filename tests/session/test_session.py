"""One session: what it gives to sinks, what a caller may do between two steps."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.session.helpers import Notes, Source, scene
from tracker.errors import BoxError
from tracker.geometry import Box
from tracker.session import Session, Target
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame
from tracker.video.sources import open_source


@pytest.fixture
def images() -> list[np.ndarray]:
    return scene()[0]


@pytest.fixture
def roi() -> Box:
    return scene()[1]


def test_sinks_get_each_frame_with_its_track(images: list[np.ndarray], roi: Box) -> None:
    notes = Notes()
    summary = Session(Source(images), roi, sinks=[notes], label="ball").run()
    assert notes.frames == list(range(12))
    assert {(one.id, one.label) for one in notes.tracks} == {(0, "ball")}
    assert all(one.density is not None for one in notes.tracks)
    assert all(a.result.box != b.result.box for a, b in pairwise(notes.tracks))
    assert notes.closed
    assert summary.frames == 12
    assert summary.state is TrackState.TRACKING
    assert sum(summary.share(state) for state in TrackState) == pytest.approx(1)
    assert summary.fps == pytest.approx(12 / summary.seconds)
    assert not summary.stopped


def test_the_summary_of_a_session_that_never_ran_is_empty(images: list[np.ndarray], roi: Box) -> None:
    source, notes = Source(images), Notes()
    session = Session(source, roi, sinks=[notes])
    session.close()
    session.close()
    assert source.closed
    assert notes.closed
    summary = session.summary
    assert (summary.frames, summary.seconds, summary.fps, summary.state) == (0, 0.0, 0.0, None)
    assert summary.share(TrackState.TRACKING) == 0.0


def test_damaged_frames_are_counted(images: list[np.ndarray], roi: Box) -> None:
    source = Source(images)
    source.bad_frames = 2
    assert Session(source, roi).run().bad_frames == 2


def test_stop_ends_the_run_after_the_step_under_way(images: list[np.ndarray], roi: Box) -> None:
    notes = Notes()
    with Session(Source(images), roi, sinks=[notes]) as session:
        for step in session:
            if step.frame.index == 4:
                session.stop()
    assert notes.frames == [0, 1, 2, 3, 4]
    assert session.summary.stopped


def test_the_roi_may_be_chosen_on_the_first_frame(images: list[np.ndarray], roi: Box) -> None:
    asked: list[int] = []

    def choose(frame: Frame) -> Box:
        asked.append(frame.index)
        return roi

    notes = Notes()
    Session(Source(images), choose, sinks=[notes]).run()
    assert asked == [0]
    assert notes.tracks[0].result.box == roi


def frames_of(images: list[np.ndarray]) -> list[Frame]:
    return [Frame(image, index, index / 25) for index, image in enumerate(images)]


def test_without_a_target_only_the_recording_gets_frames(images: list[np.ndarray], roi: Box) -> None:
    results, record = Notes(), Notes()
    frames = frames_of(images)
    with Session(Source(images), sinks=[results], record=record) as session:
        assert not session.started
        assert [session.process(frame).tracks for frame in frames[:3]] == [(), (), ()]
        session.select(frames[3], roi)
        session.process(frames[4])
    assert results.frames == [3, 4]
    assert record.frames == [0, 1, 2, 3, 4]
    assert record.tracks == []
    assert record.closed


def test_sinks_get_each_frame_once_and_only_forwards(images: list[np.ndarray], roi: Box) -> None:
    results, record = Notes(), Notes()
    frames = frames_of(images)
    with Session(Source(images), sinks=[results], record=record) as session:
        session.select(frames[0], roi)
        for number in (1, 2, 3, 3, 1, 2, 3, 4):
            session.process(frames[number])
        session.select(frames[4], roi)
        assert session.summary.frames == 5
    assert results.frames == record.frames == [0, 1, 2, 3, 4]


def test_a_selection_that_fails_leaves_the_target_that_was(images: list[np.ndarray], roi: Box) -> None:
    frames = frames_of(images)
    with Session(Source(images)) as session:
        session.select(frames[0], roi)
        with pytest.raises(BoxError):
            session.select(frames[1], (9000, 0, 5, 5))
        assert session.process(frames[1]).tracks[0].result.ok


def test_other_settings_keep_what_was_learned(images: list[np.ndarray], roi: Box) -> None:
    frames = frames_of(images)
    with Session(Source(images)) as session:
        step = session.select(frames[0], roi)
        config = session.config.model_copy(update={"search": session.config.search.model_copy(update={"margin": 2.0})})
        session.configure(step.frame, config)
        assert session.config.search.margin == 2.0
        assert session.process(frames[1]).tracks[0].result.ok


def test_stopping_reaches_the_source(images: list[np.ndarray], roi: Box) -> None:
    class Stoppable(Source):
        asked = False

        def stop(self) -> None:
            self.asked = True

    source = Stoppable(images)
    Session(source, roi).stop()
    assert source.asked


def test_stopping_hurries_the_sinks(images: list[np.ndarray], roi: Box) -> None:
    class Slow(Notes):
        hurried = False

        def hurry(self) -> None:
            self.hurried = True

    result, record = Slow(), Slow()
    Session(Source(images), roi, sinks=[result], record=record).stop()
    assert (result.hurried, record.hurried) == (True, True)


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_one_target_is_followed_exactly_as_by_the_tracker(preset: str) -> None:
    with open_source("synth:return:frames=70:size=240x135") as source:
        images, box = [frame.image for frame in source], source.truth(0)
    follower = Tracker.from_config(preset)
    expected = [follower.init(images[0], box), *(follower.update(image) for image in images[1:])]
    notes = Notes()
    Session(Source(images), box, config=preset, sinks=[notes]).run()
    assert {result.state for result in expected} == set(TrackState)
    assert [replace(track.result, elapsed=0.0) for track in notes.tracks] == [
        replace(result, elapsed=0.0) for result in expected
    ]


class Times(MultiTracker):
    """Notes the times that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[float | None] = []

    def update(self, frame: object, timestamp: float | None = None) -> dict[int, TrackResult]:
        self.given.append(timestamp)
        return super().update(frame, timestamp)


def test_the_trackers_time_rises_by_a_frame_where_the_source_jumps_back(images: list[np.ndarray], roi: Box) -> None:
    frames, tracker = frames_of(images), Times()
    with Session(Source(images), targets={"ball": roi}, tracker=tracker) as session:
        for number in (4, 5, 9, 2, 3, 3, 8):
            session.process(frames[number])
        session.process(Frame(images[9], 9, float("nan")))
    assert tracker.given[-1] is None
    assert [time for time in tracker.given if time is not None] == pytest.approx(
        [0.16, 0.2, 0.36, 0.4, 0.44, 0.48, 0.68]
    )


def test_everything_can_be_dropped_at_once_and_numbers_go_on(images: list[np.ndarray], roi: Box) -> None:
    frames = frames_of(images)
    with Session(Source(images), targets=(), first_id=5) as session:
        session.process(frames[0])
        assert session.add(frames[0], roi) == 5
        session.expect(Target.at("late", roi, start=9))
        session.clear()
        assert (session.tracks, session.expecting, session.next_id) == ((), False, 6)
        assert session.add(frames[0], roi, "again") == 6
        assert [track.name for track in session.process(frames[1]).tracks] == ["again #6"]


def test_a_target_on_an_earlier_frame_joins_the_others_in_the_newest(images: list[np.ndarray], roi: Box) -> None:
    frames = frames_of(images)
    alone = Tracker()
    alone.init(images[2], roi)
    expected = [alone.update(image) for image in images[3:7]]
    with Session(Source(images), targets=()) as session:
        for frame in frames[:7]:
            session.process(frame)
        number = session.add(frames[2], roi, "late", through=frames[3:7])
        (track,) = session.tracks
        assert (track.id, track.label) == (number, "late")
        assert tuple(track.result.box) == pytest.approx(tuple(expected[-1].box))
        assert session.process(frames[7]).tracks[0].result.ok
