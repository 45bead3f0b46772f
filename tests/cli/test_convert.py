from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import ROI, Cli

MOT = "1,1,11.00,21.00,20.00,20.00,0.5000,-1,-1,-1\n3,1,12.00,21.00,20.00,20.00,0.5000,-1,-1,-1\n"


@pytest.fixture
def mot(tmp_path: Path) -> Path:
    path = tmp_path / "clip.txt"
    path.write_text(MOT)
    return path


def test_there_and_back(cli: Cli, mot: Path, tmp_path: Path) -> None:
    done = cli("convert", mot, tmp_path / "a.csv", "--from", "mot")
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{tmp_path / 'a.csv'}: 2 boxes in 3 frames, this program's CSV\n"
    assert cli("convert", tmp_path / "a.csv", tmp_path / "b.txt", "--to", "mot").code == 0
    assert (tmp_path / "b.txt").read_text() == MOT


def test_own_results_to_yolo(cli: Cli, folder: Path, tmp_path: Path) -> None:
    table, labels = tmp_path / "moving.csv", tmp_path / "labels"
    assert cli("track", folder, "--roi", ROI, "--csv", table, "-q").code == 0
    assert cli("convert", table, labels, "--to", "yolo", "--video", folder).code == 0
    assert len(list(labels.glob("moving_*.txt"))) == 10
    assert (labels / "moving_1.txt").read_text() == "0 0.208333 0.416667 0.208333 0.277778 1.000000 1\n"


def test_what_is_said_of_the_video(cli: Cli, mot: Path, tmp_path: Path) -> None:
    words = ("--to", "coco", "--size", "640x480", "--fps", "12.5", "--frames", "7")
    assert cli("convert", mot, tmp_path / "a.json", "--from", "mot", *words).code == 0
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["videos"] == [{"id": 1, "name": "clip", "width": 640, "height": 480, "fps": 12.5}]
    assert len(document["images"]) == 7


def test_a_file_that_counts_from_zero_is_told_or_tells_it(cli: Cli, tmp_path: Path) -> None:
    zero, late = tmp_path / "zero.txt", tmp_path / "late.txt"
    zero.write_text("0,0,11,21,20,20,1,-1,-1,-1\n5,0,11,21,20,20,1,-1,-1,-1\n")
    late.write_text("5,1,11,21,20,20,1,-1,-1,-1\n")
    for source, words, frames in (
        (zero, (), ["0", "5"]),
        (late, (), ["4"]),
        (late, ("--first-frame", "0"), ["5"]),
    ):
        done = cli("convert", source, tmp_path / "out.csv", "--from", "mot", "--overwrite", *words)
        assert done.code == 0, done.err
        rows = (tmp_path / "out.csv").read_text().splitlines()[1:]
        assert [row.split(",")[0] for row in rows] == frames
        assert {row.split(",")[2] for row in rows} == {"0"}
    refused = cli("convert", zero, tmp_path / "out.csv", "--from", "mot", "--first-frame", "1", "--overwrite")
    assert (refused.code, "frame 0, but frames are counted from 1" in refused.err) == (3, True)


def test_what_a_run_wrote_as_json_lines_is_converted(cli: Cli, folder: Path, tmp_path: Path) -> None:
    lines, table, direct = tmp_path / "a.jsonl", tmp_path / "a.csv", tmp_path / "b.csv"
    assert cli("track", folder, "--roi", ROI, "--jsonl", lines, "--csv", direct, "-q").code == 0
    assert cli("convert", lines, table).code == 0
    assert table.read_text() == direct.read_text()
    assert cli("convert", table, tmp_path / "b.jsonl").code == 0
    before, after = (
        [json.loads(line) for line in path.read_text().splitlines()] for path in (lines, tmp_path / "b.jsonl")
    )
    assert [{**row, "reason": row["reason"] or None} for row in before] == after


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--to", "csv"), 2, "give --from with one of mot"),
        (("--from", "mot"), 2, "give --to with one of coco, label-studio"),
        (("--from", "mot", "--to", "coco"), 2, "needs the size of the frames"),
        (("--from", "mot", "--to", "coco", "--size", "640"), 2, "cannot read the size '640'"),
        (("--from", "mot", "--to", "coco", "--size", "0x5"), 2, "cannot read the size '0x5'"),
        (("--from", "mot", "--to", "coco", "--fps", "0"), 2, "--fps 0.0 is not possible"),
        (("--from", "mot", "--to", "coco", "--frames", "0"), 2, "--frames 0 is not possible"),
        (("--from", "mot", "--to", "coco", "--video", "missing.mp4"), 3, "missing.mp4"),
        (("--from", "otb", "--to", "csv"), 3, "clip.txt, line 1: 10 values"),
    ],
)
def test_what_is_not_possible(
    cli: Cli, mot: Path, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    done = cli("convert", mot, tmp_path / "a.json", *words)
    assert done.code == code
    assert message in done.err
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "a.json").exists()


def test_an_archive_is_named_like_one(cli: Cli, mot: Path, tmp_path: Path) -> None:
    done = cli("convert", mot, tmp_path / "out.xml", "--from", "mot", "--to", "cvat", "--size", "64x48")
    assert (done.code, list(tmp_path.glob("out.*"))) == (6, [])
    assert "out.xml has suffix '.xml', which names no known format: use one of .zip" in done.err


def test_files_are_not_overwritten(cli: Cli, mot: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    assert cli("convert", mot, tmp_path / "a.csv", "--from", "mot").code == 6
    assert (tmp_path / "a.csv").read_text() == "mine"
    assert cli("convert", mot, tmp_path / "a.csv", "--from", "mot", "--overwrite").code == 0
    assert cli("convert", mot, mot, "--from", "mot", "--to", "otb", "--overwrite").code == 6
    assert mot.read_text() == MOT
