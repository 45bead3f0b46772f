"""What keys and mouse do, over real files and a real tracker, with a screen that plays a script."""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from player_fakes import Act, FakeScreen, drag_in_view

from tracker.config.reader import load_config
from tracker.errors import BoxError, SelectionCancelled
from tracker.geometry import Box, iou
from tracker.output.base import Sink
from tracker.output.clock import Clock
from tracker.output.drag import Pointer, Touch
from tracker.output.keys import Command
from tracker.output.tables import CsvSink
from tracker.player.player import Player
from tracker.player.supply import FileSupply
from tracker.session import RunSummary, Session, Step
from tracker.video.base import FrameSource
from tracker.video.seekable import Seekable
from tracker.video.sources import open_source

FRAMES = 90
drag = functools.partial(drag_in_view, scale=2.0)
SCENE = f"synth:smooth:frames={FRAMES}:size=320x240:fps=30"
QUIT, PAUSE = Command.QUIT, Command.PAUSE


@functools.cache
def scene() -> tuple[list[np.ndarray], list[Box]]:
    """The frames of the scene and where its target is."""
    with open_source(SCENE) as source:
        images = [frame.image for frame in source]
        return images, [source.truth(k) for k in range(FRAMES)]  # type: ignore[attr-defined]


def open_scene(start: float | None = None) -> FrameSource:
    return open_source(scene()[0], start=start, fps=30.0)


def truth(index: int) -> Box:
    return scene()[1][index]


class Run:
    """One run of the player over the scene."""

    def __init__(self, folder: Path, *script: Act, roi: Box | None = None, sinks: tuple[Sink, ...] = ()) -> None:
        self.steps: list[Step] = []
        self.screen = FakeScreen(*script)
        source = Seekable(open_scene(), open_scene)
        self.session = Session(source, roi, sinks=sinks)
        supply = FileSupply(source, Clock(0.0))
        self.player = Player(self.session, supply, self.screen, folder=folder, on_step=self.steps.append)

    def play(self) -> RunSummary:
        return self.player.run()

    @property
    def indices(self) -> list[int]:
        return [step.frame.index for step in self.steps]


def reached(run: list[Run], index: int) -> Callable[[], bool]:
    return lambda: bool(run[0].steps) and run[0].steps[-1].frame.index >= index


def play(folder: Path, *script: Act, roi: Box | None = None, sinks: tuple[Sink, ...] = ()) -> Run:
    run = Run(folder, *script, roi=roi, sinks=sinks)
    run.play()
    return run


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


def test_escape_cancels_a_drag_and_then_quits(tmp_path: Path) -> None:
    press, *_, release = drag(truth(0))
    run = play(tmp_path, press, Command.CANCEL, release, *drag(truth(0)), None, Command.CANCEL)
    assert run.session.summary.frames > 0


def test_a_box_that_cannot_be_learnt_from_is_said_and_another_can_be_chosen(tmp_path: Path) -> None:
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
    source = Seekable(open_source(dark), lambda start: open_source(dark, start=start))
    session = Session(source)
    assert Player(session, FileSupply(source, Clock(0.0)), screen).run().frames == 5


def test_pause_holds_the_frame_and_stepping_goes_one_by_one(tmp_path: Path) -> None:
    run: list[Run] = []
    script = [*drag(truth(0)), reached(run, 10), PAUSE, *[None] * 5, Command.STEP, Command.STEP, *[None] * 5, QUIT]
    run.append(Run(tmp_path, *script))
    run[0].play()
    paused_at = run[0].player._playback.current
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
        current = run[0].player._playback.current
        assert current is not None
        past.append(current.frame.index)
        run[0].screen._script[1:1] = [*drag(truth(current.frame.index)), lambda: False]
        return True

    script = [*drag(truth(0)), reached(run, 20), PAUSE, *[Command.STEP_BACK] * 8, look]
    run.append(Run(tmp_path, *script, sinks=(CsvSink(table),)))
    run[0].play()
    assert run[0].indices.count(past[0] + 1) == 2  # tracked again from there
    assert run[0].indices[-1] == FRAMES - 1
    assert iou(run[0].steps[-1].tracks[0].result.box, truth(FRAMES - 1)) > 0.5
    with table.open(newline="") as file:  # what was written stays, and nothing comes twice
        assert [int(row["frame"]) for row in csv.DictReader(file)] == list(range(FRAMES))


def test_jumping(tmp_path: Path) -> None:
    run: list[Run] = []
    script = [*drag(truth(0)), reached(run, 40), PAUSE, Command.BACKWARD, None, Command.FORWARD, None, QUIT]
    run.append(Run(tmp_path, *script))
    run[0].play()
    assert 0 in run[0].indices[30:]  # back to the beginning; forward there is nothing
    assert run[0].player._playback.current is not None
    assert run[0].player._playback.current.frame.index == 0


def test_reselecting_stops_and_goes_on_with_the_new_target(tmp_path: Path) -> None:
    run: list[Run] = []

    def choose() -> bool:
        frame = run[0].steps[-1].frame.index
        run[0].screen._script[1:1] = [*[None] * 5, *drag(truth(frame)), lambda: False]
        return True

    script = [*drag(Box(5, 5, 30, 30)), reached(run, 10), Command.RESELECT, choose]
    run.append(Run(tmp_path, *script))
    run[0].play()
    assert iou(run[0].steps[-1].tracks[0].result.box, truth(FRAMES - 1)) > 0.5


def test_cancelling_a_reselection_goes_on(tmp_path: Path) -> None:
    run: list[Run] = []
    script = [*drag(truth(0)), reached(run, 5), Command.RESELECT, None, Command.CANCEL, lambda: False]
    run.append(Run(tmp_path, *script))
    assert run[0].play().frames == FRAMES


def test_a_snapshot_is_a_picture_that_replaces_none(tmp_path: Path) -> None:
    play(tmp_path, *drag(truth(0)), PAUSE, Command.SNAPSHOT, Command.SNAPSHOT, QUIT)
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == 2
    image = cv2.imread(str(pictures[0]))
    assert image is not None
    assert image.shape == (240, 320, 3)


def test_a_snapshot_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    run = play(tmp_path / "missing", *drag(truth(0)), PAUSE, Command.SNAPSHOT, Command.WRITE_PRESET, QUIT)
    assert "cannot write" in run.player._stage._message


def test_settings_are_tuned_and_written_as_a_preset(tmp_path: Path) -> None:
    before = load_config().search.margin
    script = [*drag(truth(0)), PAUSE, Command.NEXT_SETTING, Command.RAISE, Command.RAISE, Command.WRITE_PRESET, QUIT]
    run = play(tmp_path, *script)
    written = load_config(tmp_path / "preset-1.yaml")
    assert written == run.session.config
    assert written.search.margin > 1.15 * before


def test_a_setting_goes_as_far_as_it_goes(tmp_path: Path) -> None:
    run = play(tmp_path, *drag(truth(0)), PAUSE, *[Command.RAISE] * 60, QUIT)
    assert 7 < run.session.config.search.margin <= 8


def test_tuning_keeps_what_was_learnt(tmp_path: Path) -> None:
    run: list[Run] = []
    script = [*drag(truth(0)), reached(run, 10), Command.LOWER, lambda: False]
    run.append(Run(tmp_path, *script))
    assert run[0].play().frames == FRAMES
    assert iou(run[0].steps[-1].tracks[0].result.box, truth(FRAMES - 1)) > 0.5


@pytest.mark.parametrize("switch", [Command.DENSITY, Command.HISTOGRAM, Command.CURVE, Command.TRAIL])
def test_switches_change_the_picture(switch: Command, tmp_path: Path) -> None:
    run: list[Run] = []
    wait = [None] * 20
    script = [*drag(truth(0)), reached(run, 10), PAUSE, *wait, switch, *wait, QUIT]
    run.append(Run(tmp_path, *script))
    run[0].play()
    step = run[0].player._playback.current
    assert step is not None
    stage = run[0].player._stage
    changed = stage.picture(step, "")
    run[0].player._actions[switch]()
    if switch is Command.DENSITY:  # three layers
        run[0].player._actions[switch]()
    assert (changed != stage.picture(step, "")).any()


def test_full_screen_goes_to_the_screen(tmp_path: Path) -> None:
    assert play(tmp_path, *drag(truth(0)), Command.FULL_SCREEN, QUIT).screen.full


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
