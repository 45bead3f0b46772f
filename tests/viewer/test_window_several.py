"""Several targets in the real window: the program in a process of its own, driven by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from tests.viewer.desk import FIRST, SECOND, Desk, box_of, frames, moved, rows, wait_for, written
from tracker.drawing.style import target_color
from tracker.geometry import iou
from tracker.image import Image


def has_color(desk: Desk, target: int) -> Callable[[], bool]:
    """Whether a box and its plate are drawn in a target's color."""

    def ask() -> bool:
        found: Image = (desk.screenshot()[:480, :640] == target_color(target)).all(axis=2)
        return bool(np.count_nonzero(found) > 60)

    return ask


def lacks_color(desk: Desk, target: int) -> Callable[[], bool]:
    return lambda: not has_color(desk, target)()


def test_drags_add_and_a_right_click_removes(desk: Desk, pictures: Path) -> None:
    table = desk.folder / "box.csv"
    desk.start("track", pictures, "--several", "--csv", table.name)
    desk.drag(*FIRST)
    desk.drag(*SECOND)
    wait_for(has_color(desk, 1), "the second target's box")
    assert has_color(desk, 0)()
    desk.press("space")
    wait_for(lambda: len(frames(table, 1)) > 3, "rows of the second target")
    desk.press("space")
    desk.right_click(*moved(FIRST, frames(table, 0)[-1]).center)
    wait_for(lacks_color(desk, 0), "the first target to go")
    removed_at = frames(table, 0)[-1]
    desk.press("space")
    wait_for(lambda: frames(table, 1)[-1] > removed_at + 3, "rows of the one that is left")
    desk.press("q")
    code, _, err = desk.end()
    assert code == 0, err
    assert frames(table, 0) == list(range(removed_at + 1))
    assert frames(table, 1) == list(range(frames(table, 1)[-1] + 1))
    for row in rows(table):
        truth = moved((FIRST, SECOND)[int(row["id"])], int(row["frame"]))
        assert iou(box_of(row), truth) > 0.6


def test_named_targets_are_shown_and_all_can_be_removed(desk: Desk, pictures: Path) -> None:
    table = desk.folder / "box.csv"
    named = (f"{name}={written(box)}" for name, box in (("ann", FIRST), ("bob", SECOND)))
    rois = [word for text in named for word in ("--roi", text)]
    desk.start("track", pictures, *rois, "--display", "--csv", table.name, "--record", "raw.mp4")
    wait_for(lambda: len(frames(table, 1)) > 3, "rows")
    for target, box in enumerate((FIRST, SECOND)):
        desk.right_click(*moved(box, frames(table, target)[-1]).center)
        wait_for(lacks_color(desk, target), "a target to go")
    last = max(int(row["frame"]) for row in rows(table))
    wait_for(lambda: (desk.screenshot() != desk.screenshot()).any(), "a picture that runs")
    desk.press("q")
    code, out, err = desk.end()
    assert (code, out) == (0, ""), err
    assert max(int(row["frame"]) for row in rows(table)) == last
    assert {(row["id"], row["label"]) for row in rows(table)} == {("0", "ann"), ("1", "bob")}
    assert (desk.folder / "raw.mp4").stat().st_size > 1000


def test_who_came_by_itself_can_be_sent_away_and_others_dragged(desk: Desk, pictures: Path) -> None:
    table = desk.folder / "box.csv"
    desk.start("track", pictures, "--auto", "color=DC3C28", "--display", "--csv", table.name)
    wait_for(lambda: len(frames(table, 0)) > 3, "somebody to come")
    desk.press("space")
    desk.right_click(*moved(FIRST, frames(table, 0)[-1]).center)
    wait_for(lacks_color(desk, 0), "it to go")
    sent_away_at = frames(table, 0)[-1]
    desk.drag(*moved(SECOND, sent_away_at))
    wait_for(has_color(desk, 1), "the dragged one")
    desk.press("space")
    wait_for(lambda: len(frames(table, 1)) > 20, "rows of the dragged one")
    desk.press("q")
    code, _, err = desk.end()
    assert code == 0, err
    assert {int(row["id"]) for row in rows(table)} == {0, 1}
    assert frames(table, 0)[-1] == sent_away_at
    last = rows(table)[-1]
    assert iou(box_of(last), moved(SECOND, int(last["frame"]))) > 0.6


def test_a_right_click_drops_the_only_target(desk: Desk, pictures: Path) -> None:
    table = desk.folder / "box.csv"
    desk.start("track", pictures, "--csv", table.name)
    desk.drag(*FIRST)
    wait_for(lambda: len(frames(table, 0)) > 3, "rows")
    desk.right_click(*moved(FIRST, frames(table, 0)[-1]).center)
    wait_for(lacks_color(desk, 0), "the target to go")
    dropped_at = frames(table, 0)[-1]
    desk.drag(*moved(SECOND, dropped_at))
    wait_for(lambda: frames(table, 0)[-1] > dropped_at + 3, "rows of the other")
    desk.press("q")
    assert desk.end()[0] == 0
    last = rows(table)[-1]
    assert iou(box_of(last), moved(SECOND, int(last["frame"]))) > 0.6


def test_the_help_is_whole_on_a_tiny_frame(desk: Desk) -> None:
    image = np.full((120, 160, 3), 200, np.uint8)
    cv2.imwrite(str(desk.folder / "tiny.png"), image)
    desk.start("track", "tiny.png", "--several")
    before = desk.screenshot()[:480, :640]
    desk.press("h")
    wait_for(lambda: (desk.screenshot()[:480, :640] != before).mean() > 0.1, "the help")
    changed = np.argwhere((desk.screenshot()[:480, :640] != before).any(axis=2))
    assert (changed.min(axis=0) > 0).all()
    assert (changed.max(axis=0) < (479, 639)).all()
    desk.press("q")
    assert desk.end()[0] == 4
