from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.helpers import Cli
from tracker.cli import doctor
from tracker.errors import DisplayError


def test_doctor_finds_this_environment_sound(cli: Cli) -> None:
    shown = cli("doctor")
    assert shown.code == 0, shown.out
    assert all(line.startswith("ok ") for line in shown.out.splitlines())
    assert len(shown.out.splitlines()) == len(doctor.CHECKS)


def doctored(cli: Cli, topic: str) -> tuple[int, str]:
    shown = cli("doctor")
    (line,) = [line for line in shown.out.splitlines() if line[8:].startswith(f"{topic} ")]
    return shown.code, line


def test_doctor_sees_wheels_that_clash(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_version", lambda name: "4.9.0")
    code, line = doctored(cli, "OpenCV wheels")
    assert code == 1
    assert line.startswith("BROKEN")
    assert "opencv-python 4.9.0 and opencv-python-headless 4.9.0" in line


def test_doctor_sees_missing_libraries(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_version", lambda name: None if name == "rich" else "1.0")
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
    ("platform", "error", "said"),
    [
        ("linux", "the display :7 refuses (No protocol specified): check XAUTHORITY", "none (the display :7 refuses"),
        ("linux", "", "DISPLAY=:7, 1280x800"),
        ("darwin", "", "the desktop's"),
    ],
)
def test_the_display_is_what_a_window_finds(
    monkeypatch: pytest.MonkeyPatch, platform: str, error: str, said: str
) -> None:
    def check() -> None:
        if error:
            raise DisplayError(error)

    monkeypatch.setattr("tracker.viewer.desktop.check_display", check)
    monkeypatch.setattr("tracker.viewer.desktop.screen_size", lambda: (1280, 800))
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(sys, "platform", platform)
    (display,) = [finding for finding in doctor.findings() if finding.topic == "display"]
    assert display.text.startswith(said)
    assert not display.broken


def test_cameras_are_listed_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "video0").mkdir()
    (tmp_path / "video0" / "name").write_text("Desk Camera\n")
    (tmp_path / "video1").mkdir()
    monkeypatch.setattr(doctor, "CAMERAS", tmp_path)
    (cameras,) = [finding for finding in doctor.findings() if finding.topic == "cameras"]
    assert cameras.text == "video0 Desk Camera, video1"


@pytest.mark.parametrize("source", ["videos/grey.mp4", "none.mp4"])
def test_doctor_of_a_file_says_what_probe_says(cli: Cli, source: str) -> None:
    assert cli("doctor", "--file", source) == cli("probe", source)


def test_the_extras_are_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.cli import doctor

    told = doctor._extras().text
    assert all(extra in told for extra in ("plot", "web", "vot", "dask"))
    known = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: None if name == "fastapi" else known(name))
    assert "missing: web (pip install 'meanshift-tracker[web]')" in doctor._extras().text
