"""A jump gives the very frames that decoding from the start gives, or does not happen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.video.conftest import Ffmpeg
from tracker.video import video_file
from tracker.video.recording import Recording
from tracker.video.seeking import FrameTimes, parsed
from tracker.video.sources import open_source
from tracker.video.video_file import VideoReader

X264 = ("-c:v", "libx264", "-g", "12", "-bf", "3")
FIELDS = ("-vf", "setfield=tff", "-flags", "+ildct+ilme")

JUMPING = {
    "plain.mp4": X264,
    "open.ts": (*X264, "-x264opts", "open-gop=1", "-b_strategy", "2"),
    "open.mkv": (*X264, "-x264opts", "open-gop=1:b-adapt=2"),
    "variable.mkv": ("-vf", "select=not(mod(n\\,7))+not(mod(n\\,3))", "-fps_mode", "vfr", *X264),
    "variable.mp4": ("-vf", "select=lt(n\\,40)+not(mod(n\\,4))", "-fps_mode", "vfr", *X264),
    "late.mkv": (*X264, "-output_ts_offset", "5"),
    "mpeg4.avi": ("-c:v", "mpeg4", "-g", "12", "-bf", "0"),
    "vp9.webm": ("-c:v", "libvpx-vp9", "-cpu-used", "8", "-g", "20", "-auto-alt-ref", "1", "-lag-in-frames", "20"),
    "hevc.mp4": ("-c:v", "libx265", "-x265-params", "keyint=12:open-gop=1:log-level=none"),
    "motion.avi": ("-c:v", "mjpeg"),
    "av1.mkv": ("-c:v", "libaom-av1", "-cpu-used", "8", "-g", "20"),
    "fields.mts": (*X264, *FIELDS, "-f", "mpegts"),
    "fields.mp4": (*X264, *FIELDS),
    "deep.mkv": ("-pix_fmt", "gray16le", "-c:v", "ffv1"),
    "thermal.mov": ("-pix_fmt", "rgb48le", "-c:v", "png"),
}
EITHER = {
    "theora.ogv": ("-vf", "fps=50,setpts=2*PTS", "-c:v", "libtheora", "-g", "12"),
    "animated.gif": (),
    "animated.png": ("-f", "apng"),
}
STAYING = {
    "fields.mpg": ("-c:v", "mpeg2video", "-g", "12", "-bf", "2", *FIELDS),
    "mpeg2.mpg": ("-c:v", "mpeg2video", "-g", "12", "-bf", "2"),
    "raw.h264": X264,
    "animated.webp": ("-c:v", "libwebp_anim", "-lossless", "1"),
    "row.jpg": ("-f", "mjpeg"),
}


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_file, "_NEAR", 0.1)


@pytest.fixture
def jumps(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What each jump came to."""
    made: list[object] = []
    seek = VideoReader.seek

    def noting(self: VideoReader, position: int | float) -> tuple[int, float] | None:
        made.append(seek(self, position))
        return made[-1]  # type: ignore[return-value]

    monkeypatch.setattr(VideoReader, "seek", noting)
    return made


def made(ffmpeg: Ffmpeg, path: Path, coding: tuple[str, ...]) -> Path:
    pixels = () if "-pix_fmt" in coding or path.suffix in (".gif", ".png") else ("-pix_fmt", "yuv420p")
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=128x96:r=25:d=4", *pixels, *coding, path)
    return path


@pytest.mark.parametrize("name", [*JUMPING, *STAYING, *EITHER])
def test_a_start_gives_what_decoding_from_the_first_frame_gives(name: str, ffmpeg, tmp_path: Path, jumps) -> None:
    path = made(ffmpeg, tmp_path / name, {**JUMPING, **STAYING, **EITHER}[name])
    with open_source(path) as source:
        everything = list(source)
    total = len(everything)
    assert jumps == []
    for start in (7, 12, 13, 23, 24, 25, total // 2, total - 2, 1.0, 1.02, 2.5):
        wanted = [
            f for f in everything if (f.index >= start if isinstance(start, int) else f.timestamp >= start - 5e-4)
        ]
        with open_source(path, start=start) as source:
            frames = list(source)
            assert [frame.index for frame in frames] == [frame.index for frame in wanted], start
            assert [f.timestamp for f in frames] == pytest.approx([f.timestamp for f in wanted], abs=2e-6)
            for frame, expected in zip(frames, wanted, strict=True):
                np.testing.assert_array_equal(frame.image, expected.image, err_msg=f"{start}: {frame.index}")
    assert len(jumps) == 11
    if name in STAYING:
        assert set(jumps) == {None}
    if name in JUMPING:
        assert sum(jump is not None for jump in jumps) >= 3


def test_times_that_lie_are_not_trusted(ffmpeg, tmp_path: Path, jumps) -> None:
    """Two broadcasts in one file: the times begin again."""
    part = made(ffmpeg, tmp_path / "part.ts", X264)
    path = tmp_path / "twice.ts"
    path.write_bytes(part.read_bytes() * 2)
    with open_source(path) as source:
        everything = list(source)
    with open_source(path, start=120) as source:
        assert isinstance(source, Recording)
        frames = list(source)
    assert jumps == [None]
    assert [frame.index for frame in frames] == list(range(120, len(everything)))


def test_a_start_after_the_end_is_told_by_the_last_frames(ffmpeg, tmp_path: Path, jumps) -> None:
    path = made(ffmpeg, tmp_path / "plain.mp4", X264)
    for start in (1000, 1000.0):
        with open_source(path, start=start) as source, pytest.raises(OSError, match="ends after 100 frames"):
            list(source)
    assert [before for before, _ in jumps] == [98, 98]


HEAD = "#tb 0: 1/1000\n"


@pytest.mark.parametrize(
    ("packets", "times"),
    [
        ("0, 0, 0, 40, 9, 0x1\n0, 40, 40, 40, 9, 0x2, F=0x0\n", (0.0, 0.04)),
        ("0, -40, 80, 40, 9, 0x1\n0, 0, 160, 40, 9, 0x1\n0, 40, 120, 40, 9, 0x2, F=0x0\n", (0.0, 0.04, 0.08)),
        ("0, 0, 0, 40, 9, 0x1, F=0x5\n0, 40, 40, 40, 9, 0x2\n", (0.0,)),
        ("0, 0, 0, 40, 9, 0x1\n0, 40, 40, 40, 0, 0x0\n0, 80, 80, 40, 7, 0x2\n", None),
        ("0, 0, 0, 40, 9, 0x1\n0, NOPTS, 40, 40, 9, 0x2\n", None),
        ("0, 0, 0, 40, 9, 0x1\n0, 40, NOPTS, 40, 9, 0x2\n", None),
        ("0, 0, 0, 40, 9, 0x1\n0, 40, 0, 40, 9, 0x2\n", None),
        ("0, 40, 40, 40, 9, 0x1\n0, 0, 0, 40, 9, 0x2\n", None),
        ("", None),
    ],
)
def test_packets_tell_the_frames_or_nothing(packets: str, times: tuple[float, ...] | None) -> None:
    found = parsed(HEAD + packets, None)
    assert (None if found is None else found.times) == (None if times is None else pytest.approx(times))
    assert parsed(packets, None) is None


def test_two_fields_a_frame_are_no_frames() -> None:
    packets = "".join(f"0, {20 * n}, {20 * n}, 20, 9, 0x1\n" for n in range(50))
    assert parsed(HEAD + packets, 50.0) is not None
    assert parsed(HEAD + packets, 25.0) is None


def test_a_time_is_a_frame_only_where_one_is() -> None:
    line = FrameTimes((0.0, 0.04, 0.08, 0.5), 0.0)
    assert [line.index_of(seconds) for seconds in (0.0, 0.0395, 0.041, 0.06, 0.5, 0.62)] == [0, 1, 1, None, 3, None]
    assert [line.first_from(position) for position in (2, 9, 0.04, 0.05, 0.6)] == [2, 4, 1, 2, 4]
