"""Targets that start by themselves on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import pytest

from tests.cli.helpers import Cli, count_frames, save
from tests.movers import ground, noisy, pictures, visitors, with_balls
from tracker.formats.csv_table import COLUMNS
from tracker.image import Image


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@pytest.fixture
def balls(tmp_path: Path) -> Path:
    """Twenty pictures with two orange balls and a blue one."""

    def image(index: int) -> Image:
        orange = with_balls(ground(), [(60.0 + 2 * index, 40.0, 12.0), (250.0, 60.0 + index, 15.0)])
        return noisy(with_balls(orange, [(100.0, 140.0, 13.0)], (200, 60, 0)), index)

    return save(tmp_path / "balls", [image(index) for index in range(20)])


def test_motion(cli: Cli, tmp_path: Path) -> None:
    scene = visitors(1, frames=75, width=320)
    folder = save(tmp_path / "visitors", list(pictures(scene)))
    rows, video = tmp_path / "out.csv", tmp_path / "out.mp4"
    shown = cli("track", folder, "--auto", "motion", "--csv", rows, "-o", video)
    assert shown.code == 0, shown.err
    assert "75 frames" in shown.err
    assert "targets  1\n  states   tracking" in shown.err
    assert {(row["id"], row["label"]) for row in table(rows)} == {("0", "motion")}
    assert count_frames(video) == 75


def test_color_beside_a_named_target(cli: Cli, balls: Path, tmp_path: Path) -> None:
    rows, mot = tmp_path / "out.jsonl", tmp_path / "mot.txt"
    options = ("--roi", "blue=87,127,26,26", "--auto", "color=#FF8800", "--jsonl", rows, "--mot-output", mot)
    assert cli("track", balls, *options, "-q").code == 0
    seen = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    assert {(row["id"], row["label"]) for row in seen} == {(0, "blue"), (1, "color"), (2, "color")}
    assert {line.split(",")[1] for line in mot.read_text().splitlines()} == {"1", "2", "3"}


@pytest.mark.parametrize("roi", ["87,127,26,26", None])
def test_the_picture_of_a_thing_with_and_without_a_box(cli: Cli, balls: Path, tmp_path: Path, roi: str | None) -> None:
    thing = cv2.imread(str(balls / "000.png"))
    assert thing is not None
    cv2.imwrite(str(tmp_path / "ball.png"), thing[28:52, 48:72])
    named = () if roi is None else ("--roi", roi)
    out = tmp_path / "out.csv"
    assert cli("track", balls, *named, "--auto", f"color={tmp_path / 'ball.png'}", "--csv", out, "-q").code == 0
    assert {row["label"] for row in table(out)} == ({"color"} if roi is None else {"", "color"})


def test_finding_nothing_is_no_error(cli: Cli, balls: Path, tmp_path: Path) -> None:
    rows, video = tmp_path / "out.csv", tmp_path / "out.mp4"
    shown = cli("track", balls, "--auto", "color=FF00FF", "--csv", rows, "-o", video, "--strict")
    assert shown.code == 0, shown.err
    assert "balls: 20 frames" in shown.err
    assert "  targets  nothing was found\n" in shown.err
    assert "states" not in shown.err
    assert rows.read_text("utf-8") == ",".join(COLUMNS) + "\n"
    assert count_frames(video) == 20


@pytest.mark.parametrize(("named", "code"), [((), 0), (("--roi", "{box}"), 5)])
def test_strict_counts_only_those_that_a_person_named(
    cli: Cli, tmp_path: Path, named: tuple[str, ...], code: int
) -> None:
    shown = [noisy(with_balls(ground(), [(100.0, 90.0, 16.0)]), index) for index in range(12)]
    folder = save(tmp_path / "gone", [*shown, *(noisy(ground(), index) for index in range(30))])
    box = [option.format(box="84,74,32,32") for option in named]
    ran = cli("track", folder, *box, "--auto", "color=FF8800", "--strict", "--csv", tmp_path / "out.csv")
    assert ran.code == code, ran.err
    assert table(tmp_path / "out.csv")[-1]["state"] == "lost"


@pytest.mark.parametrize(
    ("auto", "message"),
    [
        ("faces", "nothing starts by itself on 'faces': write motion, color=orange, color=RRGGBB or color=PICTURE"),
        ("color=orangey", "'orangey' is no color: write six hexadecimal digits"),
        ("color=gone.png", "gone.png cannot be read (No such file or directory): check the path"),
        ("motion=fast", "motion takes nothing after it"),
    ],
)
def test_wrong_use_has_one_clear_line_and_writes_nothing(
    cli: Cli, balls: Path, tmp_path: Path, auto: str, message: str
) -> None:
    shown = cli("track", balls, "--auto", auto, "--csv", tmp_path / "out.csv", "-q")
    assert shown.code == 2
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


def test_only_one_thing_to_start_on(cli: Cli, balls: Path, tmp_path: Path) -> None:
    shown = cli("track", balls, "--auto", "motion", "--auto", "color=FF8800", "--csv", tmp_path / "out.csv")
    assert shown.code == 2
    assert shown.err == "error: --auto was given 2 times: give one, and name other targets with --roi\n"


def test_a_format_of_one_target_refuses_the_second(cli: Cli, balls: Path, tmp_path: Path) -> None:
    shown = cli("track", balls, "--auto", "color=FF8800", "--otb-output", tmp_path / "out.txt", "-q")
    assert shown.code == 6
    assert "hold one target" in shown.err
