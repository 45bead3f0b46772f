from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.helpers import Cli
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.registry import FORMATS
from tracker.geometry import Box
from tracker.tracking.result import TrackState


def falling(number: int = 0, label: str = "", count: int = 40, fps: float = 100.0) -> list[Annotation]:
    """A target that falls with 9.81 m/s² at 200 pixels a meter, hidden for five frames."""
    rows = []
    for n in range(count):
        y = 40 + 100 * 9.81 * (n / fps) ** 2
        state = TrackState.LOST if 30 <= n < 35 else TrackState.TRACKING
        rows.append(Annotation(n, number, Box(100 + 60 * number, y, 20, 20), label, 0.9, state, n / fps))
    return rows


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "box.csv"
    FORMATS["csv"].write(AnnotatedVideo.of([*falling(), *falling(1, "bob")], VideoMeta()), path)
    return path


def test_it_prints_what_the_motion_comes_to(cli: Cli, table: Path) -> None:
    shown = cli("measure", table, "--scale", "1m=200px", "--y-up", "--target", "bob")
    assert (shown.code, shown.err) == (0, "")
    assert "bob: 40 frames, seen in 87.5%" in shown.out
    assert "-9.81) ±" in shown.out
    assert "m/s²" in shown.out
    assert "Savitzky-Golay, window 31 frames, degree 3" in shown.out


def test_it_writes_a_row_a_frame(cli: Cli, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "motion.csv"
    assert cli("measure", table, "--scale", "1m=200px", "--window", "7", "-o", out, "-q").out == ""
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert len(rows) == 80
    assert float(rows[15]["ay"]) == pytest.approx(9.81, rel=0.01)
    assert (rows[32]["state"], rows[32]["y"], rows[32]["unit"]) == ("lost", "", "m")


def test_it_names_what_it_has_written(cli: Cli, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "motion.csv"
    assert cli("measure", table, "-o", out).err == f"written  {out}\n"
    assert cli("measure", table, "-o", "-", "-q").err == ""


def test_stdout_has_the_table_alone(cli: Cli, table: Path) -> None:
    shown = cli("measure", table, "-o", "-")
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert len(rows) == 80
    assert "derivatives" in shown.err


def test_slow_motion(cli: Cli, table: Path) -> None:
    shown = cli("measure", table, "--scale", "1m=200px", "--fps-true", "200", "--target", "0")
    assert "39.24)" in shown.out  # twice as fast, four times the acceleration


def test_a_table_without_times_needs_a_rate(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "box.txt"
    FORMATS["mot"].write(AnnotatedVideo.of(falling(), VideoMeta()), path)
    shown = cli("measure", path, "--from", "mot")
    assert (shown.code, "--fps" in shown.err) == (2, True)
    assert cli("measure", path, "--from", "mot", "--fps-true", "100").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scale", "big"], "no scale"),
        (["--origin", "1"], "no place"),
        (["--window", "8"], "odd number"),
        (["--order", "9"], "2 to 5"),
        (["--point", "middle"], "choose from center"),
        (["--fps-true", "0"], "above 0"),
        (["--target", "eve"], "choose from 0, 1, bob"),
        (["--from", "nonsense"], "no format"),
    ],
)
def test_what_is_not_possible_is_told(cli: Cli, table: Path, words: list[str], said: str) -> None:
    shown = cli("measure", table, *words)
    assert shown.code == 2
    assert said in shown.err


def test_the_table_itself_is_never_written(cli: Cli, table: Path) -> None:
    before = table.read_bytes()
    for verb in ("measure", "plot"):
        assert cli(verb, table, "-o", table, "--overwrite").code == 6
    assert table.read_bytes() == before
