"""Targets that start by themselves: born once, where they are, and gone when they are gone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.helpers import BLANK, HERE, LEAVING, RULES, World
from tracker import Box, TrackState
from tracker.errors import TargetError
from tracker.geometry import overlap_of


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
    assert world.pass_by() == [0]
    assert world.pass_by() == []


def test_dies_when_the_detector_does_not_see_it_any_more(world: World) -> None:
    world.pass_by(HERE, frames=3)
    assert world.pass_by(HERE.moved(80.0, 0.0), HERE.scaled(0.3), frames=7) == [0, 1]
    assert world.pass_by(HERE.moved(80.0, 0.0)) == [1]


@pytest.mark.parametrize(("confidence", "alive"), [(0.9, [0]), (0.1, [])])
def test_a_detector_that_may_be_deceived_needs_a_doubtful_tracker(
    world: World, confidence: float, alive: list[int]
) -> None:
    world.detector.certain = False
    world.pass_by(HERE, frames=3)
    world.tracker.put(0, HERE, confidence=confidence)
    assert world.pass_by(frames=7) == [0]
    assert world.pass_by(frames=20) == alive


@pytest.mark.parametrize("state", list(TrackState))
def test_the_detector_hears_where_there_is_a_thing_for_certain(world: World, state: TrackState) -> None:
    world.pass_by(HERE, frames=3)
    near, far = HERE.moved(25.0, 0.0), HERE.moved(25.0, 25.0)
    for place, held in ((near, ()), (far, (far,)), (near, (near,))):
        world.tracker.put(0, place)
        world.pass_by(place)
        world.tracker.put(0, place, state)
        world.pass_by(place)
        assert world.detector.held == (() if state is TrackState.LOST else held)
    world.tracker.remove(0)
    world.pass_by()
    assert world.detector.held == ()


def test_a_place_where_nothing_is_seen_proves_nothing(world: World) -> None:
    world.pass_by(HERE, frames=3)
    world.tracker.put(0, HERE.moved(90.0, 0.0))
    world.pass_by(HERE, frames=2)
    assert world.detector.held == ()


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


def test_what_cannot_be_learned_from_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
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
            if a < b and TrackState.LOST is not now[a].state and overlap_of(now[a].box, now[b].box) >= RULES.duplicate
        ]  # fmt: skip
        on_each_other = {pair: on_each_other.get(pair, 0) + 1 for pair in pairs}
        assert all(frames <= RULES.max_duplicate for frames in on_each_other.values())
    assert len(world.tracker.given) == len(set(world.tracker.given))


def test_a_flood_of_detections_starts_nothing_and_is_said_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    grid = [Box(40.0 * column, 40.0 * row, 20.0, 20.0) for column in range(4) for row in range(4)]
    for _ in range(20):
        assert world.pass_by(*grid) == []
    assert caplog.text.count("finds 16 things at once, and starts none of them") == 1
