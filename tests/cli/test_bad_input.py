from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import ROI, Cli, Outcome, picture, save

USAGE, SOURCE, OUTPUT = 2, 3, 6


def check(shown: Outcome, code: int, said: str) -> None:
    """One line, its exit code, and nothing on stdout."""
    assert shown.code == code, shown.err
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert shown.err.startswith("error: ")
    assert said in shown.err


@pytest.fixture
def place(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with good and bad files, and the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("zero.mp4").touch()
    Path("text.mp4").write_text("no video at all\n")
    Path("empty").mkdir()
    Path("taken.csv").write_text("mine")
    Path("bad.yaml").write_text("size: [1")
    Path("list.yaml").write_text("- 1")
    Path("unknown.yaml").write_text("size: {methd: fixed}")
    save(tmp_path / "black", [np.zeros((72, 96, 3), np.uint8)] * 3)
    save(tmp_path / "one", [picture(10)])
    return tmp_path


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("missing.mp4", "does not exist"),
        ("zero.mp4", "is empty (0 bytes)"),
        ("text.mp4", "is a text file"),
        ("empty", "holds no images"),
        ("img_%03d.png", "no file is named like"),
        ("none*.png", "no image matches"),
        ("ftp://host/x", "ftp://"),
    ],
)
def test_source(cli: Cli, place: Path, source: str, said: str) -> None:
    check(cli("track", source, "--roi", ROI, "--csv", "new.csv"), SOURCE, said)
    assert not Path("new.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "where is the target?"),
        (["--roi", ROI, "--roi-file", "x"], "give one of them"),
        (["--roi", "1,2,3"], "cannot read the box '1,2,3'"),
        (["--roi", "a,b,c,d"], "cannot read the box"),
        (["--roi", "1%%,2,3,4"], "cannot read the box"),
        (["--roi", ""], "cannot read the box"),
        (["--roi", "10,20,0,20"], "is empty"),
        (["--roi", "10,20,-5,20"], "is empty"),
        (["--roi", "nan,20,5,20"], "is not finite"),
        (["--roi", "500,20,20,20"], "outside the 96x72 frame"),
        (["--roi", "110%,0%,20%,20%"], "outside the 96x72 frame"),
        (["--roi", "94,20,20,20"], "at least 3x3"),
    ],
)
def test_box(cli: Cli, place: Path, words: list[str], said: str) -> None:
    check(cli("track", "moving", *words, "--csv", "new.csv"), USAGE, said)
    assert not Path("new.csv").exists()


def test_a_box_that_is_wrong_leaves_the_old_output_alone(cli: Cli, place: Path) -> None:
    check(cli("track", "moving", "--roi", "500,0,9,9", "--csv", "taken.csv", "--overwrite"), USAGE, "outside")
    assert Path("taken.csv").read_text() == "mine"


def test_black_target(cli: Cli, place: Path) -> None:
    check(cli("track", "black", "--roi", ROI), USAGE, "black")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-c", "fsat"], "did you mean fast"),
        (["-c", "missing.yaml"], "no configuration file"),
        (["-c", "bad.yaml"], "is not YAML"),
        (["-c", "list.yaml"], "is a mapping"),
        (["-c", "unknown.yaml"], "did you mean size.method"),
        (["--set", "size.methd=fixed"], "did you mean size.method"),
        (["--set", "size.method"], "key=value"),
        (["--set", "size.damping=many"], "size.damping"),
        (["--set", "size.damping=7"], "size.damping"),
        (["--start", "soon"], "is no position"),
        (["--start", "5", "--end", "5"], "not before end"),
        (["--vid-stride", "0"], "stride 0"),
    ],
)
def test_configuration(cli: Cli, place: Path, words: list[str], said: str) -> None:
    check(cli("track", "moving", "--roi", ROI, *words), USAGE, said)


def test_a_start_behind_the_end(cli: Cli, place: Path) -> None:
    check(cli("track", "moving", "--roi", ROI, "--start", "99", "--csv", "new.csv"), SOURCE, "ends after 10 frames")
    assert not Path("new.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--csv", "taken.csv"], "exists already: use --overwrite"),
        (["--csv", "one/000.png", "--overwrite"], "is the input itself"),
        (["-o", "out.xyz"], "names no known format"),
        (["-o", "out"], "no suffix"),
        (["-o", "one.png"], "write a place for the number"),
        (["-o", "no/such/folder.mp4"], "does not exist: create it"),
        (["--csv", "empty"], "is a folder"),
        (["--csv", "a.txt", "--mot-output", "./a.txt"], "two outputs go to"),
        (["--csv", "-", "--jsonl", "-"], "two outputs go to -"),
    ],
)
def test_output(cli: Cli, place: Path, words: list[str], said: str) -> None:
    check(cli("track", "one/000.png", "--roi", ROI, *words), OUTPUT, said)
    assert Path("taken.csv").read_text() == "mine"


def test_a_full_disk_in_mid_run(cli: Cli, place: Path) -> None:
    shown = cli("track", "moving", "--roi", ROI, "--jsonl", "/dev/full", "--csv", "new.csv")
    assert shown.code == OUTPUT
    assert shown.err.splitlines()[-1].startswith("error: cannot write /dev/full: No space left on device")
    assert len(Path("new.csv").read_text().splitlines()) == 2  # the header, and the frame in which it happened


def test_an_output_is_refused_before_any_frame_is_decoded(
    cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.video.recording.Recording.__iter__", lambda self: pytest.fail("a frame was read"))
    check(cli("track", "synth:smooth", "--roi", ROI, "--csv", "taken.csv"), OUTPUT, "exists already")
