"""The program at a display, with a person before it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import imageio_ffmpeg
import pytest

from tests.viewer.x11 import ask_to_close
from tracker.image import Image

WIDTH, HEIGHT = 1280, 960
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
        path = self.folder / "screen.png"
        grab = ["-f", "x11grab", "-draw_mouse", "0", "-video_size", f"{WIDTH}x{HEIGHT}", "-i", self._display]
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", *grab, "-frames:v", "1", str(path)]
        subprocess.run(command, check=True, timeout=60)
        image = cv2.imread(str(path))
        assert image is not None
        return image

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
