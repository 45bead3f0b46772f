"""A display of our own, and a person before it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import imageio_ffmpeg
import pytest

from tests.viewer.desk import FRAMES, HEIGHT, WIDTH, Desk, picture


@pytest.fixture(autouse=True)
def attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the player look at what a person does before every frame, however fast frames come."""
    monkeypatch.setattr("tracker.viewer.player._EVENTS", 0.0)


@pytest.fixture(scope="session")
def display(programs: Callable[..., None], without: Callable[[str], None]) -> Iterator[str]:
    """An X server without a screen."""
    programs("Xvfb", "xdotool")
    if not cv2.currentUIFramework():
        without("the OpenCV wheel is the headless one: it has no windows")
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        f"{WIDTH}x{HEIGHT}x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two targets in a folder of pictures."""
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(FRAMES):
        cv2.imwrite(str(folder / f"{number:03d}.png"), picture(number))
    return folder


@pytest.fixture(scope="session")
def clip(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in a video, 10 frames a second."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    frames = ["-framerate", "10", "-i", str(pictures / "%03d.png")]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *frames, "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(path)], check=True, timeout=60)
    return path


@pytest.fixture
def desk(display: str, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(display, tmp_path)
    yield desk
    desk.kill()
