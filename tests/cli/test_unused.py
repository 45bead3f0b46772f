"""What does nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import ROI, Cli


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--reconnect", "3"], "--reconnect has no effect: "),
        (["--camera-fps", "30"], "is no camera or stream"),
        (["--speed", "2"], "--speed has no effect: no window opens"),
        (["--several"], "--several has no effect"),
        (["--draw", "box"], "--draw has no effect: no video is written"),
        (["--density"], "--density has no effect"),
        (["--no-audio"], "--no-audio has no effect"),
    ],
)
def test_an_option_without_effect_is_said(cli: Cli, folder: Path, tmp_path: Path, words: list[str], said: str) -> None:
    shown = cli("track", folder, "--roi", ROI, "--csv", tmp_path / "a.csv", *words)
    assert (shown.code, said in shown.err) == (0, True), shown.err
    assert shown.err.count("has no effect") == 1


def test_a_rate_for_what_has_one_is_said(cli: Cli) -> None:
    shown = cli("track", "synth:smooth:frames=3:size=160x120", "--roi", ROI, "--fps", "30")
    assert shown.code == 0
    assert "has no effect: synth:smooth:frames=3:size=160x120 has a frame rate of its own" in shown.err


def test_without_any_nothing_is_said(cli: Cli, folder: Path, tmp_path: Path) -> None:
    words = ["-o", tmp_path / "a.mp4", "--draw", "box", "--density"]
    assert "effect" not in cli("track", folder, "--roi", ROI, *words).err


def test_a_run_that_keeps_nothing_says_so(cli: Cli, folder: Path) -> None:
    assert "written  nothing" in cli("track", folder, "--roi", ROI).err


def test_quiet_and_verbose_are_opposite_things(cli: Cli, folder: Path) -> None:
    shown = cli("track", folder, "--roi", ROI, "-q", "-v")
    assert (shown.code, "opposite things" in shown.err) == (2, True)
