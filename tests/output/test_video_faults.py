"""The annotated video when the encoder dies, the disk is full, or the run is cut short."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from tests.output.video_reading import boxes_of, read_back
from tracker.errors import OutputError
from tracker.output.video_file import VideoFileSink
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]


def write_until_it_fails(sink: VideoFileSink, make_frame: MakeFrame) -> None:
    for k in range(10_000):
        sink.write(make_frame(k), [])
        time.sleep(0.001)


def test_an_encoder_that_dies_is_an_error_with_its_reason(
    tmp_path: Path, make_frame: MakeFrame, fake_ffmpeg: Callable[[str], None]
) -> None:
    fake_ffmpeg("head -c 20000 >/dev/null; echo '[out#0/mp4 @ 0x5] No space left on device' >&2; echo more >&2; exit 1")
    sink = VideoFileSink(tmp_path / "out.mp4", 25)
    with pytest.raises(OutputError, match=r"out\.mp4: No space left on device; check the disk's space"):
        write_until_it_fails(sink, make_frame)
    sink.close()  # said once is enough
    with pytest.raises(OutputError, match="is closed"):
        sink.write(make_frame(), [])


def test_an_encoder_that_fails_at_the_end_is_an_error(
    tmp_path: Path, make_frame: MakeFrame, fake_ffmpeg: Callable[[str], None]
) -> None:
    fake_ffmpeg("cat >/dev/null; exit 3")
    sink = VideoFileSink(tmp_path / "out.mp4", 25)
    sink.write(make_frame(), [])
    with pytest.raises(OutputError, match=r"ffmpeg ended early \(code 3\)"):
        sink.close()
    sink.close()


def test_no_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(OutputError, match="reinstall imageio-ffmpeg"):
        VideoFileSink(tmp_path / "out.mp4", 25)


WRITER = """
import resource, sys
import numpy as np
from tracker.errors import OutputError
from tracker.output.video_file import VideoFileSink
from tracker.video.base import Frame
target, limit = sys.argv[1], int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
noise = np.random.default_rng(0).integers(0, 255, (8, 120, 160, 3), dtype=np.uint8)
try:
    with VideoFileSink(target, 25) as sink:
        for index in range(100_000):
            sink.write(Frame(noise[index % 8], index, index / 25), [])
            if index == 200:
                print("going", flush=True)
except OutputError as error:
    # What measures coverage writes its own file at the end.
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
except KeyboardInterrupt:
    print(index)
    sys.exit(130)
"""


def test_a_full_disk_leaves_a_video_that_plays(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    done = subprocess.run([sys.executable, "-c", WRITER, target, "2000000"], capture_output=True, text=True)
    assert done.returncode == 6
    assert "check the disk's space" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(read_back(target)) >= 25


def test_ctrl_c_leaves_every_frame(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, target, "0"], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "going\n"
        os.killpg(writer.pid, signal.SIGINT)  # as a terminal does: the whole foreground group
        last = int(writer.stdout.readline())
    assert writer.returncode == 130
    assert last - 1 <= len(read_back(target)) <= last + 1
    assert "moof" not in boxes_of(target)
    assert list(tmp_path.iterdir()) == [target]


def test_a_killed_run_leaves_a_video_that_plays(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    with subprocess.Popen([sys.executable, "-c", WRITER, target, "0"], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "going\n"
        writer.kill()
    deadline = time.monotonic() + 60
    while len(read_back(target)) < 195:  # the encoder sees the end of its input, and finishes by itself
        assert time.monotonic() < deadline
        time.sleep(0.1)
