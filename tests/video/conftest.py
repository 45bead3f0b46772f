"""Clips made by a real ffmpeg, as phones, cameras and editors make them."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest

from tests.video.live_fakes import QUICK, Open
from tracker.video.live.slot import Connect
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.span import Span

Ffmpeg = Callable[..., None]


@pytest.fixture(scope="session")
def ffmpeg() -> Ffmpeg:
    """Run ffmpeg with these arguments."""

    def run(*arguments: str | Path) -> None:
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-threads", "1", *map(str, arguments)]
        subprocess.run(command, check=True, timeout=60)

    return run


@pytest.fixture(scope="session")
def clip(ffmpeg: Ffmpeg, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a moving test picture, 30 frames a second, a key frame each second."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=160x120:r=30:d=3", "-c:v", "libx264", "-g", "30", "-pix_fmt", "yuv420p",
        "-movflags", "+faststart", path,
    )  # fmt: skip
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of twelve pictures, named 1.png to 12.png, each of one gray: ten times its number."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(1, 13):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((24, 32, 3), 10 * number, np.uint8))
    return folder


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open live sources on feeds; everything opened is closed at the end."""
    sources = []

    def open_it(connect: Connect, policy: LivePolicy = QUICK, span: Span | None = None) -> LiveSource:
        sources.append(LiveSource("fake", connect, policy, span))
        return sources[-1]

    yield open_it
    for source in sources:
        source.close()
