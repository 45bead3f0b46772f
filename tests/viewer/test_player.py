"""What keys and mouse do, over real files and a real tracker, with a screen that plays a script."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.viewer.helpers import FRAMES, FakeScreen, Run, arrived, drag, drag_in_view, play, reached, right_click, truth
from tracker.errors import BoxError, SelectionCancelled
from tracker.geometry import Box, iou
from tracker.output.base import Sink
from tracker.output.text import CsvSink
from tracker.session import Session
from tracker.video.playback import playback_of
from tracker.video.sources import open_source
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer, Touch
from tracker.viewer.player import AtEnd, Player

QUIT, PAUSE = Command.QUIT, Command.PAUSE


def test_a_file_waits_for_a_target_and_then_plays_to_its_end(tmp_path: Path) -> None:
    script = [None] * 5 + drag(truth(0)) + [lambda: False]
    run = Run(tmp_path, *script)
    summary = run.play()
    assert summary.frames == FRAMES
    assert not summary.stopped
    assert run.indices == list(range(FRAMES))
    assert iou(run.steps[-1].tracks[0].result.box, truth(FRAMES - 1)) > 0.5
    assert run.screen.closed
    assert run.screen.shown


def test_a_given_target_plays_at_once(tmp_path: Path) -> None:
    assert play(tmp_path, lambda: False, roi=truth(0)).session.summary.frames == FRAMES


def test_a_given_target_that_cannot_be_used_is_an_error_and_closes_the_window(tmp_path: Path) -> None:
    run = Run(tmp_path, lambda: False, roi=Box(9000, 0, 5, 5))
    with pytest.raises(BoxError):
        run.play()
    assert run.screen.closed


@pytest.mark.parametrize("way", [Command.QUIT, Command.CANCEL])
def test_quitting_without_a_target_is_a_cancelled_selection(way: Command, tmp_path: Path) -> None:
    run = Run(tmp_path, None, way)
    with pytest.raises(SelectionCancelled, match="no target was chosen: drag a box around it, or give --roi"):
        run.play()
    assert run.screen.closed


def test_quitting_with_a_target_is_the_end(tmp_path: Path) -> None:
    run = play(tmp_path, *drag(truth(0)), None, QUIT)
    assert 0 < run.session.summary.frames < FRAMES
    assert not run.session.summary.stopped


def test_stopping_from_outside_ends_the_run(tmp_path: Path) -> None:
    run = Run(tmp_path, lambda: False, roi=truth(0))
    run.player._on_step = lambda step: run.session.stop() if step.frame.index == 10 else None
    summary = run.play()
    assert (summary.frames, summary.stopped) == (11, True)


@pytest.mark.parametrize("slip", [(50, 50), (54, 180)])
def test_a_slip_of_the_hand_changes_nothing(slip: tuple[int, int], tmp_path: Path) -> None:
    press, release = Pointer(Touch.PRESS, 50, 50), Pointer(Touch.RELEASE, *slip)
    with pytest.raises(SelectionCancelled):
        play(tmp_path, press, release, None, QUIT)


def test_the_invitation_stays_until_there_is_a_target(tmp_path: Path) -> None:
    said: list[str] = []
    run: list[Run] = []

    def note() -> bool:
        said.append(run[0].player._display.invitation)
        return True

    slip = [Pointer(Touch.PRESS, 50, 50), Pointer(Touch.RELEASE, 50, 50)]
    run.append(Run(tmp_path, None, note, *slip, note, *drag(truth(0)), note, QUIT))
    run[0].play()
    assert said == ["drag a box around the target   (h: help)"] * 2 + [""]


def test_escape_cancels_a_drag_and_then_quits(tmp_path: Path) -> None:
    press, *_, release = drag(truth(0))
    run = play(tmp_path, press, Command.CANCEL, release, *drag(truth(0)), None, Command.CANCEL)
    assert run.session.summary.frames > 0


def test_a_box_that_cannot_be_learned_from_is_said_and_another_can_be_chosen(tmp_path: Path) -> None:
    dark = tmp_path / "dark"
    dark.mkdir()
    image = np.zeros((120, 160, 3), np.uint8)
    image[:, 80:] = (40, 80, 200)
    image[60:80, 100:120] = (200, 60, 30)
    for number in range(5):
        cv2.imwrite(str(dark / f"{number}.png"), image)
    screen = FakeScreen(
        None,
        *drag_in_view(Box(5, 5, 20, 20), scale=4),
        None,
        *drag_in_view(Box(100, 60, 20, 20), scale=4),
        lambda: False,
    )
    playback = playback_of(open_source(dark), lambda start: open_source(dark, start=start), 0.0)
    session = Session(playback.source)
    assert Player(session, playback, screen, at_end=AtEnd.CLOSE).run().frames == 5


def test_pause_holds_the_frame_and_stepping_goes_one_by_one(tmp_path: Path) -> None:
    run: list[Run] = []
    script = [*drag(truth(0)), reached(run, 10), PAUSE, *[None] * 5, Command.STEP, Command.STEP, *[None] * 5, QUIT]
    run.append(Run(tmp_path, *script))
    run[0].play()
    paused_at = run[0].player._timeline.current
    assert paused_at is not None
    assert run[0].indices == list(range(len(run[0].indices)))  # each once, none left out
    assert len(run[0].indices) < FRAMES


def test_stepping_back_and_forth_tracks_nothing_twice(tmp_path: Path) -> None:
    table = tmp_path / "box.csv"
    run: list[Run] = []
    back = [Command.STEP_BACK] * 5
    script = [*drag(truth(0)), reached(run, 20), PAUSE, *back, *[Command.STEP] * 3, PAUSE, lambda: False]
    run.append(Run(tmp_path, *script, sinks=(CsvSink(table),)))
    run[0].play()
    assert run[0].indices == list(range(FRAMES))
    with table.open(newline="") as file:
        assert [int(row["frame"]) for row in csv.DictReader(file)] == list(range(FRAMES))


def test_a_target_can_be_chosen_on_a_frame_of_the_past(tmp_path: Path) -> None:
    table = tmp_path / "box.csv"
    run: list[Run] = []
    past: list[int] = []

    def look() -> bool:
        current = run[0].player._timeline.current
        assert current is not None
        past.append(current.frame.index)
        run[0].screen.script[1:1] = [*drag(truth(current.frame.index)), lambda: False]
        return True

    script = [*drag(truth(0)), reached(run, 20), PAUSE, *[Command.STEP_BACK] * 8, look]
    run.append(Run(tmp_path, *script, sinks=(CsvSink(table, rewinds=True),)))
    run[0].play()
    assert run[0].indices.count(past[0] + 1) == 2  # tracked again from there
    assert run[0].indices[-1] == FRAMES - 1
    assert iou(run[0].steps[-1].tracks[0].result.box, truth(FRAMES - 1)) > 0.5
    summary = run[0].session.summary
    assert (summary.frames, sum(summary.states.values())) == (FRAMES, FRAMES)
    with table.open(newline="") as file:  # what was written of later frames is written anew, and nothing comes twice
        rows = list(csv.DictReader(file))
    assert [int(row["frame"]) for row in rows] == list(range(FRAMES))
    row = rows[past[0]]
    chosen = Box(*(float(row[name]) for name in ("x", "y", "w", "h")))
    assert tuple(chosen) == pytest.approx(tuple(truth(past[0])), abs=0.6)


def test_jumping(tmp_path: Path) -> None:
    run: list[Run] = []
    script = [*drag(truth(0)), reached(run, 40), PAUSE, Command.BACKWARD]
    script += [arrived(run), Command.FORWARD, arrived(run), QUIT]
    run.append(Run(tmp_path, *script))
    run[0].play()
    assert 0 in run[0].indices[30:]  # back to the beginning; forward there is nothing
    assert run[0].player._timeline.current is not None
    assert run[0].player._timeline.current.frame.index == 0


def test_reselecting_stops_and_goes_on_with_the_new_target(tmp_path: Path) -> None:
    run: list[Run] = []

    def choose() -> bool:
        frame = run[0].steps[-1].frame.index
        run[0].screen.script[1:1] = [*[None] * 5, *drag(truth(frame)), lambda: False]
        return True

    script = [*drag(Box(5, 5, 30, 30)), reached(run, 10), Command.RESELECT, choose]
    run.append(Run(tmp_path, *script))
    run[0].play()
    assert iou(run[0].steps[-1].tracks[0].result.box, truth(FRAMES - 1)) > 0.5


def test_a_right_click_drops_the_target_and_asks_for_another(tmp_path: Path) -> None:
    table = tmp_path / "box.csv"
    run: list[Run] = []
    asked: list[str] = []

    def drop() -> bool:
        run[0].screen.script[1:1] = [right_click(run[0].steps[-1].tracks[0].result.box), None, dropped]
        return True

    def dropped() -> bool:
        step = run[0].player._timeline.current
        assert step is not None
        assert step.tracks == ()
        asked.append(run[0].player._display.invitation)
        run[0].screen.script[1:1] = [PAUSE, None, None, None, *drag(truth(step.frame.index + 6)), lambda: False]
        return True

    run.append(Run(tmp_path, *drag(truth(0)), reached(run, 10), drop, lambda: False, sinks=(CsvSink(table),)))
    assert run[0].play().frames == FRAMES  # those without a target reach the sinks, too
    assert "drag a box around the target" in asked[0]
    assert iou(run[0].steps[-1].tracks[0].result.box, truth(FRAMES - 1)) > 0.5
    with table.open(newline="") as file:
        rows = [int(row["frame"]) for row in csv.DictReader(file)]
    assert FRAMES - 8 < len(rows) < FRAMES


def test_cancelling_a_reselection_goes_on(tmp_path: Path) -> None:
    run: list[Run] = []
    script = [*drag(truth(0)), reached(run, 5), Command.RESELECT, None, Command.CANCEL, lambda: False]
    run.append(Run(tmp_path, *script))
    assert run[0].play().frames == FRAMES


def test_every_command_has_an_action(tmp_path: Path) -> None:
    assert set(Run(tmp_path).player._actions) == set(Command)


def test_an_error_in_a_sink_closes_the_window(tmp_path: Path) -> None:
    class Broken(Sink):
        def write(self, frame: object, tracks: object) -> None:
            raise RuntimeError("broken")

    run = Run(tmp_path, lambda: False, roi=truth(0), sinks=(Broken(),))
    with pytest.raises(RuntimeError, match="broken"):
        run.play()
    assert run.screen.closed
