"""Several targets before a screen that plays a script: drags add, right clicks remove, and the rest goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.viewer.crowd import FRAMES, GREEN, RED, YELLOW, CrowdRun, ann_and_bob, crowd, drag, right_click, truth
from tests.viewer.helpers import Act
from tracker.drawing.viewer_frame import ViewerFrame, ViewerStyle
from tracker.errors import SelectionCancelled
from tracker.geometry import Box, iou
from tracker.image import Image
from tracker.session import Target
from tracker.tracking.result import TrackResult
from tracker.viewer import display
from tracker.viewer.keys import Command

PAUSE, QUIT = Command.PAUSE, Command.QUIT
ALL = list(range(FRAMES))


def follows(run: CrowdRun, *who: int) -> bool:
    """Whether the last frame has these, in this order, in their places."""
    last = run.steps[-1]
    boxes = [track.result.box for track in last.tracks]
    return len(boxes) == len(who) and all(
        iou(box, truth(last.frame.index, k)) > 0.5 for box, k in zip(boxes, who, strict=True)
    )


def test_all_that_are_dragged_on_a_paused_picture_are_followed_from_it_on(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path)
    run.play(None, *drag(truth(0, GREEN)), None, *drag(truth(0, YELLOW)), PAUSE, run.to_the_end)
    assert run.rows() == {0: ALL, 1: ALL}
    assert follows(run, GREEN, YELLOW)


def test_a_drag_adds_to_those_that_were_given(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    run.play(run.at(20, lambda: drag(truth(run.now, RED))), run.to_the_end)
    rows = run.rows()
    assert rows[0] == rows[1] == ALL
    assert rows[2] == list(range(rows[2][0], FRAMES))
    assert 20 < rows[2][0] < 30
    assert [track.name for track in run.steps[-1].tracks] == ["ann #0", "bob #1", "#2"]
    assert follows(run, GREEN, YELLOW, RED)


def test_a_right_click_removes_one_and_the_other_goes_on(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    run.play(run.at(20, lambda: [right_click(run.box(0))]), run.to_the_end)
    rows = run.rows()
    assert rows[0] == list(range(rows[0][-1] + 1))
    assert 20 <= rows[0][-1] < 25
    assert rows[1] == ALL
    assert run.message == "ann #0 is followed no longer"


def test_what_is_removed_on_a_paused_picture_is_gone_from_it_and_from_the_past(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    run.play(run.at(20), PAUSE, run.at(20, lambda: [right_click(run.box(0))]), Command.STEP_BACK, None, QUIT)
    assert [track.label for track in run.current.tracks] == ["bob"]


def test_of_boxes_over_each_other_the_smallest_is_removed(tmp_path: Path) -> None:
    small = truth(0, GREEN)
    run = CrowdRun(tmp_path, Target.at("large", small.scaled(2.0)), Target.at("small", small))
    run.play(run.at(0, lambda: [PAUSE, right_click(run.box(1))]), None)
    assert [track.label for track in run.current.tracks] == ["large"]


def test_a_right_click_elsewhere_says_so_and_changes_nothing(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    run.play(run.at(0), PAUSE, right_click(Box(0, 0, 2, 2)), None)
    assert run.message == "no target there: a right click on a box removes it"
    assert [track.label for track in run.current.tracks] == ["ann", "bob"]


def test_a_right_click_amid_a_drag_does_not_end_it(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path)
    press, move, release = drag(truth(0, GREEN))
    run.play(None, press, move, right_click(truth(0, RED)), release, PAUSE, run.to_the_end)
    assert follows(run, GREEN)


def test_all_can_be_removed_and_others_added(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    first, second = (run.at(10 + k, lambda k=k: [right_click(run.box(k))]) for k in (0, 1))
    run.play(first, second, run.at(40, lambda: drag(truth(run.now, RED))), run.to_the_end)
    rows = run.rows()
    assert max(rows[0][-1], rows[1][-1]) < 20
    assert rows[2] == list(range(rows[2][0], FRAMES))  # no number is given twice
    assert run.session.summary.frames == FRAMES  # frames without targets reach the sinks, too


def test_a_box_that_cannot_be_used_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    images = [image.copy() for image in crowd()[0]]
    for image in images:
        image[150:, 100:] = 0
    said: list[str] = []

    def note() -> bool:
        said.append(run.message)
        return True

    run = CrowdRun(tmp_path, *ann_and_bob(), images=images)
    bad: list[Act] = [*drag(Box(150, 190, 40, 40)), note, *drag(Box(10, 10, 1, 30)), note]
    run.play(run.at(5), *bad, run.to_the_end)
    assert "nearly black" in said[0]
    assert said[1] == "too small: drag a box around the target"
    assert run.rows() == {0: ALL, 1: ALL}


def test_a_target_chosen_in_the_past_takes_the_others_back_to_where_they_were(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    places: list[Box] = []
    chosen: list[int] = []

    def in_the_past() -> list[Act]:
        places.extend(run.box(k) for k in (0, 1))
        chosen.append(run.now)
        return [*drag(truth(run.now, RED)), there]

    def there() -> bool:
        boxes = [tuple(run.box(k)) for k in (0, 1)]
        assert boxes == [pytest.approx(tuple(place)) for place in places]
        return True

    run.play(run.at(40), PAUSE, *[Command.STEP_BACK] * 15, run.at(40, in_the_past), PAUSE, run.to_the_end)
    indices = [step.frame.index for step in run.steps]
    assert indices.count(39) == 2
    assert indices[-20:] == ALL[-20:]
    assert follows(run, GREEN, YELLOW, RED)
    rows = run.rows()
    assert rows[0] == rows[1] == ALL  # once each
    assert rows[2] == list(range(chosen[0], FRAMES))  # though later frames had been written


def test_after_a_jump_targets_are_looked_for_from_where_they_were(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    run.play(run.at(8), PAUSE, Command.BACKWARD, PAUSE, run.to_the_end)
    assert [step.frame.index for step in run.steps].count(0) == 2
    assert run.rows() == {0: ALL, 1: ALL}
    assert follows(run, GREEN, YELLOW)


def test_tuning_keeps_numbers_names_and_places(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    before = run.session.config.search.margin
    run.play(run.at(10), Command.NEXT_SETTING, Command.RAISE, Command.RAISE, run.to_the_end)
    assert run.session.config.search.margin > 1.15 * before
    assert [track.name for track in run.steps[-1].tracks] == ["ann #0", "bob #1"]
    assert follows(run, GREEN, YELLOW)
    assert run.rows() == {0: ALL, 1: ALL}


def test_curve_and_histogram_show_the_target_chosen_last(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    subjects: list[str] = []

    def note() -> list[Act]:
        subject = run.player._display._subject(run.current)
        subjects.append(subject.name if subject else "")
        return []

    def remove_it() -> list[Act]:
        return [right_click(run.box(2))]

    script: list[Act] = [run.at(0, note), *drag(truth(1, RED)), run.at(0, note), run.at(0, remove_it), run.at(0, note)]
    run.play(run.at(0), PAUSE, *script, QUIT)
    assert subjects == ["ann #0", "#2", "ann #0"]


def test_the_curve_is_that_of_its_target_also_after_another_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves: list[Sequence[TrackResult]] = []

    def keep(scene: ViewerFrame, _: ViewerStyle) -> Image:
        curves.append(scene.results)
        return scene.image

    monkeypatch.setattr(display, "draw_viewer_frame", keep)
    run = CrowdRun(tmp_path, *ann_and_bob())
    looks: list[Sequence[TrackResult]] = []

    def look() -> list[Act]:
        run.player._display.picture(run.current, "")
        looks.append(curves[-1])
        return []

    script: list[Act] = [run.at(10, look), run.at(10, lambda: [right_click(run.box(0))]), run.at(10, look)]
    run.play(run.at(10), PAUSE, *script, QUIT)
    for target, curve in enumerate(looks):
        assert curve == tuple(step.tracks[target].result for step in run.steps)


def test_settings_tuned_while_the_past_is_looked_at_begin_at_the_newest_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = CrowdRun(tmp_path, *ann_and_bob())
    frames: list[int] = []
    monkeypatch.setattr(run.session, "configure", lambda frame, _: frames.append(frame.index))
    run.play(run.at(20), PAUSE, *[Command.STEP_BACK] * 5, Command.RAISE, QUIT)
    assert frames == [run.steps[-1].frame.index]


def test_the_time_that_choosing_takes_does_not_count_into_the_rate(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path)
    run.play(None, *drag(truth(0, GREEN)), None, *drag(truth(0, YELLOW)), None, QUIT)
    assert run.player._display.fps == 0.0


def test_what_to_do_is_said_until_the_person_goes_on(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path)
    said: list[str] = []

    def note() -> bool:
        said.append(run.player._display.invitation)
        return True

    run.play(None, note, *drag(truth(0, GREEN)), note, PAUSE, run.at(5), note, QUIT)
    assert said == ["drag a box around each target, space goes on   (h: help)"] * 2 + [""]


def test_quitting_before_anybody_was_chosen_is_a_cancelled_selection(tmp_path: Path) -> None:
    with pytest.raises(SelectionCancelled):
        CrowdRun(tmp_path).play(None, QUIT)


def test_somebody_who_is_still_to_come_is_no_cancelled_selection(tmp_path: Path) -> None:
    run = CrowdRun(tmp_path, Target.at("late", truth(50, GREEN), start=50))
    run.play(run.at(10), QUIT)
    assert run.session.summary.frames == 0
