"""Whether there is a display that a window could open on."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.viewer.desk import HEIGHT, WIDTH
from tracker.errors import DisplayError
from tracker.viewer import desktop
from tracker.viewer.desktop import check_display, choose_plugin, screen_size


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


class FakeX(threading.Thread):
    """An X server that answers one client: it lets it in if it has the cookie, with a screen of 1366x768."""

    def __init__(self, server: socket.socket, cookie: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.server = server
        self.cookie = cookie
        self.start()

    def run(self) -> None:
        client, _ = self.server.accept()
        with client:
            head = client.recv(12, socket.MSG_WAITALL)
            method, cookie = (int.from_bytes(head[at : at + 2], "little") for at in (6, 8))
            rest = client.recv(method + -method % 4 + cookie + -cookie % 4, socket.MSG_WAITALL)
            given = rest[method + -method % 4 :][:cookie]
            if given != self.cookie:
                reason = b"No protocol specified\n"
                padded = reason + bytes(-len(reason) % 4)
                client.sendall(bytes([0, len(reason), 11, 0, 0, 0, len(padded) // 4, 0]) + padded)
                return
            setup = bytearray(32)
            setup[16], setup[20], setup[21] = 5, 1, 2
            screen = bytearray(40)
            screen[20:24] = (1366).to_bytes(2, "little") + (768).to_bytes(2, "little")
            data = bytes(setup) + b"fakes\0\0\0" + bytes(16) + bytes(screen)
            client.sendall(bytes([1, 0, 11, 0, 0, 0, len(data) // 4, 0]) + data)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A listening socket that is display 10 of 127.0.0.1."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        monkeypatch.setattr(desktop, "_X_PORT", server.getsockname()[1] - 10)
        yield server


@pytest.mark.usefixtures("on_linux")
@pytest.mark.parametrize("suffix", ["", ".0"])
def test_a_display_that_answers(suffix: str, port: socket.socket) -> None:
    FakeX(port)
    check_display({"DISPLAY": f"127.0.0.1:10{suffix}", "XAUTHORITY": "/nonexistent"}, "QT")


@pytest.mark.usefixtures("on_linux")
def test_a_local_display_that_answers(tmp_path: Path) -> None:
    number = 40000
    given = {"DISPLAY": f":{number}", "XAUTHORITY": "/nonexistent"}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        FakeX(server)
        check_display(given, "QT")
    with pytest.raises(DisplayError):
        check_display(given, "QT")


def entry(display: str, cookie: bytes, host: bytes = b"elsewhere") -> bytes:
    fields = (host, display.encode(), b"MIT-MAGIC-COOKIE-1", cookie)
    return b"\x01\x00" + b"".join(len(field).to_bytes(2, "big") + field for field in fields)


@pytest.mark.usefixtures("on_linux")
def test_the_cookie_lets_in_and_without_it_the_refusal_is_said(
    tmp_path: Path, port: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = tmp_path / "cookies"
    here = os.uname().nodename.encode()
    authority.write_bytes(entry("9", b"no") + entry("10", b"other") + entry("10", b"secret cookie", here))
    monkeypatch.setenv("DISPLAY", "127.0.0.1:10")
    monkeypatch.setenv("XAUTHORITY", str(authority))
    FakeX(port, b"secret cookie")
    assert screen_size() == (1366, 768)
    FakeX(port, b"secret cookie")
    refused = r"the display 127\.0\.0\.1:10 refuses \(No protocol specified\): check XAUTHORITY"
    with pytest.raises(DisplayError, match=refused):
        check_display({"DISPLAY": "127.0.0.1:10", "XAUTHORITY": "/nonexistent"}, "QT")
    FakeX(port, b"another")
    assert screen_size() is None


@pytest.mark.usefixtures("on_linux")
def test_what_is_no_x_server_does_not_answer(port: socket.socket) -> None:
    def hang_up() -> None:
        client, _ = port.accept()
        client.close()

    threading.Thread(target=hang_up, daemon=True).start()
    with pytest.raises(DisplayError, match="does not answer"):
        check_display({"DISPLAY": "127.0.0.1:10", "XAUTHORITY": "/nonexistent"}, "QT")


@pytest.mark.parametrize(
    ("asked", "framework", "plugins", "then"),
    [
        ("wayland", "QT", {"xcb"}, "xcb"),
        ("wayland;xcb", "QT", {"xcb"}, "xcb"),
        ("xcb", "QT", {"xcb"}, "xcb"),
        ("", "QT", {"xcb"}, ""),
        ("wayland", "QT", {"xcb", "wayland"}, "wayland"),
        ("wayland", "QT", set(), "wayland"),
        ("wayland", "GTK3", {"xcb"}, "wayland"),
    ],
)
def test_a_plugin_that_opencv_has_not_is_not_used(
    asked: str, framework: str, plugins: set[str], then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", asked)
    choose_plugin(framework, frozenset(plugins))
    assert os.environ["QT_QPA_PLATFORM"] == then


def test_a_first_window_that_aborts_is_an_error_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os, sys; print('qt.qpa: could not load', file=sys.stderr); sys.stderr.flush(); os.abort()"
    monkeypatch.setattr(desktop, "_FIRST_WINDOW", code)
    with pytest.raises(DisplayError, match=r"^the display :7 opens no window \(qt.qpa: could not load\): give --roi"):
        desktop._try_window(":7", "")


@pytest.mark.parametrize("platform", ["wayland", "xcb", ""])
def test_a_real_display_opens_a_window_whatever_plugin_is_asked_for(
    display: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    check_display()
    assert screen_size() == (WIDTH, HEIGHT)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_desktop_has_its_own(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    check_display({}, "COCOA")
