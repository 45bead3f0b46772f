from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from tests.cli.helpers import ROI, Cli


@pytest.fixture
def table(cli: Cli, folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "box.csv"
    assert cli("track", folder, "--roi", ROI, "--csv", path, "-q").code == 0
    return path


def test_the_figure_is_named_after_the_table(cli: Cli, table: Path) -> None:
    shown = cli("plot", table)
    assert shown.code == 0
    assert "box.png" in shown.err
    assert cv2.imread(str(table.with_suffix(".png"))).shape[1] == 1400
    assert cli("plot", table).code == 6  # it exists now


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_with_the_first_frame_in_any_format(cli: Cli, table: Path, folder: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"figure{suffix}"
    assert cli("plot", table, "--source", folder, "-o", out, "--panels", "speed,angle", "-q").code == 0
    assert out.stat().st_size > 2000


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--panels", "sped"], 2, "no panel"),
        (["-o", "figure.bmp"], 6, ".svg"),
        (["--source", "missing.mp4"], 3, "does not exist"),
    ],
)
def test_what_is_not_possible_is_told(cli: Cli, table: Path, words: list[str], code: int, said: str) -> None:
    shown = cli("plot", table, *words)
    assert shown.code == code
    assert said in shown.err
