from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import ROI, Cli, count_frames, picture, save

OUTPUTS = {
    "-o": "out.mp4",
    "--csv": "out.csv",
    "--jsonl": "out.jsonl",
    "--mot-output": "mot.txt",
    "--otb-output": "otb.txt",
    "--got-output": "got.txt",
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_output_has_every_frame(cli: Cli, folder: Path, tmp_path: Path) -> None:
    words = [word for option, name in OUTPUTS.items() for word in (option, tmp_path / name)]
    shown = cli("track", folder, "--roi", ROI, *words)
    assert shown.code == 0, shown.err
    assert shown.out == ""
    assert count_frames(tmp_path / "out.mp4") == 10
    assert len(rows_of(tmp_path / "out.csv")) == 10
    for name in ("out.jsonl", "mot.txt", "otb.txt", "got.txt"):
        assert len((tmp_path / name).read_text().splitlines()) == 10
    assert float(rows_of(tmp_path / "out.csv")[9]["x"]) == pytest.approx(37, abs=2)
    for name in OUTPUTS.values():
        assert str(tmp_path / name) in shown.err


@pytest.mark.parametrize("words", [("--end", "4"), ("--vid-stride", "4"), ("--start", "2", "--end", "6"), ()])
def test_files_whose_lines_are_counted_have_one_for_each_frame_of_the_video(
    words: tuple[str, ...], cli: Cli, folder: Path, tmp_path: Path
) -> None:
    outputs = (
        "--otb-output",
        tmp_path / "otb.txt",
        "--got-output",
        tmp_path / "got.txt",
        "--csv",
        tmp_path / "out.csv",
    )
    assert cli("track", folder, "--roi", ROI, *words, *outputs, "-q").code == 0
    seen = {int(row["frame"]) for row in rows_of(tmp_path / "out.csv")}
    for name in ("otb.txt", "got.txt"):
        lines = (tmp_path / name).read_text().splitlines()
        assert len(lines) == 10
        assert {index for index, line in enumerate(lines) if line != "nan,nan,nan,nan"} == seen


def test_the_summary_says_frames_speed_and_states(cli: Cli, folder: Path) -> None:
    first, states, *hints = cli("track", folder, "--roi", ROI).err.splitlines()
    assert len(hints) <= 1  # where nothing is written, the run says how to
    assert first.startswith("moving: 10 frames in ")
    assert "fps)" in first
    assert states == "  states   tracking 100.0%, occluded 0.0%, lost 0.0%"


def test_quiet_says_nothing(cli: Cli, folder: Path) -> None:
    shown = cli("track", folder, "--roi", ROI, "-q")
    assert (shown.code, shown.out, shown.err) == (0, "", "")


def test_verbose_tells_the_state_of_each_frame(cli: Cli, folder: Path) -> None:
    assert "debug: frame 9: tracking" in cli("track", folder, "--roi", ROI, "-v").err


def test_json_lines_to_stdout_are_all_there_is(cli: Cli, folder: Path) -> None:
    shown = cli("track", folder, "--roi", ROI, "--jsonl", "-")
    assert [json.loads(line)["frame"] for line in shown.out.splitlines()] == list(range(10))
    assert "written" not in shown.err


def test_percent_are_of_the_frame(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli("track", folder, "--roi", "25%, 50%,12.5%,10", "--csv", tmp_path / "a.csv")
    first = rows_of(tmp_path / "a.csv")[0]
    assert [float(first[name]) for name in "xywh"] == [24, 36, 12, 10]


def test_start_end_and_stride(cli: Cli, folder: Path, tmp_path: Path) -> None:
    words = ("--start", "2", "--end", "0.36s", "--vid-stride", "3")
    assert cli("track", folder, "--roi", "16,20,20,20", *words, "--csv", tmp_path / "a.csv").code == 0
    assert [row["frame"] for row in rows_of(tmp_path / "a.csv")] == ["2", "5", "8"]


def test_the_video_keeps_its_speed_with_a_stride(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli("track", folder, "--roi", ROI, "--vid-stride", "2", "-o", tmp_path / "a.mp4")
    assert count_frames(tmp_path / "a.mp4") == 5


def test_the_density_is_drawn_when_asked_for(cli: Cli, tmp_path: Path) -> None:
    source = "synth:smooth:frames=4:size=320x240"
    for name, words in (("plain.mp4", []), ("density.mp4", ["--density"])):
        assert cli("track", source, "--roi", "30%,30%,20%,20%", "-o", tmp_path / name, *words).code == 0
    assert (tmp_path / "plain.mp4").read_bytes() != (tmp_path / "density.mp4").read_bytes()


def test_settings_reach_the_tracker(cli: Cli, folder: Path, tmp_path: Path) -> None:
    words = ("-c", "classic", "--set", "size.min_scale=0.5", "--csv", tmp_path / "a.csv")
    assert cli("track", folder, "--roi", ROI, *words).code == 0
    assert rows_of(tmp_path / "a.csv")[5]["angle"] != ""


def test_overwrite_replaces(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    assert cli("track", folder, "--roi", ROI, "--csv", tmp_path / "a.csv", "--overwrite").code == 0
    assert len(rows_of(tmp_path / "a.csv")) == 10


@pytest.fixture
def vanishing(tmp_path: Path) -> Path:
    return save(tmp_path / "vanishing", [picture(10 + i if i < 5 else None) for i in range(12)])


LOSE_SOON = ("--set", "doubt.lost_after=0.1")


def test_strict_exits_with_5_if_the_target_is_lost_at_the_end(cli: Cli, vanishing: Path, tmp_path: Path) -> None:
    shown = cli("track", vanishing, "--roi", ROI, *LOSE_SOON, "--strict", "--csv", tmp_path / "a.csv")
    assert shown.code == 5
    assert shown.err.splitlines()[-1].startswith("error: the target is lost at the end")
    assert rows_of(tmp_path / "a.csv")[-1]["state"] == "lost"


def test_a_lost_target_is_no_error_without_strict(cli: Cli, vanishing: Path) -> None:
    assert cli("track", vanishing, "--roi", ROI, *LOSE_SOON).code == 0


def test_strict_is_content_with_a_target_that_is_there(cli: Cli, folder: Path) -> None:
    assert cli("track", folder, "--roi", ROI, "--strict").code == 0


def test_a_picture_of_another_size_in_a_folder_is_scaled_and_said(cli: Cli, tmp_path: Path) -> None:
    images: list[np.ndarray] = [picture(10 + i) for i in range(6)]
    mixed = save(tmp_path / "mixed", [*images, picture(16, width=80)])
    shown = cli("track", mixed, "--roi", ROI, "-o", tmp_path / "a.mp4", "--csv", tmp_path / "a.csv")
    assert shown.code == 0
    assert "80x72" in shown.err
    assert "scaled" in shown.err
    assert len(rows_of(tmp_path / "a.csv")) == 7
    assert count_frames(tmp_path / "a.mp4") == 7
