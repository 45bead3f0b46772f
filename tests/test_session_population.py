"""Targets that start by themselves: born once, where they are, and gone when they are gone."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from movers import ORANGE, empty, ground, noisy, pictures, visitors, with_balls

from tracker import Box, MultiTracker, TrackResult, TrackState, open_source
from tracker.config.automatic import PopulationSettings
from tracker.detection import ColorFinder, Finder, MotionFinder
from tracker.errors import TargetError
from tracker.geometry import iou
from tracker.image import Image
from tracker.output.benchmarks import Got10kSink, MotSink
from tracker.output.tables import CsvSink, JsonLinesSink
from tracker.output.video_file import VideoFileSink
from tracker.session import MultiSession, Population, Step
from tracker.tracking.rivals import overlap_of
from tracker.video.synth.scene import Renderer, Scene

BLANK = np.zeros((180, 320, 3), np.uint8)


class Scripted(Finder):
    """Finds what it is told."""

    name = "thing"

    def __init__(self, travel: float = 0.0) -> None:
        self.boxes: tuple[Box, ...] = ()
        self.travel = travel  # type: ignore[misc]

    def find(self, image: Image) -> tuple[Box, ...]:
        return self.boxes


class FakeTracker(MultiTracker):
    """Targets are where they are put."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[int, TrackResult] = {}
        self.given: list[int] = []
        self.labels: dict[int, str] = {}

    def add(self, frame: Image, box: Iterable[float], id: int | None = None, label: str | None = None) -> int:  # type: ignore[override]  # noqa: A002
        number = len(self.given) if id is None else id
        self.given.append(number)
        self.labels[number] = label or ""
        self.places[number] = TrackResult(Box.parse(box), TrackState.TRACKING, 1.0)
        return number

    def put(self, number: int, box: Box, state: TrackState = TrackState.TRACKING) -> None:
        self.places[number] = TrackResult(box, state, 1.0)

    def remove(self, id: int) -> None:  # noqa: A002
        del self.places[id]

    @property
    def results(self) -> dict[int, TrackResult]:
        return dict(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, number: int) -> bool:
        return number in self.places


RULES = PopulationSettings(steady=3, patience=5, unseen=7, tolerance=4, leaving=2, growth=1.2, limit=3)
HERE = Box(100.0, 60.0, 30.0, 30.0)
LEAVING = Box(-12.0, 60.0, 30.0, 30.0)


class World:
    """A population with a finder and a tracker that do what the test says."""

    def __init__(self, travel: float = 0.0) -> None:
        self.finder = Scripted(travel)
        self.tracker = FakeTracker()
        self.population = Population(self.finder, RULES)

    def pass_by(self, *boxes: Box, frames: int = 1) -> list[int]:
        """Let the finder find `boxes` in some frames; return who is followed then."""
        self.finder.boxes = boxes
        for _ in range(frames):
            self.population.renew(BLANK, self.tracker)
        return list(self.tracker.places)


@pytest.fixture
def world() -> World:
    return World()


def test_born_when_seen_in_so_many_frames_in_a_row(world: World) -> None:
    assert world.pass_by(HERE, frames=2) == []
    assert world.pass_by() == []
    assert world.pass_by(HERE, frames=2) == []
    assert world.pass_by(HERE) == [0]
    assert world.tracker.places[0].box == HERE
    assert world.tracker.labels == {0: "thing"}
    assert world.pass_by(HERE, frames=20) == [0]


def test_what_jumps_about_is_not_born(world: World) -> None:
    for step in range(20):
        world.pass_by(HERE.moved(60.0 * (step % 3), 0.0))
    assert not world.tracker.given


def test_what_stays_is_not_born_where_only_moving_things_count() -> None:
    world = World(travel=0.3)
    assert world.pass_by(HERE, frames=10) == []
    assert world.pass_by(HERE.moved(8.0, 0.0)) == []
    assert world.pass_by(HERE.moved(8.0, 6.0)) == [0]


def test_what_comes_in_is_born_when_all_of_it_is_there(world: World) -> None:
    for width in range(4, 60, 4):
        assert world.pass_by(Box(0.0, 60.0, float(width), 40.0)) == [] or width > 40
    assert world.pass_by(Box(6.0, 60.0, 60.0, 40.0)) == [0]
    assert world.tracker.places[0].box.width > 40


def test_what_falls_apart_is_not_born(world: World) -> None:
    for step in range(12):
        assert world.pass_by(HERE if step % 2 else Box(100.0, 60.0, 30.0, 13.0)) == []


@pytest.mark.parametrize("state", list(TrackState))
@pytest.mark.parametrize(
    "candidate",
    [HERE, HERE.scaled(0.4), HERE.scaled(2.5), HERE.moved(12.0, 5.0)],
    ids=["same", "part", "whole", "near"],
)
@pytest.mark.parametrize("named", [True, False])
def test_nobody_is_followed_twice(world: World, state: TrackState, candidate: Box, named: bool) -> None:
    if named:
        world.tracker.add(BLANK, HERE)
    else:
        world.pass_by(HERE, frames=3)
    world.tracker.put(0, HERE, state)
    world.pass_by(candidate, frames=5)
    assert world.tracker.given == [0]


def test_no_more_than_the_limit_named_ones_included(world: World) -> None:
    world.tracker.add(BLANK, Box(5.0, 5.0, 20.0, 20.0))
    row = [Box(10.0 + 50 * k, 100.0, 20.0, 20.0) for k in range(5)]
    assert len(world.pass_by(*row, frames=9)) == 3
    world.tracker.remove(0)
    assert len(world.pass_by(*row)) == 3


def test_dies_when_lost_for_too_long_but_not_when_found_in_time(world: World) -> None:
    world.pass_by(HERE, frames=3)
    for state, frames in ((TrackState.LOST, 5), (TrackState.TRACKING, 1), (TrackState.LOST, 5)):
        world.tracker.put(0, HERE, state)
        assert world.pass_by(HERE, frames=frames) == [0]
    assert world.pass_by() == []


@pytest.mark.parametrize("state", list(TrackState))
def test_dies_soon_where_it_was_leaving_whatever_the_tracker_says(world: World, state: TrackState) -> None:
    world.pass_by(HERE, frames=3)
    world.tracker.put(0, LEAVING)
    assert world.pass_by(LEAVING, frames=9) == [0]
    world.tracker.put(0, HERE, state)
    assert world.pass_by(frames=2) == [0]
    assert world.pass_by() == []


def test_dies_when_the_finder_does_not_see_it_any_more(world: World) -> None:
    world.pass_by(HERE, frames=3)
    assert world.pass_by(HERE.moved(80.0, 0.0), HERE.scaled(0.3), frames=7) == [0, 1]
    assert world.pass_by(HERE.moved(80.0, 0.0)) == [1]


def test_the_younger_of_two_on_one_place_goes_after_a_while(world: World) -> None:
    there = HERE.moved(80.0, 0.0)
    world.pass_by(HERE, there, frames=3)
    world.tracker.put(1, HERE)
    assert world.pass_by(HERE, frames=4) == [0, 1]
    world.tracker.put(1, there)
    assert world.pass_by(HERE, there) == [0, 1]
    world.tracker.put(1, HERE)
    assert world.pass_by(HERE, frames=4) == [0, 1]
    assert world.pass_by(HERE) == [0]


def test_a_lost_one_is_on_nobodys_place(world: World) -> None:
    there = HERE.moved(80.0, 0.0)
    world.pass_by(HERE, there, frames=3)
    world.tracker.put(0, there, TrackState.LOST)
    assert world.pass_by(there, frames=5) == [0, 1]
    assert world.pass_by(there) == [1]


def test_a_named_target_never_dies_and_is_older_than_all(world: World) -> None:
    world.pass_by(HERE, frames=3)
    world.tracker.add(BLANK, HERE, id=9)
    world.tracker.add(BLANK, LEAVING, id=10)
    assert world.pass_by(HERE, frames=5) == [9, 10]
    world.tracker.put(9, HERE, TrackState.LOST)
    world.tracker.put(10, LEAVING, TrackState.LOST)
    assert world.pass_by(frames=50) == [9, 10]


def test_who_was_sent_away_does_not_come_again_while_in_sight(world: World) -> None:
    world.pass_by(HERE, frames=3)
    world.tracker.remove(0)
    for step in range(30):
        assert world.pass_by(HERE.moved(2.0 * step, 0.0)) == []
    assert world.pass_by(frames=6) == []
    assert world.pass_by(HERE.moved(60.0, 0.0), frames=3) == [1]


def test_what_cannot_be_learnt_from_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> int:
        raise TargetError("too dark")

    with monkeypatch.context() as patch:
        patch.setattr(world.tracker, "add", refuse)
        assert world.pass_by(HERE, frames=5) == []
    assert world.pass_by(HERE) == [0]


BOXES = st.builds(
    Box, st.integers(-20, 300).map(float), st.integers(-20, 160).map(float), *[st.sampled_from([12.0, 30.0, 60.0])] * 2
)
SIGHT = st.lists(BOXES, max_size=4).map(tuple)


@settings(deadline=None, max_examples=150)
@given(data=st.data(), sights=st.lists(SIGHT, min_size=1, max_size=8))
def test_bookkeeping_whatever_happens(data: st.DataObject, sights: list[tuple[Box, ...]]) -> None:
    world, ever, on_each_other = World(), set[int](), dict[tuple[int, int], int]()
    world.tracker.add(BLANK, HERE)
    for sight in (sight for sight in sights for _ in range(data.draw(st.integers(1, 5)))):
        before = set(world.tracker.places)
        for number in before:
            if data.draw(st.booleans()):
                place = data.draw(st.sampled_from([HERE, LEAVING, *sight]))
                world.tracker.put(number, place, data.draw(st.sampled_from(list(TrackState))))
        world.pass_by(*sight)
        now = world.tracker.places
        assert 0 in now
        assert len(now) <= max(RULES.limit, len(before))
        born = set(now) - before
        assert not born & ever
        ever |= set(now)
        for number in born:
            assert all(overlap_of(now[number].box, now[k].box) < RULES.covered for k in now if k != number)
        pairs = [
            (a, b) for a in now for b in now
            if a < b and TrackState.LOST is not now[a].state and overlap_of(now[a].box, now[b].box) >= RULES.shared
        ]  # fmt: skip
        on_each_other = {pair: on_each_other.get(pair, 0) + 1 for pair in pairs}
        assert all(frames <= RULES.tolerance for frames in on_each_other.values())
    assert len(world.tracker.given) == len(set(world.tracker.given))


def follow(scene: Scene, finder: Finder) -> list[Step]:
    source = open_source([*pictures(scene)])
    return list(MultiSession(source, {}, newcomers=Population(finder)))


@pytest.mark.parametrize("seed", range(4))
def test_each_mover_has_one_number_while_it_is_there(seed: int) -> None:
    scene = visitors(seed)
    steps = follow(scene, MotionFinder())
    assert {track.id for step in steps for track in step.tracks} == {0, 1, 2}
    for number in range(3):
        truths = [scene.truth(index, number) for index in range(scene.frames)]
        there = [index for index, truth in enumerate(truths) if truth is not None]
        overlaps = {
            (index, track.id): iou(track.result.box, truth)
            for index, truth in enumerate(truths)
            if truth is not None
            for track in steps[index].tracks
        }
        own = {track for (_, track), overlap in overlaps.items() if overlap > 0.3}
        assert len(own) == 1
        (track,) = own
        alive = [step.frame.index for step in steps if track in {each.id for each in step.tracks}]
        assert there[0] < alive[0] <= there[0] + 25
        assert alive == list(range(alive[0], alive[-1] + 1))
        assert alive[-1] <= there[-1] + PopulationSettings().leaving + 15
        assert np.mean([overlaps[index, track] for index in alive if index in there]) > 0.7


@pytest.mark.parametrize("noise", [2.0, 10.0])
def test_nobody_comes_on_the_empty_background(noise: float) -> None:
    renderer = Renderer(empty(5, noise))
    images = [renderer.image(index) for index in range(300)]
    images[150] = np.clip(images[150].astype(int) * 2, 0, 255).astype(np.uint8)  # a flash
    for index in range(200, 300):  # half the light
        images[index] = (images[index] * 0.55).astype(np.uint8)
    assert not any(step.tracks for step in MultiSession(open_source(images), {}, newcomers=Population(MotionFinder())))


def test_a_thing_that_goes_away_leaves_no_ghost() -> None:
    ways = [100.0] * 250 + [100.0 + 4 * k for k in range(70)] + [380.0] * 40
    images = [noisy(with_balls(ground(), [(x, 90.0, 18.0)]), index) for index, x in enumerate(ways)]
    ids = set()
    for step in MultiSession(open_source(images), {}, newcomers=Population(MotionFinder())):
        for track in step.tracks:
            ids.add(track.id)
            if step.frame.index < 300 and track.result.ok:
                assert abs(track.result.box.center[0] - ways[step.frame.index]) < 12
    assert ids == {0}


def test_balls_of_a_color_are_followed_beside_a_named_target() -> None:
    images = []
    for index in range(40):
        balls = [(40.0 + 3 * index, 40.0, 12.0), (260.0, 30.0 + 2 * index, 15.0)]
        image = with_balls(with_balls(ground(), balls), [(80.0 + index, 140.0, 13.0)], (200, 60, 0))
        images.append(noisy(image, index))
    newcomers = Population(ColorFinder.of_color("FF8800"))
    steps = list(MultiSession(open_source(images), {"blue": (67, 127, 26, 26)}, newcomers=newcomers))
    assert [[track.label for track in step.tracks] for step in (steps[0], steps[-1])] == [
        ["blue"],
        ["blue", "color", "color"],
    ]
    assert [track.id for track in steps[-1].tracks] == [0, 1, 2]
    for track, truth in zip(steps[-1].tracks, [(119.0, 140.0), (157.0, 40.0), (260.0, 108.0)], strict=True):
        assert track.result.box.center == pytest.approx(truth, abs=4)


def test_every_sink_bears_frames_without_targets_and_targets_that_come_and_go(tmp_path: Path) -> None:
    images = [ground()] * 8 + [with_balls(ground(), [(60.0 + 2 * k, 90.0, 16.0)]) for k in range(12)] + [ground()] * 40
    images = [noisy(image, index) for index, image in enumerate(images)]
    sinks = [
        CsvSink(tmp_path / "out.csv"),
        JsonLinesSink(tmp_path / "out.jsonl"),
        MotSink(tmp_path / "mot.txt"),
        Got10kSink(tmp_path / "got.txt"),
        VideoFileSink(tmp_path / "out.mp4", 25.0),
    ]
    newcomers = Population(ColorFinder.of_color("FF8800"), PopulationSettings(patience=5))
    session = MultiSession(open_source(images), {}, newcomers=newcomers, sinks=sinks)
    alive = [step.frame.index for step in session if step.tracks]
    assert alive == list(range(15, alive[-1] + 1))
    assert alive[-1] < 50
    with open_source(tmp_path / "out.mp4") as video:
        assert sum(1 for _ in video) == 60
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    assert [(row["frame"], row["id"], row["label"]) for row in rows] == [(str(i), "0", "color") for i in alive]
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == len(alive)
    seen = (tmp_path / "mot.txt").read_text("utf-8").splitlines()
    assert {tuple(line.split(",")[:2]) for line in seen} <= {(str(i + 1), "1") for i in alive}
    lines = (tmp_path / "got.txt").read_text("utf-8").splitlines()
    assert [line == "nan,nan,nan,nan" for line in lines] == [index not in alive for index in range(60)]
    assert (session.summary.frames, session.summary.targets, session.summary.state) == (60, 1, None)


def test_a_run_in_which_nothing_comes() -> None:
    session = MultiSession(open_source([ground()] * 5), {}, newcomers=Population(ColorFinder.of_color("FF8800")))
    assert session.expecting
    assert all(step.tracks == () for step in session)
    assert (session.summary.frames, session.summary.targets, session.summary.state) == (5, 0, None)


def test_the_same_frames_give_the_same_targets() -> None:
    scene = visitors(3, frames=90, width=320)
    first, second = (
        [[(track.id, track.result.box) for track in step.tracks] for step in follow(scene, MotionFinder())]
        for _ in range(2)
    )
    assert first == second
    assert any(first)


def test_orange_is_what_the_tests_call_it() -> None:
    assert ORANGE == (0x00, 0x88, 0xFF)
