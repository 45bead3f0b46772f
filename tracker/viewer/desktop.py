"""Whether a window can be opened, and how large the screen is: found out before the first window.

A window that cannot be opened takes the process down with it: Qt aborts where its plugin is missing or the X server
refuses. So the server is asked first, by the first message of the X11 protocol, and then the first window is opened in
a process of its own.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from tracker.errors import DisplayError

_REMEDY = "give --roi (and --no-display) to track without a window"
_X_PORT = 6000
_TIMEOUT = 2.0
"""Seconds to wait for a display on another machine."""
_WINDOW_TIMEOUT = 60.0
"""Seconds that the first window may take."""
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_PLATFORM = "QT_QPA_PLATFORM"
_DESKTOPS = {"darwin", "win32"}
_FIRST_WINDOW = "import sys; sys.path[:0] = sys.argv[1:]; import cv2; cv2.namedWindow('tracker', cv2.WINDOW_AUTOSIZE)"


def check_display(environment: Mapping[str, str] | None = None, framework: str | None = None) -> None:
    """Do nothing where a window can be opened; make Qt use a plugin that it has.

    Args:
        environment: variables; None for those of the process.
        framework: what OpenCV draws windows with, "" for none; None to ask it.

    Raises:
        DisplayError: there is no display, it does not answer or refuses, or OpenCV cannot open a window.
    """
    found = _framework() if framework is None else framework
    if not found:
        raise DisplayError(
            f"this OpenCV has no windows: install opencv-python instead of the headless wheel, or {_REMEDY}"
        )
    platform: str = sys.platform
    if platform in _DESKTOPS:
        return
    variables = os.environ if environment is None else environment
    name = variables.get("DISPLAY", "")
    if not name:
        hint = "Wayland needs XWayland" if variables.get("WAYLAND_DISPLAY") else "DISPLAY is not set"
        raise DisplayError(f"no display for a window ({hint}): {_REMEDY}")
    _screen(name, variables.get("XAUTHORITY", ""))
    if environment is None:
        choose_plugin(found)
        _try_window(name, os.environ.get(_PLATFORM, ""))


def screen_size() -> tuple[int, int] | None:
    """Return the width and height of the screen in pixels; None where they cannot be told."""
    if sys.platform == "win32":
        import ctypes

        metrics = ctypes.windll.user32.GetSystemMetrics
        return int(metrics(0)), int(metrics(1))
    if sys.platform == "darwin":
        return None
    with suppress(DisplayError):
        return _screen(os.environ.get("DISPLAY", ""), os.environ.get("XAUTHORITY", ""))
    return None


def choose_plugin(framework: str, plugins: frozenset[str] | None = None) -> None:
    """Make Qt use X11 where the environment names a plugin that does not come with OpenCV (usual on Wayland)."""
    there = _plugins() if plugins is None else plugins
    asked = os.environ.get(_PLATFORM, "").partition(":")[0].split(";")
    if framework.startswith("QT") and "xcb" in there and not there.issuperset(filter(None, asked)):
        os.environ[_PLATFORM] = "xcb"


def _framework() -> str:
    import cv2  # here, as a program without windows may do without

    ask = getattr(cv2, "currentUIFramework", None)
    return str(ask()) if ask is not None else "unknown"


def _plugins() -> frozenset[str]:
    """The plugins that come with OpenCV's wheel; none where its Qt is that of the system."""
    import cv2

    folder = Path(cv2.__file__).parent / "qt" / "plugins" / "platforms"
    names = (re.fullmatch(r"libq(\w+)\.so", path.name) for path in folder.glob("*.so"))
    return frozenset(name[1] for name in names if name)


@lru_cache(maxsize=4)
def _try_window(display: str, plugin: str) -> None:
    """Open a window in a process of its own, which shows it no longer than it takes to end.

    Args:
        display: the X display.
        plugin: what Qt is told to use, "" for nothing.

    Raises:
        DisplayError: that process died.
    """
    command = [sys.executable, "-c", _FIRST_WINDOW, *filter(None, sys.path)]
    environment = {**os.environ, "DISPLAY": display} | ({_PLATFORM: plugin} if plugin else {})
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WINDOW_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DisplayError(f"the display {display} opens no window ({type(error).__name__}): {_REMEDY}") from error
    if done.returncode:
        lines = [line for line in done.stderr.decode(errors="replace").splitlines() if "ont" not in line[:12]]
        cause = lines[0].strip() if lines else f"exit code {done.returncode}"
        raise DisplayError(f"the display {display} opens no window ({cause.rstrip('.')}): {_REMEDY}")


def _screen(name: str, authority: str) -> tuple[int, int]:
    """Ask an X display, `[host]:number[.screen]`, whether it lets us in; return the size of its screen in pixels.

    Raises:
        DisplayError: it does not answer, or refuses.
    """
    silent = f"the display {name} does not answer: check DISPLAY, or {_REMEDY}"
    parts = re.fullmatch(r"(?:unix)?(?P<host>[^:]*):(?P<number>\d+)(?:\.\d+)?", name)
    if parts is None:
        raise DisplayError(silent)
    for family, address in _addresses(parts["host"], parts["number"]):
        with socket.socket(family) as server:
            server.settimeout(_TIMEOUT)
            with suppress(OSError, OverflowError):
                server.connect(address)
                reason, size = _greeting(server, _cookie(parts["number"], authority))
                if size is None:
                    raise DisplayError(f"the display {name} refuses ({reason}): check XAUTHORITY, or {_REMEDY}")
                return size
    raise DisplayError(silent)


def _addresses(host: str, number: str) -> Iterator[tuple[socket.AddressFamily, str | tuple[str, int]]]:
    if host:
        yield socket.AF_INET, (host, _X_PORT + int(number))
    else:
        path = f"/tmp/.X11-unix/X{number}"
        yield socket.AF_UNIX, path
        yield socket.AF_UNIX, f"\0{path}"


def _greeting(server: socket.socket, cookie: bytes) -> tuple[str, tuple[int, int] | None]:
    """Exchange the first messages of the X11 protocol; return why the server refuses, or "" and the screen's size.

    Raises:
        OSError: what answers is no X server.
    """
    method = _COOKIE if cookie else b""
    head = b"l\0" + b"".join(n.to_bytes(2, "little") for n in (11, 0, len(method), len(cookie), 0))
    server.sendall(head + _padded(method) + _padded(cookie))
    answer = _received(server, 8)
    data = _received(server, 4 * int.from_bytes(answer[6:8], "little"))
    if answer[0] != 1:
        told = data[: answer[1]] if answer[0] == 0 else data.rstrip(b"\0")
        return told.decode("latin-1").strip().rstrip(".") or "no reason given", None
    vendor, formats = int.from_bytes(data[16:18], "little"), data[21]
    at = 32 + vendor + -vendor % 4 + 8 * formats
    width, height = (int.from_bytes(data[at + k : at + k + 2], "little") for k in (20, 22))
    if not (width and height):
        raise OSError("no screen")
    return "", (width, height)


def _received(server: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = server.recv(count - len(data))
        if not more:
            raise OSError("the connection is closed")
        data += more
    return data


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _cookie(number: str, authority: str) -> bytes:
    """Return the cookie of a display from the file of them, this machine's rather than another's; b"" for none."""
    path = Path(authority) if authority else Path("~/.Xauthority").expanduser()
    try:
        data = path.read_bytes()
    except OSError:
        return b""
    found = b""
    at = 0
    while at < len(data):
        fields: list[bytes] = []
        at += 2
        for _ in range(4):
            length = int.from_bytes(data[at : at + 2], "big")
            fields.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        host, display, method, cookie = fields
        if method == _COOKIE and display.decode("latin-1") in ("", number):
            if host == os.uname().nodename.encode():
                return cookie
            found = found or cookie
    return found
