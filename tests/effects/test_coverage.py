from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effects.painting import L, O, T, covered, holds, sight
from tracker.effects import Area, Coverage, CoverageSettings
from tracker.errors import ConfigError
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackResult, TrackState

FPS = 25.0
GROW = CoverageSettings(lost="grow")


def plans(
    states: list[TrackState | None], boxes: list[Box] | Box, coverage: Coverage | None = None, ahead: int = 25
) -> list[tuple[Area, ...]]:
    """The areas of every frame; None is a frame without the target."""
    coverage = coverage or Coverage(ahead=ahead)
    places = [boxes] * len(states) if isinstance(boxes, Box) else boxes
    found: list[tuple[Area, ...]] = []
    for number, (state, box) in enumerate(zip(states, places, strict=True)):
        found += coverage.push(number / FPS, [] if state is None else [sight(box, state)])
    return [*found, *coverage.finish()]


def reach(areas: tuple[Area, ...]) -> float:
    """How far the areas go to the left and right together."""
    return max(area.box.right for area in areas) - min(area.box.x for area in areas)


@pytest.mark.parametrize("ahead", [0, 1, 7, 100])
def test_every_frame_gets_one_plan_the_known_number_of_frames_late(ahead: int) -> None:
    coverage = Coverage(ahead=ahead)
    given_out = [len(list(coverage.push(n / FPS, [sight(Box(n, 0, 10, 10))]))) for n in range(40)]
    assert given_out == [int(n >= ahead) for n in range(40)]
    assert len(list(coverage.finish())) == min(ahead, 40)


def test_without_targets_nothing_is_covered() -> None:
    assert plans([None] * 30, Box(0, 0, 1, 1)) == [()] * 30


def test_a_steady_target_is_covered_with_its_margin() -> None:
    found = plans([T] * 50, Box(40, 40, 20, 30), Coverage(CoverageSettings(margin=0.5), ahead=5))
    assert all(len(areas) == 1 for areas in found)
    assert tuple(found[20][0].box) == pytest.approx((30, 25, 40, 60))


def test_a_trembling_box_moves_little() -> None:
    boxes = [Box(100 + 6 * (n % 2), 40, 20, 30) for n in range(60)]
    found = plans([T] * 60, boxes)
    centers = [areas[0].box.center[0] for areas in found[10:50]]
    assert max(centers) - min(centers) < 2
    assert all(holds(areas, box, 300, 200) for areas, box in zip(found, boxes, strict=True))


def test_the_area_shrinks_slowly_and_grows_at_once() -> None:
    boxes = [Box.around(100, 100, *((20, 20) if 20 <= n < 40 else (60, 60))) for n in range(60)]
    widths = [areas[0].box.width for areas in plans([T] * 60, boxes)]
    assert widths[20] > widths[22] > widths[30] > 30
    assert widths[40] >= 60


def test_lost_covers_the_whole_picture_and_what_comes_before_grows_up_to_it() -> None:
    states = [T] * 30 + [O] * 10 + [L] * 5 + [T] * 30
    found = plans(states, Box(100, 100, 20, 20), Coverage(CoverageSettings(doubt=0.0), ahead=25))
    for areas in found[40:45]:
        assert covered(areas, 2000, 1000).all()
    sizes = [reach(areas) for areas in found[29:41]]
    assert sizes == sorted(sizes)
    assert sizes[0] < 40 < sizes[5] < sizes[9] < sizes[11]
    live = plans(states, Box(100, 100, 20, 20), Coverage(CoverageSettings(doubt=0.0), ahead=0))
    assert not covered(live[39], 2000, 1000).all()  # what comes next cannot be known there
    assert covered(live[40], 2000, 1000).all()


def test_lost_may_stay_on_the_last_place_and_grow_up_to_a_limit() -> None:
    found = plans([T] * 20 + [L] * 200, Box(100, 100, 20, 20), Coverage(GROW, ahead=25))
    sizes = [reach(areas) for areas in found[20:]]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[10] < sizes[40]
    assert sizes[-1] == pytest.approx(20 * (1 + 2 * 0.25) + 2 * 1.5 * 20)
    assert all(holds(areas, Box(100, 100, 20, 20), 300, 300) for areas in found)


def test_occluded_for_long_is_as_lost() -> None:
    """It is OCCLUDED at a wrong place, never LOST, and comes in somewhere else."""
    states = [T] * 30 + [O] * 60 + [T] * 30
    found = plans(states, Box(100, 100, 20, 20), Coverage(CoverageSettings(doubt=0.0, timeout=1.0), ahead=25))
    assert all(covered(areas, 2000, 1000).all() for areas in found[54:90])
    sizes = [reach(areas) for areas in found[29:55]]
    assert sizes == sorted(sizes)
    assert sizes[5] < 100
    assert reach(found[90]) < 100
    short = plans(
        [T] * 30 + [O] * 20 + [T] * 30, Box(100, 100, 20, 20), Coverage(CoverageSettings(timeout=2.0), ahead=25)
    )
    assert max(map(reach, short)) < 150  # it is known when it ends
    growing = plans(states, Box(100, 100, 20, 20), Coverage(CoverageSettings(lost="grow", timeout=1.0), ahead=25))
    assert max(map(reach, growing)) < 150


def test_a_single_tracking_among_doubts_does_not_end_them() -> None:
    states = [T] * 30 + [O] * 30 + [T] * 4 + [O] * 20 + [T] * 40
    found = plans(states, Box(100, 100, 20, 20), Coverage(CoverageSettings(timeout=1.0), ahead=25))
    assert all(covered(areas, 2000, 1000).all() for areas in found[60:64])


@pytest.mark.parametrize(("confidence", "half"), [(1.0, 10.0), (0.925, 15.0), (0.85, 20.0), (0.5, 20.0)])
def test_the_less_confidence_the_wider_the_margin(confidence: float, half: float) -> None:
    coverage = Coverage(CoverageSettings(margin=0.0, caution=0.5))
    ((area,),) = coverage.push(0.0, [Track(0, "", TrackResult(Box(40, 40, 20, 30), T, confidence))])
    assert area.box.width == pytest.approx(2 * half)


def test_the_whole_way_back_from_where_it_is_found_is_covered() -> None:
    """It comes in at the edge slowly and is found when it is fast: at that speed it would have been outside before."""
    true = [Box(0.2 * n * n, 100, 30, 30) for n in range(40)]
    boxes = [Box(300, 100, 30, 30)] * 15 + true[15:]
    found = plans([T] * 4 + [L] * 11 + [T] * 25, boxes, Coverage(GROW, ahead=25))
    assert all(holds(found[n], true[n], 400, 300) for n in range(4, 40))


def test_an_occluded_target_is_covered_where_it_was_and_where_it_is_said_to_be() -> None:
    boxes = [Box(100, 100, 20, 20)] * 20 + [Box(100 + 8 * n, 100, 20, 20) for n in range(20)]
    found = plans([T] * 20 + [O] * 20, boxes)
    assert holds(found[38], Box(100, 100, 20, 20), 400, 300)
    assert holds(found[38], boxes[38], 400, 300)


def test_a_late_change_of_state_is_covered_before_it() -> None:
    """The box stays on what hides the target, TRACKING, while the target goes on for four frames."""
    boxes = [Box(5 * n, 100, 20, 20) for n in range(20)] + [Box(95, 100, 20, 20)] * 20
    found = plans([T] * 24 + [L] * 16, boxes, Coverage(GROW, ahead=25))
    for n in range(20, 28):
        assert holds(found[n], Box(5 * n, 100, 20, 20), 400, 300)


def test_frames_before_it_is_found_again_are_covered() -> None:
    """It comes in from the right; the tracker finds it eight frames later."""
    true = [Box(400 - 6 * n, 100, 30, 30) for n in range(40)]
    boxes = [Box(50, 100, 30, 30)] * 8 + true[8:]
    found = plans([T] * 4 + [L] * 4 + [T] * 32, boxes, Coverage(GROW, ahead=25))
    assert all(holds(found[n], true[n], 400, 300) for n in range(4, 40))
    live = plans([T] * 4 + [L] * 4 + [T] * 32, boxes, Coverage(GROW, ahead=0))
    assert not holds(live[6], true[6], 400, 300)  # what comes next cannot be known there


def test_the_way_between_two_sights_is_covered() -> None:
    true = [Box(10 * n, 100, 20, 20) for n in range(40)]
    boxes = true[:15] + [true[14]] * 12 + true[27:]
    found = plans([T] * 15 + [L] * 12 + [T] * 13, boxes, Coverage(GROW, ahead=25))
    assert all(holds(found[n], true[n], 500, 300) for n in range(40))


def test_a_target_that_starts_late_is_covered_before_and_one_that_is_gone_for_a_while_after() -> None:
    found = plans([None] * 20 + [T] * 20 + [None] * 60, Box(100, 100, 20, 20))
    assert [bool(areas) for areas in found] == [True] * 65 + [False] * 35
    found = plans([None] * 40 + [T] * 5, Box(100, 100, 20, 20))
    assert [bool(areas) for areas in found] == [False] * 15 + [True] * 30


def test_of_the_rest_only_what_is_sure_is_left_as_it_is() -> None:
    states = [T] * 30 + [O] * 5 + [L] * 5 + [T] * 20
    hiding = plans(states, Box(100, 100, 20, 20), Coverage(ahead=25, rest=True, hides=True))
    assert [len(areas) for areas in hiding] == [1] * 20 + [0] * 30 + [1] * 10
    showing = plans(states, Box(100, 100, 20, 20), Coverage(ahead=25, rest=True, hides=False))
    assert [len(areas) for areas in showing] == [1] * 35 + [0] * 5 + [1] * 20


def test_several_targets_do_not_mix() -> None:
    coverage = Coverage(GROW, ahead=3)
    found = []
    for n in range(20):
        lost = L if n > 9 else T
        found += coverage.push(n / FPS, [sight(Box(20, 20, 20, 20), lost, 1), sight(Box(200, 20, 20, 20), T, 7)])
    assert all(holds(areas, Box(200, 20, 20, 20), 400, 100) for areas in found)
    assert max(area.box.width for areas in found[12:] for area in areas if area.box.x > 150) < 31


def test_what_is_remembered_is_bounded() -> None:
    coverage = Coverage(ahead=10)
    for n in range(2000):
        list(coverage.push(n / FPS, [sight(Box(n, 20, 20, 20), T, n // 100)]))
    assert len(coverage._targets) <= 2
    assert sum(len(target.sights) for target in coverage._targets.values()) < 60


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([T, T, T, O, L]), st.floats(-9, 9), st.floats(0.9, 1.1)), min_size=1, max_size=60
    ),
    ahead=st.integers(0, 30),
)
def test_the_reported_box_is_always_covered(steps: list[tuple[TrackState, float, float]], ahead: int) -> None:
    box, boxes = Box(150, 100, 24, 18), []
    for _, move, size in steps:
        box = Box.around(box.center[0] + move, box.center[1] + move / 2, box.width * size, box.height * size)
        boxes.append(box)
    found = plans([state for state, _, _ in steps], boxes, ahead=ahead)
    assert len(found) == len(boxes)
    assert all(holds(areas, box, 300, 200) for areas, box in zip(found, boxes, strict=True))


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": -0.1},
        {"margin": math.nan},
        {"ahead": 5000},
        {"growth": math.inf},
        {"shape": "star"},
        {"lost": "nothing"},
        {"limit": "x"},
    ],
)
def test_a_setting_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    (name,) = wrong
    with pytest.raises(ConfigError, match=name):
        CoverageSettings(**wrong)  # type: ignore[arg-type]  # wrong on purpose
