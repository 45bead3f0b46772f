"""What a video keeps of its source: sound in time, the shape of pixels, the picture upright."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest

from tests.output.video_reading import stream_info
from tracker.output.kept import Kept, kept_of
from tracker.output.video_file import RecordingSink
from tracker.video.sources import open_source

RATE = 48_000
FLASH = (1.0, 1.2)
"""When the clip is white and beeps, seconds."""


def ffmpeg(*words: object) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def make_clip(path: Path, *options: str, fps: str = "25", before: tuple[str, ...] = ()) -> Path:
    """Three seconds of black; during the flash white, with a beep."""
    begin, end = FLASH
    picture = f"color=black:s=64x48:r={fps}:d=3,drawbox=c=white:t=fill:enable=between(t\\,{begin}\\,{end - 0.01})"
    beep = f"sine=1000:r={RATE}:d=3,volume=0:enable=not(between(t\\,{begin}\\,{end}))"
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", *before, "-i", beep, "-pix_fmt", "yuv420p", *options, path)
    return path


def record(source: Path, target: Path, *, start: float | None = None, stride: int = 1, audio: bool = True) -> Path:
    """Record a source as a run does."""
    with (
        open_source(str(source), start=start, stride=stride) as frames,
        RecordingSink(target, 25.0 / stride, source=source, audio=audio) as sink,
    ):
        for frame in frames:
            sink.write(frame, ())
    return target


def white_from(path: Path) -> float:
    capture = cv2.VideoCapture(str(path))
    while True:
        ok, image = capture.read()
        assert ok, "there is no flash"
        if image.mean() > 128:
            return float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000


def loud_from(path: Path) -> float:
    """When the beep begins; silence is filled in where the sound begins late."""
    raw = ffmpeg(
        "-i", path, "-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", RATE, "-f", "s16le", "-"
    )
    return float(np.argmax(np.abs(np.frombuffer(raw, np.int16).astype(int)) > 1500)) / RATE


def length_of(path: Path) -> float:
    found = re.search(r"Duration: 00:00:(\d\d\.\d+)", stream_info(path))
    assert found is not None
    return float(found[1])


SOUNDS = [
    (".mp4", ("-c:a", "aac")),
    (".mp4", ("-c:a", "libmp3lame")),
    (".mkv", ("-c:a", "libopus")),
    (".mkv", ("-c:a", "flac")),
    (".mov", ("-c:a", "pcm_s16le")),
    (".avi", ("-c:v", "mjpeg", "-c:a", "pcm_s16le")),
]


@pytest.mark.parametrize(("suffix", "options"), SOUNDS)
@pytest.mark.parametrize("target", [".mp4", ".mkv"])
def test_sound_is_kept_in_time(tmp_path: Path, suffix: str, options: tuple[str, ...], target: str) -> None:
    out = record(make_clip(tmp_path / f"clip{suffix}", *options), tmp_path / f"out{target}")
    assert white_from(out) == pytest.approx(1.0, abs=0.005)
    assert loud_from(out) == pytest.approx(1.0, abs=0.04)
    assert length_of(out) == pytest.approx(3.0, abs=0.04)


@pytest.mark.parametrize("start", [0.4, 0.96])
def test_sound_begins_where_the_run_begins(tmp_path: Path, start: float) -> None:
    out = record(make_clip(tmp_path / "clip.mp4"), tmp_path / "out.mp4", start=start)
    assert white_from(out) == pytest.approx(1.0 - start, abs=0.005)
    assert loud_from(out) == pytest.approx(1.0 - start, abs=0.04)
    assert length_of(out) == pytest.approx(3.0 - start, abs=0.04)


def test_sound_stays_in_time_where_frames_are_passed_over(tmp_path: Path) -> None:
    out = record(make_clip(tmp_path / "clip.mp4"), tmp_path / "out.mp4", stride=5)
    assert white_from(out) == pytest.approx(loud_from(out), abs=0.04)


def test_sound_stays_in_time_where_the_pictures_begin_late(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "whole.mkv")
    shifted = tmp_path / "shifted.mkv"
    words = ["-itsoffset", 0.5, "-i", whole, "-i", whole, "-map", "0:v", "-map", "1:a", "-c", "copy", shifted]
    ffmpeg(*words)
    out = record(shifted, tmp_path / "out.mp4")
    # In the clip the beep comes half a second before the flash; it still does.
    assert white_from(out) == pytest.approx(1.0, abs=0.005)
    assert loud_from(out) == pytest.approx(0.5, abs=0.04)


def test_sound_can_be_left_out(tmp_path: Path) -> None:
    out = record(make_clip(tmp_path / "clip.mp4"), tmp_path / "out.mp4", audio=False)
    assert "Audio" not in stream_info(out)


def test_a_gif_has_no_sound(tmp_path: Path) -> None:
    assert "Audio" not in stream_info(record(make_clip(tmp_path / "clip.mp4"), tmp_path / "out.gif"))


def test_a_sound_that_cannot_be_kept_is_told_and_the_pictures_are(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fake_ffmpeg: object
) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    real = imageio_ffmpeg.get_ffmpeg_exe()
    fake_ffmpeg(f'case "$*" in *1:a*) echo no encoder >&2; exit 1;; *) exec "{real}" "$@";; esac')  # type: ignore[operator]
    out = record(clip, tmp_path / "out.mp4")
    assert "the sound of clip.mp4 is not kept: no encoder" in caplog.text
    assert white_from(out) == pytest.approx(1.0, abs=0.005)


def test_pixels_that_are_no_squares_are_shown_as_they_were(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", "-vf", "setsar=16/15")
    assert kept_of(clip, 0.0).pixel_shape == (16, 15)
    assert "SAR 16:15" in stream_info(record(clip, tmp_path / "out.mp4"))


def test_a_phone_held_upright_gives_an_upright_video(tmp_path: Path) -> None:
    clip, turned = make_clip(tmp_path / "clip.mp4", "-vf", "setsar=16/15"), tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", "90", "-i", clip, "-c", "copy", turned)
    out = record(turned, tmp_path / "out.mp4")
    assert "48x64 [SAR 15:16" in stream_info(out)
    assert "displaymatrix" not in stream_info(out)


def test_a_variable_rate_stays_one(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "all.mp4")
    some = tmp_path / "some.mkv"
    ffmpeg("-i", clip, "-vf", "select='not(mod(n,3))+lt(n,10)'", "-fps_mode", "vfr", some)
    with open_source(str(some)) as frames:
        times = [frame.timestamp for frame in frames]
    out = record(some, tmp_path / "out.mp4")
    with open_source(str(out)) as frames:
        assert [frame.timestamp for frame in frames] == pytest.approx(times, abs=0.002)


@pytest.mark.parametrize("source", [None, "synth:smooth", "rtsp://host/x", "missing.mp4", "0"])
def test_what_is_no_file_leaves_nothing_to_keep(source: str | None) -> None:
    assert kept_of(source, 0.0) == Kept()


def test_what_is_no_video_leaves_nothing_to_keep(tmp_path: Path) -> None:
    path = tmp_path / "text.mp4"
    path.write_text("hello")
    assert kept_of(path, 0.0) == Kept()
    assert kept_of(tmp_path, 0.0) == Kept()
