"""Whatever a file is called and coded in: the box is where it was drawn, at the time it was drawn for."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.video.conftest import Ffmpeg
from tracker.errors import SourceError
from tracker.video.base import Frame
from tracker.video.recording import Recording
from tracker.video.sources import open_source
from tracker.video.video_file import FFMPEG, OPENCV, VideoReader

TOTAL = 30
INTERLACED = ("-flags", "+ildct+ilme", "-vf", "setfield=tff")


def draw(ffmpeg: Ffmpeg, path: Path, *coding: str, size: str = "320x240", rate: str = "25") -> Path:
    """Write an orange box, 40 pixels wide, whose left edge moves from 32 by 4 pixels a frame."""
    box = f"color=0x707070:s={size}:r={rate}[b];color=0xE67820:s=40x40:r={rate}[o];[b][o]overlay=x='28+4*n':y=80"
    ffmpeg("-f", "lavfi", "-i", box, "-frames:v", str(TOTAL), *coding, path)
    return path


def lefts(frames: list[Frame]) -> list[int]:
    """Where the box begins in each frame; -1 where there is none."""
    rows = [frame.image[100].astype(int) for frame in frames]
    starts = [np.flatnonzero(row[:, 2] - row[:, 0] > 60) for row in rows]
    return [int(start[0]) if len(start) else -1 for start in starts]


def assert_is_what_was_drawn(frames: list[Frame], count: int = TOTAL, rate: float = 25.0) -> None:
    assert len(frames) == count
    assert lefts(frames) == pytest.approx([32 + 4 * (number % TOTAL) for number in range(count)], abs=3)
    times = [frame.timestamp for frame in frames]
    assert times == pytest.approx([number / rate for number in range(count)], abs=2e-3)


def reader_of(source: object) -> VideoReader:
    assert isinstance(source, Recording)
    assert isinstance(source.reader, VideoReader)
    return source.reader


@pytest.mark.parametrize(
    ("name", "coding", "decoder"),
    [
        ("avchd.mts", ("-c:v", "libx264", *INTERLACED, "-f", "mpegts", "-mpegts_m2ts_mode", "1"), FFMPEG),
        ("h264.mp4", ("-c:v", "libx264", *INTERLACED), FFMPEG),
        ("bottom.mkv", ("-c:v", "libx264", "-flags", "+ildct+ilme", "-vf", "setfield=bff"), FFMPEG),
        ("mpeg2.mpg", ("-c:v", "mpeg2video", *INTERLACED, "-q:v", "2"), FFMPEG),
        ("mpeg2.vob", ("-c:v", "mpeg2video", *INTERLACED, "-q:v", "2", "-f", "vob"), FFMPEG),
        ("xvid.avi", ("-c:v", "mpeg4", *INTERLACED, "-q:v", "2"), FFMPEG),
        ("av1.webm", ("-c:v", "libaom-av1", "-cpu-used", "8"), None),
        ("prores.mov", ("-c:v", "prores_ks"), None),
        ("vvc.mp4", ("-c:v", "libvvenc", "-preset", "faster", "-pix_fmt", "yuv420p10le"), None),
        ("jpeg2000.mov", ("-c:v", "jpeg2000"), None),
        ("h264.mp4", ("-c:v", "libx264"), OPENCV),
        ("vp9.webm", ("-c:v", "libvpx-vp9", "-cpu-used", "8"), OPENCV),
        ("apng.png", ("-f", "apng"), None),
        ("moving.webp", ("-c:v", "libwebp_anim"), FFMPEG),
        ("moving.gif", (), OPENCV),
        ("moving.avif", ("-c:v", "libaom-av1", "-cpu-used", "8"), None),
        ("motion.jpg", ("-f", "mjpeg", "-q:v", "2"), FFMPEG),
        ("row.ppm", ("-f", "image2pipe", "-c:v", "ppm"), FFMPEG),
        ("row.png", ("-f", "image2pipe", "-c:v", "png"), FFMPEG),
        ("raw.y4m", ("-pix_fmt", "yuv420p"), None),
        ("wrong name.txt", ("-c:v", "libx264", "-f", "mp4"), OPENCV),
        ("picture.png", ("-c:v", "libx264", "-f", "mp4"), OPENCV),
        ("photo.jpeg", ("-c:v", "libx264", *INTERLACED, "-f", "matroska"), FFMPEG),
    ],
)
def test_each_codec_and_name(name: str, coding: tuple[str, ...], decoder: str | None, ffmpeg, tmp_path: Path) -> None:
    with open_source(draw(ffmpeg, tmp_path / name, *coding)) as source:
        assert decoder in (None, reader_of(source).choice.decoder)
        assert (source.info.width, source.info.height, source.info.fps) == (320, 240, 25.0)
        assert_is_what_was_drawn(list(source))


def test_digital_video(ffmpeg, tmp_path: Path) -> None:
    path = draw(
        ffmpeg, tmp_path / "tape.dv", "-c:v", "dvvideo", "-pix_fmt", "yuv420p", "-flags", "+ildct", size="720x576"
    )
    with open_source(path) as source:
        assert reader_of(source).choice.decoder == FFMPEG
        assert source.info.fps == 25.0
        assert_is_what_was_drawn(list(source))


@pytest.mark.parametrize("order", [("plain", "fields"), ("fields", "plain"), ("plain", "fields", "plain")])
@pytest.mark.parametrize("container", [".ts", ".mkv"])
def test_a_file_that_is_interlaced_in_part(order: tuple[str, ...], container: str, ffmpeg, tmp_path: Path) -> None:
    coding = ("-c:v", "libx264", "-bf", "0", "-f", "mpegts")
    parts = {
        "plain": draw(ffmpeg, tmp_path / "plain.ts", *coding),
        "fields": draw(ffmpeg, tmp_path / "fields.ts", *INTERLACED, *coding),
    }
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(parts[part].read_bytes() for part in order))
    if container != ".ts":
        ffmpeg("-i", path, "-c", "copy", tmp_path / f"joined{container}")
        path = tmp_path / f"joined{container}"
    with open_source(path) as source:
        frames = list(source)
    assert lefts(frames) == pytest.approx([32 + 4 * (n % TOTAL) for n in range(TOTAL * len(order))], abs=3)


def test_a_still_picture_filmed_is_no_reason_for_doubt(ffmpeg, tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=red:s=64x48:r=25:d=8", "-c:v", "libx264", tmp_path / "still.mp4")
    with open_source(tmp_path / "still.mp4") as source:
        assert len(list(source)) == 200
        assert reader_of(source)._reader.__class__.__name__ == "CaptureReader"


def test_variable_rates_and_offsets_come_through_the_pipe(ffmpeg, tmp_path: Path) -> None:
    whole = draw(ffmpeg, tmp_path / "whole.mkv", "-c:v", "libx264", *INTERLACED, "-bf", "2")
    ffmpeg("-i", whole, "-vf", "select=not(mod(n\\,3)),setfield=tff", "-fps_mode", "vfr", "-c:v", "libx264",
           "-flags", "+ildct+ilme", "-output_ts_offset", "5", tmp_path / "part.mkv")  # fmt: skip
    with open_source(tmp_path / "part.mkv") as source:
        assert reader_of(source).choice.decoder == FFMPEG
        frames = list(source)
    assert [frame.timestamp for frame in frames] == pytest.approx([n / 25 for n in range(0, TOTAL, 3)], abs=2e-3)
    assert lefts(frames) == pytest.approx([32 + 4 * n for n in range(0, TOTAL, 3)], abs=3)


def test_a_turned_and_interlaced_file_comes_upright(ffmpeg, tmp_path: Path) -> None:
    path = draw(ffmpeg, tmp_path / "flat.mp4", "-c:v", "libx264", *INTERLACED)
    ffmpeg("-display_rotation", "90", "-i", path, "-c", "copy", tmp_path / "turned.mp4")
    with open_source(tmp_path / "turned.mp4", end=1) as source:
        assert (source.info.width, source.info.height) == (240, 320)
        (frame,) = source
    assert frame.image.shape == (320, 240, 3)


def test_deep_video_keeps_its_levels(ffmpeg, tmp_path: Path, caplog) -> None:
    path = draw(
        ffmpeg, tmp_path / "thermal.mkv", "-vf", "format=gray16,lutyuv=y=29300+val/40,format=gray16", "-c:v", "ffv1"
    )
    with caplog.at_level(logging.WARNING), open_source(path) as source:
        first = next(iter(source)).image
    assert reader_of(source).choice.decoder == FFMPEG
    assert len(caplog.records) == 1
    assert "thermal.mkv: values from 30" in caplog.text
    assert int(np.ptp(first)) > 150
    with open_source(path, value_range=(0, 65535)) as source:
        assert int(np.ptp(next(iter(source)).image)) < 10


@pytest.mark.parametrize("kind", ["opencv", "ffmpeg", "image", "folder", "pages", "missing"])
def test_names_that_are_no_text(kind: str, clip: Path, ffmpeg, tmp_path: Path) -> None:
    """In a process of its own: `cv2.VideoCapture` crashed it."""
    strange = os.fsdecode(os.fsencode(tmp_path) + b"/a\xff\xfe")
    source = {
        "opencv": lambda: clip,
        "ffmpeg": lambda: draw(ffmpeg, tmp_path / "i.mp4", "-c:v", "libx264", *INTERLACED),
        "image": lambda: draw(ffmpeg, tmp_path / "one.png", "-frames:v", "1", "-update", "1"),
        "pages": lambda: None,
        "folder": lambda: None,
        "missing": lambda: None,
    }[kind]()
    code = "import sys; from tracker import open_source\nwith open_source(sys.argv[1], end=2) as s: print(len(list(s)))"
    if kind == "pages":
        import cv2

        cv2.imwritemulti(str(tmp_path / "stack.tif"), [np.zeros((8, 8), np.uint8)] * 3)
        source = tmp_path / "stack.tif"
    if kind == "folder":
        Path(strange).mkdir()
        (Path(strange) / "1.png").write_bytes(
            draw(ffmpeg, tmp_path / "1.png", "-frames:v", "1", "-update", "1").read_bytes()
        )
        (Path(strange) / "2.png").write_bytes((tmp_path / "1.png").read_bytes())
    elif source is not None:
        strange += source.suffix
        source.rename(strange) if source != clip else Path(strange).write_bytes(clip.read_bytes())
    environment = {**os.environ, "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for env in (dict(os.environ), environment):
        done = subprocess.run(
            [sys.executable, "-c", code, os.fsencode(strange)], capture_output=True, env=env, timeout=60, check=False
        )
        if kind == "missing":
            assert done.returncode == 1
            assert rb"a\xff\xfe does not exist" in done.stderr
        else:
            assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"2", b"")


def test_a_text_name_under_another_locale(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "ünï 视频.mp4"
    path.write_bytes(clip.read_bytes())
    code = "import sys; from tracker import open_source\nwith open_source(sys.argv[1], end=2) as s: print(len(list(s)))"
    environment = {**os.environ, "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, env=environment, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"2", b"")


def test_sound_with_a_cover_is_no_video_and_a_cover_is_not_the_video(ffmpeg, tmp_path: Path) -> None:
    cover = draw(ffmpeg, tmp_path / "cover.png", "-frames:v", "1", "-update", "1", size="640x480")
    attach = ("-c:v:0", "mjpeg", "-disposition:v:0", "attached_pic")
    for name in ("song.mp3", "song.m4a", "song.flac"):
        ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-i", cover, "-map", "0", "-map", "1", *attach, tmp_path / name)
        with pytest.raises(SourceError, match=rf"{name} holds sound.* but no"):
            open_source(tmp_path / name)
    film = draw(ffmpeg, tmp_path / "film.mkv", "-c:v", "libx264", *INTERLACED)
    second = ("-c:v:0", "copy", "-c:v:1", "mjpeg", "-disposition:v:1", "attached_pic")
    ffmpeg("-i", film, "-i", cover, "-map", "0", "-map", "1", *second, tmp_path / "film.mp4")
    with open_source(tmp_path / "film.mp4") as source:
        assert_is_what_was_drawn(list(source))


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:2.4,\n{}\n#EXT-X-ENDLIST\n",
        "\ufeff#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:2.4,\n{}\n\0\n",
        "ffconcat version 1.0\nfile '{}'\n",
        "<?xml version='1.0'?>\n<MPD><BaseURL>{}</BaseURL></MPD>\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=tool:{}\nm=video 5004 RTP/AVP 96\n",
        "[playlist]\nFile1={}\n",
    ],
)
@pytest.mark.parametrize("name", ["list.mp4", "list.m3u8", "list.ts"])
def test_a_playlist_opens_nothing(text: str, name: str, clip: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text.format(clip))
    with pytest.raises(SourceError, match=f"{name} is a playlist, which names other files"):
        open_source(tmp_path / name)
