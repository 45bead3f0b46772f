"""No verb writes two of its results into one file, or into what it reads: one of them would be lost without a word."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.helpers import ROI, Cli, Outcome, picture


@pytest.fixture
def place(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the verbs run, with something to read for each."""
    monkeypatch.chdir(tmp_path)
    np.save("points.npy", np.zeros((4, 2)))
    cv2.imwrite("picture.png", picture(30))
    Path("box.csv").write_text("x,y,w,h\n10,20,20,20\n")
    Path("clips").mkdir()
    cv2.imwrite("clips/a.png", picture(30))
    return tmp_path


def refused(shown: Outcome, said: str) -> None:
    assert (shown.code, shown.out) == (6, "")
    assert said in shown.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("cluster", "points.npy", "-o", "q.csv", "--centers", "q.csv"), "q.csv"),
        (("cluster", "points.npy", "-o", "q.npy", "--centers", "moving/../q.npy"), "moving/../q.npy"),
        (("cluster", "points.npy", "-o", "q.csv", "--centers", "c.csv", "--plot", "link.png"), "link.png"),
        (("segment", "picture.png", "-o", "q.png", "--labels", "link.npy"), "link.npy"),
        (("track", "moving", "--roi", ROI, "--csv", "q.csv", "--motion", "./q.csv"), "./q.csv"),
        (("track", "moving", "--roi", ROI, "--at", "0", "--jsonl", "q.csv", "--motion", "q.csv"), "q.csv"),
        (("track", "moving", "--roi", ROI, "--both-ways", "--csv", "q.txt", "--otb-output", "q.txt"), "q.txt"),
    ],
)
def test_two_outputs_of_one_file_are_refused(cli: Cli, place: Path, words: tuple[str, ...], named: str) -> None:
    Path("link.png").symlink_to("q.csv")
    Path("link.npy").symlink_to("q.png")
    refused(cli(*words), f"two outputs go to {named}: give each its own file")
    assert not any(path.stem == "q" for path in place.iterdir())


@pytest.mark.parametrize("name", ["report", "report/index.html", "report/curves.png", "report/evaluation.json"])
def test_the_figures_of_an_evaluation_do_not_go_into_its_report(
    cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("tracker.evaluation.find_sequences", lambda folder: [])
    if "/" in name:
        Path("report").mkdir()
    refused(cli("eval", "clips", "--json", name, "--report", "report"), f"two outputs go to {name}")
    assert not any(Path("report").glob("*"))


@pytest.mark.parametrize(
    "words",
    [
        ("plot", "box.csv", "--source", "picture.png", "-o", "./picture.png"),
        ("convert", "box.csv", "picture.png", "--to", "otb", "--video", "picture.png"),
        ("cluster", "points.npy", "--centers", "./points.npy"),
        ("segment", "picture.png", "-o", "moving/../picture.png"),
        ("select", "picture.png", "--grid", "./picture.png"),
        ("measure", "box.csv", "-o", "./box.csv"),
    ],
)
def test_what_is_read_is_not_written(cli: Cli, place: Path, words: tuple[str, ...]) -> None:
    before = {path: path.read_bytes() for path in place.iterdir() if path.is_file()}
    shown = cli(*words, "--overwrite")
    assert shown.code == 6
    assert "input" in shown.err
    assert {path: path.read_bytes() for path in place.iterdir() if path.is_file()} == before
