"""The stream of raw pictures, read by ffmpeg."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from tracker.ffmpeg.matroska import TICK, picture_head, stream_head


@pytest.mark.parametrize("size", [(2, 2), (64, 48), (1920, 2)])
@pytest.mark.parametrize("begin", [0.0, 5.0, 36_000.0])
def test_ffmpeg_reads_every_byte_and_time(tmp_path: Path, size: tuple[int, int], begin: float) -> None:
    width, height = size
    rng = np.random.default_rng(1)
    pictures = [rng.integers(0, 256, width * height * 3 // 2, np.uint8).tobytes() for _ in range(5)]
    times = [begin + offset for offset in (0.0, 0.033366, 0.5, 0.500001, 7.25)]
    stream = stream_head(width, height, 30)
    for time, picture in zip(times, pictures, strict=True):
        stream += picture_head(round(time / TICK), len(picture)) + picture
    out = tmp_path / "out.yuv"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-copyts", "-f", "matroska", "-i", "pipe:0"]
    command += ["-vf", "showinfo", "-fps_mode", "passthrough", "-f", "rawvideo", str(out)]
    done = subprocess.run(command, input=stream, capture_output=True, check=True)
    assert out.read_bytes() == b"".join(pictures)
    log = done.stderr.decode()
    shown = [float(line.split("pts_time:")[1].split()[0]) for line in log.splitlines() if "pts_time:" in line]
    assert shown == pytest.approx(times, abs=1e-5)
    assert f"yuv420p, {width}x{height}" in log
