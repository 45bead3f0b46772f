"""Switches of the picture, snapshots, settings."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.viewer.helpers import FRAMES, Run, drag, play, reached, truth
from tracker.config.reader import load_config
from tracker.errors import BoxError
from tracker.files import free_name
from tracker.geometry import iou
from tracker.session import Session
from tracker.viewer.keys import Command

QUIT, PAUSE = Command.QUIT, Command.PAUSE


def test_a_snapshot_is_a_picture_that_replaces_none(tmp_path: Path) -> None:
    play(tmp_path, *drag(truth(0)), PAUSE, Command.SNAPSHOT, Command.SNAPSHOT, QUIT)
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == 2
    image = cv2.imread(str(pictures[0]))
    assert image is not None
    assert image.shape == (240, 320, 3)


def test_a_snapshot_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    run = play(tmp_path / "missing", *drag(truth(0)), PAUSE, Command.SNAPSHOT, Command.WRITE_PRESET, QUIT)
    assert "cannot write" in run.player._display._message


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


def test_tuning_keeps_what_was_learned(tmp_path: Path) -> None:
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
    step = run[0].player._timeline.current
    assert step is not None
    display = run[0].player._display
    changed = display.picture(step, "")
    run[0].player._actions[switch]()
    if switch is Command.DENSITY:  # three layers
        run[0].player._actions[switch]()
    assert (changed != display.picture(step, "")).any()


def test_full_screen_goes_to_the_screen(tmp_path: Path) -> None:
    assert play(tmp_path, *drag(truth(0)), Command.FULL_SCREEN, QUIT).screen.full


def test_help_shows_in_the_window_and_in_no_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.viewer.display._REDRAW", 0.0)
    run = play(tmp_path, *drag(truth(0)), PAUSE, Command.SNAPSHOT, None, Command.HELP, None, Command.SNAPSHOT, QUIT)
    without, with_help = (cv2.imread(str(path)) for path in sorted(tmp_path.glob("*.png")))
    np.testing.assert_array_equal(without, with_help)
    shown = run.screen.shown
    middle = np.s_[200:280, 280:360]
    assert shown[-1][middle].mean() < 0.6 * shown[0][middle].mean()


def test_settings_that_cannot_be_used_where_the_target_is_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BoxError("the target is leaving the picture")

    monkeypatch.setattr(Session, "configure", refuse)
    run = play(tmp_path, *drag(truth(0)), PAUSE, Command.RAISE, QUIT)
    assert run.player._display._message == "the target is leaving the picture"


def test_a_free_name_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "a-1.png").touch()
    (tmp_path / "a-2.png").touch()
    assert free_name(tmp_path, "a", ".png") == tmp_path / "a-3.png"
