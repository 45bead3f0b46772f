"""The program at a real display: its window, its keys and mouse, and what it writes of two moving targets."""

from __future__ import annotations

import csv
import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from tracker.geometry import Box
from tracker.image import Image

WIDTH, HEIGHT = 1280, 960
RAW = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-"]
"""A picture as it is: ffmpeg takes longer to compress one than to take it."""
_PATIENCE = 60.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Wait for something to become true; fail with `what` if it does not."""
    deadline = time.perf_counter() + _PATIENCE
    while not condition():
        assert time.perf_counter() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


class Desk:
    """The tracker in a process of its own, at a display, with a person before it."""

    def __init__(self, display: str, folder: Path) -> None:
        self.folder = folder
        self._environment = {**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": str(folder / "config")}
        self._environment.pop("WAYLAND_DISPLAY", None)
        self._display = display
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str | float | Path) -> None:
        """Start `tracker` with these words, and wait for its window to show something.

        On a bare X server Qt at times misses that its window was mapped, and never paints (one start in ten, in a loop
        of nothing but `imshow`, too); then it is started again.
        """
        before = set(self.folder.iterdir())
        for _ in range(6):
            self._start(words)
            if self._shows_within(8.0):
                self.do("mousemove", 20, 200)  # without a window manager, keys go to the window below the pointer
                return
            assert self._process.poll() is None, self._process.communicate()
            self._process.terminate()  # a kill would leave encoders that still write
            self.end()
            for path in set(self.folder.iterdir()) - before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        pytest.fail("the window stays black")

    def kill(self) -> None:
        """End the process, if there is one."""
        if self.process is not None and self.process.stdout is not None and not self.process.stdout.closed:
            self.process.kill()
            self.process.communicate()

    def _start(self, words: Sequence[str | float | Path]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tracker", *map(str, words)],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_for(lambda: self._window() or self._process.poll() is not None, "the window")
        assert self._process.poll() is None, self._process.communicate()

    def _shows_within(self, seconds: float) -> bool:
        """Bring the window to the screen's left top corner; return whether it shows something there in time."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline and self._process.poll() is None:
            self.do("windowmove", self._window(), 0, 0)
            screen = self.screenshot()
            if screen[0, 0].any() and screen[100, 100].any():
                return True
            time.sleep(0.1)  # looking takes the time of a core that the program starts on
        return False

    @property
    def _process(self) -> subprocess.Popen[str]:
        assert self.process is not None
        return self.process

    def do(self, *words: str | int) -> str:
        """Let xdotool do something."""
        command = ["xdotool", *map(str, words)]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=60).stdout

    def press(self, *keys: str) -> None:
        """Press keys one after the other, each long enough to be seen."""
        for key in keys:
            self.do("key", key)
            time.sleep(0.15)

    def drag(self, x: float, y: float, width: float, height: float, scale: float = 1.0) -> None:
        """Drag a box from its right bottom to its left top corner; the window lies at the screen's left top."""
        left, top, right, bottom = (round(v * scale) for v in (x, y, x + width, y + height))
        self.do("mousemove", right, bottom, "mousedown", 1)
        for step in (0.3, 0.6, 1.0):
            time.sleep(0.1)
            self.do("mousemove", round(right + step * (left - right)), round(bottom + step * (top - bottom)))
        time.sleep(0.1)
        self.do("mouseup", 1)

    def right_click(self, x: float, y: float) -> None:
        """Click with the right button at a point of the window."""
        self.do("mousemove", round(x), round(y), "click", 3)

    def screenshot(self) -> Image:
        """Return what is on the screen, without the pointer."""
        grab = ["-f", "x11grab", "-draw_mouse", "0", "-video_size", f"{WIDTH}x{HEIGHT}", "-i", self._display]
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *grab, "-frames:v", "1", *RAW]
        shot = subprocess.run(command, check=True, timeout=60, capture_output=True).stdout
        return np.frombuffer(shot, np.uint8).reshape(HEIGHT, WIDTH, 3)

    def close_by_x(self) -> None:
        """Do what a click on the window's X does, where there is no window manager to draw one: ask it to close."""
        ask_to_close(self._display, int(self._window()))

    def end(self) -> tuple[int, str, str]:
        """Wait for the end; return exit code, output and errors."""
        out, err = self._process.communicate(timeout=_PATIENCE)
        return self._process.returncode, out, err

    def _window(self) -> str:
        found = self.do("search", "--onlyvisible", "--name", "^tracker: ").split()
        return found[-1] if found else ""


class _ClientMessage(ctypes.Structure):
    """`XClientMessageEvent` of Xlib, padded to the size of `XEvent`."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 12),
    )


def ask_to_close(display: str, window: int) -> None:
    """Send WM_DELETE_WINDOW to a window (ICCCM 4.2.8.1)."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    assert connection.value, f"no display {display}"
    protocols, delete = (x11.XInternAtom(connection, name, False) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    client_message = 33
    event = _ClientMessage(type=client_message, window=window, message_type=protocols, format=32)
    event.data[0] = delete
    x11.XSendEvent(connection, ctypes.c_ulong(window), False, ctypes.c_long(0), ctypes.byref(event))
    x11.XCloseDisplay(connection)


FRAMES = 400
FIRST, SECOND = Box(100, 80, 60, 50), Box(420, 300, 60, 50)
_COLORS = (40, 60, 220), (220, 120, 30)


def moved(box: Box, frame: int) -> Box:
    """Return where a target is in a frame."""
    return box.moved(frame // 2, 0)


def picture(frame: int = 0) -> Image:
    """Return what a frame shows."""
    image = np.full((480, 640, 3), 110, np.uint8)
    image[::2] += 10
    for box, color in zip((FIRST, SECOND), _COLORS, strict=True):
        x, y, width, height = moved(box, frame).rounded()
        image[y : y + height, x : x + width] = color
    return image


def written(box: Box) -> str:
    """Return a box as `--roi` takes it."""
    return ",".join(f"{v:g}" for v in box)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows that were written so far, whole ones only."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["elapsed_ms"]]


def frames(path: Path, target: int = 0) -> list[int]:
    """Return the frames for which a target has a row so far."""
    return [int(row["frame"]) for row in rows(path) if int(row["id"]) == target]


def box_of(row: dict[str, str]) -> Box:
    """Return the box in a row."""
    return Box(*(float(row[name]) for name in ("x", "y", "w", "h")))
