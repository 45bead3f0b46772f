"""What is said of the files that were written: each is named, on a line of its own, and standard output is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.helpers import ROI, Cli, picture
from tracker.cli.terminal import as_line, say_written

WILD = "a\nwritten  b\x1b[31m"
SHOWN = r"a\nwritten  b\x1b[31m"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("größe 1.csv", "größe 1.csv"),
        (Path("out/a.csv"), "out/a.csv"),
        (WILD, SHOWN),
        ("a\r\tb\x9b1m\u202e.csv", r"a\r\tb\x9b1m\u202e.csv"),
        ("no\udcfftext", r"no\xfftext"),
    ],
)
def test_a_name_is_one_line_that_only_shows(name: str | Path, line: str) -> None:
    assert as_line(name) == line


def test_nothing_and_standard_output_are_no_files(capsys: pytest.CaptureFixture[str]) -> None:
    say_written(None, "-", Path("-"), "b.csv", WILD, quiet=False)
    assert capsys.readouterr().err == f"written  b.csv\nwritten  {SHOWN}\n"
    say_written("b.csv", quiet=True)
    assert capsys.readouterr().err == ""


def test_the_labels_of_a_picture_are_named(cli: Cli, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "in.png"), picture(30))
    words = ("segment", tmp_path / "in.png", "-o", tmp_path / "out.png", "--labels", tmp_path / "seg.npy")
    assert cli(*words).err == f"{tmp_path / 'out.png'}: 3 regions\nwritten  {tmp_path / 'seg.npy'}\n"
    assert cli(*words, "--overwrite", "-q").err == ""


@pytest.mark.parametrize("verb", [("reframe", "--roi", ROI, "--aspect", "1:1"), ("segment",), ("track", "--roi", ROI)])
def test_a_video_on_standard_output_is_no_file(folder: Path, verb: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "tracker", *verb, str(folder), "-o", "-"]
    done = subprocess.run(command, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert done.stderr.startswith(b"moving: 10 frames")
    assert b"written" not in done.stderr


def test_a_wild_name_is_shown_by_every_verb(
    cli: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("points.npy", np.zeros((4, 2)))
    for words in (
        ("cluster", "points.npy", "-o", f"{WILD}.npy"),
        ("track", folder, "--roi", ROI, "--csv", f"{WILD}.csv"),
        ("convert", f"{WILD}.csv", f"{WILD}.txt", "--to", "otb"),
        ("measure", f"{WILD}.csv", "-o", f"{WILD}.m.csv"),
        ("reframe", folder, "--roi", ROI, "--aspect", "1:1", "-o", f"{WILD}.mp4"),
        ("segment", folder, "-o", f"{WILD}.seg.mp4"),
    ):
        shown = cli(*words)
        assert shown.code == 0, shown.err
        assert f"{SHOWN}." in shown.err
        assert WILD not in shown.err
        again = cli(*words)
        assert (again.code, "\x1b" in again.err) == (6, False)
