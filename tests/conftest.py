"""What all tests share."""

import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from tracker.density import DensityMap
from tracker.geometry import Box, RotatedBox
from tracker.patch import PatchGeometry
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame

# OpenCV reads this once, when the first video of the process is opened; a test that opens one with OpenCV alone would
# otherwise decide what the tests after it find on stderr.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

# The same examples in every run, and no limit on the time of one: a busy machine is no failure.
settings.register_profile("seeded", derandomize=True, database=None, deadline=None)
settings.load_profile("seeded")

# `nohup make test` and `make test &` ignore these signals, and so would the programs that tests start and interrupt.
for _name, _usual in {"SIGINT": signal.default_int_handler, "SIGHUP": signal.SIG_DFL}.items():
    _number = getattr(signal, _name, None)  # Windows has no SIGHUP
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)


@pytest.fixture(scope="session")
def without() -> Callable[[str], None]:
    """without("reason") leaves a test out on a person's machine; on a build server (CI is set) it fails instead."""

    def leave_out(reason: str) -> None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)  # `make test` must pass without root, where these programs cannot be installed

    return leave_out


@pytest.fixture(scope="session")
def programs(without: Callable[[str], None]) -> Callable[..., None]:
    """programs("Xvfb", "xdotool") leaves a test out, as `without` does, where one of them is not installed."""

    def need(*names: str) -> None:
        missing = [name for name in names if shutil.which(name) is None]
        if missing:
            without(f"not installed: {', '.join(missing)}; .ci/run names the packages")

    return need


@pytest.fixture(autouse=True)
def same_log() -> Iterator[None]:
    """A command line that ran in this process with --quiet leaves the log as it was: others read their warnings."""
    log = logging.getLogger("tracker")
    level, handlers = log.level, list(log.handlers)
    yield
    log.setLevel(level)
    log.handlers[:] = handlers


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """start("track", …, environment=…) starts the program; what still runs when the test ends is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: object, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tracker", *map(str, words)]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True))
        return running[-1]

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture
def fake_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """fake_ffmpeg(script) puts a shell script in the place of ffmpeg."""

    def install(script: str) -> None:
        program = tmp_path / "ffmpeg"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))

    return install


MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


@pytest.fixture
def make_frame() -> MakeFrame:
    def make(index: int = 0, *, width: int = 64, height: int = 48, fps: float = 25.0, level: int = 90) -> Frame:
        return Frame(np.full((height, width, 3), level, np.uint8), index, index / fps)

    return make


@pytest.fixture
def make_track() -> MakeTrack:
    def make(
        box: Box = Box(10.25, 20.5, 12.0, 8.0),  # noqa: B008 - frozen
        *,
        state: TrackState = TrackState.TRACKING,
        id: int = 0,  # noqa: A002 - the field's name
        label: str = "",
        confidence: float = 0.875,
        reason: str = "",
        rotated: RotatedBox | None = None,
        density: bool = False,
    ) -> Track:
        result = TrackResult(
            box,
            state,
            confidence,
            reason,
            rotated,
            iterations=3,
            elapsed=0.0005,
            search=box.scaled(3),
            path=((box.x, box.y), box.center),
        )
        center_x, center_y = box.center
        values = np.zeros((20, 30), np.float32)
        values[8:12, 12:18] = 1.0
        geometry = PatchGeometry.around(center_x, center_y, max(box.width, 1) / 10, max(box.height, 1) / 7, 30, 20)
        return Track(id, label, result, DensityMap(values, geometry) if density else None)

    return make
