"""A box is read off where there is no window."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from tests.cli.helpers import Cli


def test_the_picture_is_written_with_a_grid(cli: Cli, tmp_path: Path) -> None:
    place = tmp_path / "grid.png"
    shown = cli("select", "synth:smooth:frames=3:size=160x120", "--grid", place, "--at", "1")
    assert (shown.code, shown.out) == (0, "")
    assert f"written  {place}" in shown.err
    assert cv2.imread(str(place)).shape == (720, 960, 3)
    again = cli("select", "synth:smooth:frames=3:size=160x120", "--grid", place)
    assert (again.code, "use --overwrite" in again.err) == (6, True)


def test_without_a_display_the_grid_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    shown = cli("select", "synth:smooth:frames=3:size=160x120")
    assert shown.code == 3
    assert "--grid grid.png writes the picture" in shown.err
    assert "--roi" not in shown.err
