"""Whether there is a display that a window could open on."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from tracker.errors import DisplayError
from tracker.viewer import window
from tracker.viewer.window import check_display


@pytest.fixture
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("on_linux")
@pytest.mark.parametrize(
    ("environment", "framework", "message"),
    [
        ({}, "QT", r"no display for a window \(DISPLAY is not set\): give --roi"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "QT", r"no display for a window \(Wayland needs XWayland\)"),
        ({"DISPLAY": ":0"}, "", r"this OpenCV has no windows: install opencv-python"),
        ({"DISPLAY": ":4711"}, "QT", r"the display :4711 does not answer: check DISPLAY"),
        ({"DISPLAY": "nonsense"}, "QT", r"the display nonsense does not answer"),
        ({"DISPLAY": "localhost:59000"}, "QT", r"the display localhost:59000 does not answer"),
        ({"DISPLAY": ":99999999999"}, "QT", r"does not answer"),
    ],
)
def test_no_display_is_one_clear_line(environment: dict[str, str], framework: str, message: str) -> None:
    with pytest.raises(DisplayError, match=message):
        check_display(environment, framework)


@pytest.mark.usefixtures("on_linux")
@pytest.mark.parametrize("suffix", ["", ".0"])
def test_a_display_that_answers(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        monkeypatch.setattr(window, "_X_PORT", server.getsockname()[1] - 10)
        check_display({"DISPLAY": f"127.0.0.1:10{suffix}"}, "QT")


@pytest.mark.usefixtures("on_linux")
def test_a_local_display_that_answers(tmp_path: Path) -> None:
    number = 40000
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        check_display({"DISPLAY": f":{number}"}, "QT")
    with pytest.raises(DisplayError):
        check_display({"DISPLAY": f":{number}"}, "QT")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_desktop_has_its_own(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    check_display({}, "COCOA")
