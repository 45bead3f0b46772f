"""The window's own manners: zoom, Esc, the end, freezing, jumps, the strip, handles, recording."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.video.live_fakes import QUICK, HandFeed
from tests.viewer.helpers import FRAMES, SCALE, FakeScreen, Run, arrived, drag, reached, truth
from tracker.drawing.labels import fitting_plate
from tracker.drawing.panels import draw_texts, wrapped
from tracker.drawing.style import Sizes
from tracker.errors import SelectionCancelled
from tracker.geometry import Box, iou
from tracker.output.registry import Output, SinkOptions, open_sinks
from tracker.session import Session
from tracker.tracking.result import TrackState
from tracker.video.live.source import LiveSource
from tracker.video.playback import LivePlayback
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer, Touch
from tracker.viewer.player import AtEnd, Player

QUIT, PAUSE, CANCEL = Command.QUIT, Command.PAUSE, Command.CANCEL


def index_of(run: Run) -> int:
    shown = run.player._timeline.current
    return -1 if shown is None else shown.frame.index


def test_the_last_frame_stays_and_can_be_stepped_back_from(tmp_path: Path) -> None:
    run: list[Run] = []
    seen: list[int] = []

    def look() -> bool:
        seen.append(index_of(run[0]))
        return True

    ended = lambda: run[0].player._timeline.ended  # noqa: E731
    script = [ended, None, look, PAUSE, None, look, Command.STEP_BACK, None, look, QUIT]
    run.append(Run(tmp_path, *script, roi=truth(0), at_end=AtEnd.STAY))
    summary = run[0].play()
    assert seen == [FRAMES - 1, FRAMES - 1, FRAMES - 2]
    assert summary.frames == FRAMES


def test_a_loop_begins_again_where_the_target_was_and_writes_nothing_twice(tmp_path: Path) -> None:
    run: list[Run] = []

    def twice() -> bool:
        return len(run[0].steps) > FRAMES + 30

    run.append(Run(tmp_path, twice, QUIT, roi=truth(0), at_end=AtEnd.LOOP))
    summary = run[0].play()
    assert summary.frames == FRAMES
    again = run[0].steps[FRAMES + 20]
    assert iou(again.tracks[0].result.box, truth(again.frame.index)) > 0.5


def test_a_loop_goes_on_before_a_target_is_chosen(tmp_path: Path) -> None:
    run: list[Run] = []
    again = lambda: len(run[0].steps) > FRAMES + 5  # noqa: E731

    def choose() -> bool:
        run[0].screen.script[1:1] = drag(truth(index_of(run[0])))
        return True

    chosen = lambda: bool(run[0].steps[-1].tracks)  # noqa: E731
    run.append(Run(tmp_path, reached(run, 0), PAUSE, again, choose, chosen, QUIT, at_end=AtEnd.LOOP))
    run[0].play()
    assert run[0].indices[: FRAMES + 5] == [*range(FRAMES), *range(5)]


def test_escape_leaves_one_thing_after_the_other_and_then_quits(tmp_path: Path) -> None:
    run: list[Run] = []
    states: list[tuple[bool, bool, bool, bool]] = []

    def note() -> bool:
        player, display = run[0].player, run[0].player._display
        states.append((display.dragging, display.help, display.full, player._choosing))
        return True

    press = drag(truth(0))[0]
    prepare = [reached(run, 5), Command.RESELECT, Command.FULL_SCREEN, Command.HELP, press, note]
    run.append(Run(tmp_path, *prepare, *[CANCEL, note] * 4, CANCEL, lambda: False, roi=truth(0)))
    run[0].play()
    assert states == [
        (True, True, True, True),
        (False, True, True, True),
        (False, False, True, True),
        (False, False, False, True),
        (False, False, False, False),
    ]


def test_the_picture_is_frozen_while_a_box_is_dragged(tmp_path: Path) -> None:
    run: list[Run] = []
    seen: list[int] = []

    def look() -> bool:
        seen.append(index_of(run[0]))
        return True

    def drag_here() -> bool:
        press, move, release = drag(truth(index_of(run[0])))
        run[0].screen.script[1:1] = [press, look, *[None] * 9, move, look, *[None] * 9, look, release, reached(run, 40)]
        return True

    run.append(Run(tmp_path, reached(run, 10), drag_here, QUIT, roi=truth(0)))
    run[0].play()
    assert len(set(seen)) == 1
    assert iou(run[0].steps[-1].tracks[0].result.box, truth(run[0].steps[-1].frame.index)) > 0.5


def test_the_wheel_zooms_at_the_pointer_and_a_drag_is_of_what_is_seen(tmp_path: Path) -> None:
    run: list[Run] = []
    x, y = (SCALE * v for v in truth(0).center)

    def drag_in_zoomed() -> bool:
        view = run[0].player._display._view
        assert view.is_zoomed
        left, top, right, bottom = view.placed(truth(0)).xyxy
        acts = [Pointer(Touch.PRESS, left, top), Pointer(Touch.MOVE, right - 9, bottom - 9)]
        run[0].screen.script[1:1] = [*acts, Pointer(Touch.RELEASE, right, bottom), reached(run, 3)]
        return True

    def whole() -> bool:
        return not run[0].player._display._view.is_zoomed

    turns = [Pointer(Touch.WHEEL_UP, x, y)] * 4
    run.append(
        Run(tmp_path, lambda: bool(run[0].screen.shown), *turns, None, drag_in_zoomed, Command.WHOLE, whole, QUIT)
    )
    run[0].play()
    assert iou(run[0].session.tracks[0].result.box, truth(run[0].steps[-1].frame.index)) > 0.5
    assert not run[0].player._display._view.is_zoomed
    assert {image.shape for image in run[0].screen.shown} == {run[0].screen.shown[0].shape}


def test_after_a_jump_the_whole_frame_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[Run] = []

    searched: list[int] = []
    click = Pointer(Touch.PRESS, 640 * 50.5 / FRAMES, 485)
    script = [reached(run, 3), PAUSE, lambda: bool(run[0].screen.shown), click, arrived(run), QUIT]
    run.append(Run(tmp_path, *script, roi=truth(0)))
    tracker = run[0].session._tracker
    search = tracker.search
    monkeypatch.setattr(tracker, "search", lambda image: searched.append(1) or search(image))
    run[0].play()
    assert searched == [1]
    step = run[0].steps[-1]
    assert step.frame.index >= 50
    result = step.tracks[0].result
    assert iou(result.box, truth(step.frame.index)) > 0.4 or result.state is TrackState.LOST


def test_a_click_on_the_strip_goes_there(tmp_path: Path) -> None:
    run: list[Run] = []
    width, height = 640, 480
    click = [Pointer(Touch.PRESS, 0.6 * width, height + 5), Pointer(Touch.RELEASE, 0.6 * width, height + 5)]
    run.append(
        Run(
            tmp_path,
            reached(run, 3),
            PAUSE,
            lambda: bool(run[0].screen.shown),
            *click,
            arrived(run),
            QUIT,
            roi=truth(0),
        )
    )
    run[0].play()
    assert run[0].steps[-1].frame.index == pytest.approx(0.6 * FRAMES, abs=2)
    assert run[0].screen.shown[-1].shape[0] > height


def test_a_box_is_corrected_by_its_handles_and_keeps_its_number(tmp_path: Path) -> None:
    run: list[Run] = []

    def correct() -> bool:
        shown = run[0].player._timeline.current
        assert shown is not None
        view, box = run[0].player._display._view, shown.tracks[0].result.box
        x, y = view.to_view(*box.center)
        moved = [Pointer(Touch.PRESS, x, y), Pointer(Touch.MOVE, x + 9, y), Pointer(Touch.RELEASE, x + 16, y)]
        run[0].screen.script[1:1] = [*moved, None, check(box)]
        return True

    def check(before: Box) -> Callable[[], bool]:
        def look() -> bool:
            box = run[0].session.tracks[0].result.box
            assert box.center == pytest.approx((before.center[0] + 8, before.center[1]), abs=1.5)
            assert (box.width, box.height) == pytest.approx((before.width, before.height))
            return True

        return look

    run.append(
        Run(tmp_path, reached(run, 9), PAUSE, None, lambda: bool(run[0].screen.shown), correct, QUIT, roi=truth(0))
    )
    run[0].play()
    assert run[0].session.tracks[0].id == 0


def test_a_correction_in_the_past_rewrites_the_results_and_says_in_which_file(tmp_path: Path) -> None:
    run: list[Run] = []
    seen: list[tuple[int, Box]] = []
    said: list[str] = []

    def correct() -> bool:
        shown = run[0].player._timeline.current
        assert shown is not None
        view, box = run[0].player._display._view, shown.tracks[0].result.box
        x, y = view.to_view(*box.center)
        moves = [Pointer(Touch.PRESS, x, y), Pointer(Touch.MOVE, x + 5, y), Pointer(Touch.RELEASE, x + 6, y)]
        run[0].screen.script[1:1] = [*moves, lambda: said.append(run[0].player._display._message) or True]
        seen.append((shown.frame.index, box.moved(3, 0)))
        return True

    table, video = tmp_path / "box.csv", tmp_path / "out.mp4"
    sinks = (open_sinks([Output("csv", str(table)), Output("video", str(video))], SinkOptions(fps=30.0)),)
    back = [reached(run, 30), PAUSE, *[Command.STEP_BACK] * 10, None, correct, PAUSE, lambda: False]
    run.append(Run(tmp_path, *back, roi=truth(0), sinks=sinks))
    summary = run[0].play()
    index, box = seen[0]
    assert said == [f"corrected; results are written anew from frame {index} on, in out-1.mp4"]
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame"]) for row in rows] == list(range(FRAMES))
    written = [float(rows[index][name]) for name in ("x", "y", "w", "h")]
    assert written == pytest.approx(tuple(box), abs=0.6)
    assert summary.frames == FRAMES
    assert summary.anew == ((index, "out-1.mp4"),)
    for name, least in ((video, index + 1), (tmp_path / "out-1.mp4", FRAMES - index)):
        capture = cv2.VideoCapture(str(name))
        assert sum(1 for _ in iter(capture.grab, False)) >= least
        capture.release()


LONG = "target and surroundings are nearly black: choose a box in which there is something to be seen, please"


@pytest.mark.parametrize("size", [(160, 120), (506, 900), (640, 480), (1920, 1080)])
def test_messages_are_wrapped_and_none_is_dropped(size: tuple[int, int]) -> None:
    width, height = size
    sizes = Sizes.of(width, height)
    plates = wrapped(LONG, width, sizes)
    assert " ".join(plate.text for plate in plates) == LONG
    assert all(plate.width <= width for plate in plates)
    canvas = np.full((height, width, 3), 200, np.uint8)
    draw_texts(canvas, [LONG], sizes)
    assert (canvas != 200).any()
    assert fitting_plate(["x" * 400], width, sizes) is None
    assert "".join(plate.text for plate in wrapped("x" * 400, width, sizes)) == "x" * 400


def test_a_live_recording_is_started_and_stopped_by_a_key_and_shown(tmp_path: Path) -> None:
    image = np.full((480, 640, 3), 110, np.uint8)
    feed = HandFeed([image])
    badges: list[str] = []
    players: list[Player] = []

    def note() -> bool:
        feed.give(image)
        badges.append(players[0]._recorder.badge)
        return True

    screen = FakeScreen(note, Command.RECORD, note, note, note, Command.RECORD, note, QUIT)
    with LiveSource("cam", lambda: feed, QUICK) as source:
        players.append(Player(Session(source, targets=()), LivePlayback(source), screen, folder=tmp_path))
        with pytest.raises(SelectionCancelled):
            players[0].run()
    assert badges[0] == badges[-1] == ""
    assert badges[2].startswith("REC 0:0")
    assert [path.name for path in tmp_path.iterdir()] == ["recording-1.mp4"]


def test_a_mirrored_window_gives_boxes_of_the_frame(tmp_path: Path) -> None:
    run = Run(tmp_path, lambda: False)
    run.player._display._mirrored = True
    x, y, right, bottom = (SCALE * v for v in truth(0).xyxy)
    mirrored = [
        Pointer(Touch.PRESS, 640 - x, y),
        Pointer(Touch.MOVE, 640 - x - 5, y),
        Pointer(Touch.RELEASE, 640 - right, bottom),
    ]
    run.screen.script[:] = [lambda: bool(run.screen.shown), *mirrored, lambda: len(run.steps) > 2, QUIT]
    run.play()
    assert iou(run.session.tracks[0].result.box, truth(run.steps[-1].frame.index)) > 0.5
