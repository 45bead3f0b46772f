"""demo, eval, config and doctor."""

from __future__ import annotations

import csv
import importlib
import json
import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.helpers import Cli, count_frames
from tracker.cli import health
from tracker.config.reader import load_config, preset_names
from tracker.evaluation.report import SortBy
from tracker.resources import resource_dir


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """One bundled clip with the first rows of its truth."""
    folder = tmp_path / "clips"
    folder.mkdir()
    shutil.copy(resource_dir("videos") / "juggle.mp4", folder)
    rows = (resource_dir("videos") / "juggle.csv").read_text().splitlines()
    (folder / "juggle.csv").write_text("\n".join(rows[:31]))
    return folder


def test_demo_says_where_how_fast_and_how_well(cli: Cli, tmp_path: Path) -> None:
    shown = cli("demo", "--out", tmp_path / "new" / "demo")
    assert shown.code == 0, shown.err
    said = dict(re.split(r"  +", line, maxsplit=1) for line in shown.out.splitlines())
    assert count_frames(Path(said["annotated video"])) == 300
    with Path(said["table"]).open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 300
    assert 0 < float(said["speed"].split()[0]) < 100
    assert 0.5 < float(said["mean overlap"].split()[0]) < 1
    assert cli("demo", "--out", tmp_path / "new" / "demo", "-q").code == 0  # a second time


def test_demo_into_a_place_that_is_no_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = cli("demo", "--out", tmp_path / "file")
    assert shown.code == 6
    assert shown.err.startswith("error: cannot make the folder")


def test_eval_prints_a_table(cli: Cli, clips: Path) -> None:
    shown = cli("eval", clips, "-c", "classic", "--set", "size.method=fixed")
    assert shown.code == 0, shown.err
    assert "classic size.method=fixed" in shown.out
    assert re.search(r"juggle +│ +29 │ 0\.\d", shown.out)


def test_eval_as_json_to_stdout(cli: Cli, clips: Path) -> None:
    shown = cli("eval", clips, "--json", "-", "--starts", "2")
    document = json.loads(shown.out)
    assert document["tracker"] == "fast"
    assert document["settings"] == load_config("fast").model_dump(mode="json")
    assert [run["start"] for run in document["sequences"]] == [0, 1, 2]
    assert "juggle" in shown.err


def test_eval_writes_json_and_report(cli: Cli, clips: Path, tmp_path: Path) -> None:
    words = ("--json", tmp_path / "a.json", "--report", tmp_path / "report")
    shown = cli("eval", clips, *words)
    assert shown.code == 0, shown.err
    assert json.loads((tmp_path / "a.json").read_text())["sequences"][0]["name"] == "juggle"
    assert (tmp_path / "report" / "index.html").is_file()
    assert str(tmp_path / "report" / "index.html") in shown.err


def test_eval_refuses_outputs_before_it_runs(cli: Cli, clips: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("mine")
    shown = cli("eval", clips, "--json", tmp_path / "a.json")
    assert shown.code == 6
    assert (tmp_path / "a.json").read_text() == "mine"
    assert cli("eval", clips, "--json", tmp_path / "a.json", "--overwrite").code == 0


def test_eval_exits_with_1_if_a_run_failed(cli: Cli, clips: Path) -> None:
    (clips / "juggle.mp4").write_bytes(b"")
    shown = cli("eval", clips)
    assert shown.code == 1
    assert "is empty (0 bytes)" in " ".join(shown.out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--sort", "size"], "choose from name"), (["--jobs", "0"], "jobs is 0"), (["--starts", "-1"], "starts is -1")],
)
def test_eval_with_wrong_words(cli: Cli, clips: Path, words: list[str], said: str) -> None:
    shown = cli("eval", clips, *words)
    assert shown.code == 2
    assert said in shown.err


def test_eval_of_a_folder_without_sequences(cli: Cli, tmp_path: Path) -> None:
    assert cli("eval", tmp_path).code == 2
    assert cli("eval", tmp_path / "missing").code == 2


def test_the_help_of_eval_names_every_order(cli: Cli) -> None:
    shown = cli("eval", "--help").out
    assert all(key.value in shown for key in SortBy)


def test_config_show_is_a_file_that_loads(cli: Cli, tmp_path: Path) -> None:
    shown = cli("config", "show", "classic", "--set", "size.damping=0.2")
    (tmp_path / "own.yaml").write_text(shown.out)
    assert load_config(tmp_path / "own.yaml") == load_config("classic", ["size.damping=0.2"])
    assert cli("config", "show").out == cli("config", "show", "fast").out


def test_config_validate(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good").write_text("preset: fast\nsize: {damping: 0.2}\n")
    Path("bad.yaml").write_text("size: {damping: 9}\n")
    assert cli("config", "validate", "good").out == "good is valid\n"
    assert cli("config", "validate", "bad.yaml").code == 2
    assert cli("config", "validate", "missing.yaml").code == 2


def test_config_list_names_every_preset(cli: Cli) -> None:
    lines = cli("config", "list").out.splitlines()
    assert [line.split()[0] for line in lines] == preset_names()
    assert [line for line in lines if line.endswith("(the default)")] == [line for line in lines if line[:4] == "fast"]


def test_doctor_finds_this_environment_sound(cli: Cli) -> None:
    shown = cli("doctor")
    assert shown.code == 0, shown.out
    assert all(line.startswith("ok ") for line in shown.out.splitlines())
    assert len(shown.out.splitlines()) == len(health.CHECKS)


def doctored(cli: Cli, topic: str) -> tuple[int, str]:
    shown = cli("doctor")
    (line,) = [line for line in shown.out.splitlines() if line[8:].startswith(f"{topic} ")]
    return shown.code, line


def test_doctor_sees_wheels_that_clash(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_version", lambda name: "4.9.0")
    code, line = doctored(cli, "OpenCV wheels")
    assert code == 1
    assert line.startswith("BROKEN")
    assert "opencv-python 4.9.0 and opencv-python-headless 4.9.0" in line


def test_doctor_sees_missing_libraries(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_version", lambda name: None if name == "rich" else "1.0")
    assert doctored(cli, "libraries") == (1, "BROKEN  libraries       rich missing: pip install meanshift-tracker")


@pytest.mark.parametrize(
    ("module", "said"),
    [(None, "cannot be imported"), (SimpleNamespace(), "empty shell")],
)
def test_doctor_sees_an_opencv_that_does_not_work(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, module: object, said: str
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", module)
    code, line = doctored(cli, "cv2")
    assert code == 1
    assert said in line


def test_doctor_sees_a_missing_ffmpeg(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    ffmpeg = importlib.import_module("imageio_ffmpeg")

    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.setattr(ffmpeg, "get_ffmpeg_version", missing)
    code, line = doctored(cli, "ffmpeg")
    assert code == 1
    assert "No ffmpeg exe could be found" in line


@pytest.mark.parametrize(
    ("platform", "environment", "said"),
    [
        ("linux", {}, "none"),
        ("linux", {"DISPLAY": ":7"}, "DISPLAY=:7"),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, "WAYLAND_DISPLAY=wayland-0"),
        ("darwin", {}, "the desktop's"),
    ],
)
def test_the_display_is_probed_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], said: str
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    (display,) = [finding for finding in health.findings() if finding.topic == "display"]
    assert said in display.text
    assert not display.broken


def test_cameras_are_listed_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "video0").mkdir()
    (tmp_path / "video0" / "name").write_text("Desk Camera\n")
    (tmp_path / "video1").mkdir()
    monkeypatch.setattr(health, "CAMERAS", tmp_path)
    (cameras,) = [finding for finding in health.findings() if finding.topic == "cameras"]
    assert cameras.text == "video0 Desk Camera, video1"
