"""The encoder: what is in its files, read back by real decoders, and how it fails."""

from __future__ import annotations

import itertools
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from tests.output.video_reading import boxes_of, levels, read_back, stream_info, times_of
from tracker.errors import OutputError
from tracker.ffmpeg.containers import CONTAINERS, H264, live_codec
from tracker.ffmpeg.encoder import Encoder
from tracker.ffmpeg.finishing import finish_video
from tracker.image import Image

FakeFfmpeg = Callable[[str], None]


def gray(level: int = 90, width: int = 64, height: int = 48) -> Image:
    return np.full((height, width, 3), level, np.uint8)


def encode(path: Path, images: list[Image], fps: float = 25.0) -> None:
    height, width = images[0].shape[:2]
    encoder = Encoder(path, width, height, fps)
    for number, image in enumerate(images):
        encoder.put(image, number / fps)
    encoder.close()
    encoder.close()


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv"])
def test_every_container_holds_h264_that_plays(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    encode(target, [gray(20 * k) for k in range(12)], 30000 / 1001)
    info = stream_info(target)
    assert "Video: h264" in info
    assert "yuv420p(" in info
    assert "29.97 fps" in info
    assert "start: 0.000000" in info
    assert len(read_back(target)) == 12
    np.testing.assert_allclose(levels(target), [20 * k for k in range(12)], atol=6)
    assert list(tmp_path.iterdir()) == [target]


def test_the_index_is_in_front_and_the_file_is_plain(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    encode(target, [gray()] * 120)  # several fragments long
    names = boxes_of(target)
    assert names.index("moov") < names.index("mdat")
    assert "moof" not in names


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 5), (17, 33), (63, 48), (64, 47), (1001, 7)])
def test_any_pixel_size(tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    target = tmp_path / "out.mp4"
    encode(target, [gray(width=width, height=height)] * 3)
    frames = read_back(target)
    assert len(frames) == 3
    assert frames[0].shape == (height + height % 2, width + width % 2, 3)


def test_pictures_of_another_size_are_letterboxed(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    encode(target, [gray(200), gray(200, width=200), gray(200, width=20, height=90)])
    frames = read_back(target)
    assert [frame.shape for frame in frames] == [(48, 64, 3)] * 3
    bars = [(frame < 40).all(axis=2) for frame in frames]
    assert not bars[0].any()
    assert bars[1][:10].all()
    assert bars[2][:, :15].all()


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv"])
def test_each_picture_has_its_own_time(tmp_path: Path, suffix: str) -> None:
    times = [0.0, 0.1, 0.5, 0.52, 100.04, 101.0]
    target = tmp_path / f"out{suffix}"
    encoder = Encoder(target, 64, 48, 10)
    for number, moment in enumerate(times):
        encoder.put(gray(40 * number), moment)
    encoder.close()
    np.testing.assert_allclose(times_of(target), times, atol=1e-3)
    np.testing.assert_allclose(levels(target), [40 * k for k in range(6)], atol=6)


TIMES = [0.0, 0.04, 0.08, 0.2, 0.5, 0.52, 1.0, 3.0]


def times_by_ffmpeg(path: Path) -> list[float]:
    """Return when each frame is shown, as ffmpeg reads it; it knows moving pictures that OpenCV does not."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", path, "-vf", "showinfo", "-f", "null", "-"]
    done = subprocess.run([*command, "-copyts"], capture_output=True, text=True, check=True)
    return [float(found) for found in re.findall(r"pts_time:(\S+)", done.stderr)]


@pytest.mark.parametrize("suffix", list(CONTAINERS))
def test_every_format_is_as_long_as_its_last_picture_asks_for(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    encoder = Encoder(target, 64, 48, 25)
    for k, begin in enumerate(TIMES):
        encoder.put(gray(20 + 25 * k), begin)
    encoder.close()
    assert times_by_ffmpeg(target) == pytest.approx(TIMES, abs=1e-3)
    length = re.search(r"Duration: 00:00:0(\d\.\d+)", stream_info(target))
    assert suffix == ".webp" or (length is not None and float(length[1]) == pytest.approx(3.04, abs=0.011))


def test_a_rate_that_no_decimal_can_name_stays_exact(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    encoder = Encoder(target, 64, 48, 24000 / 1001)
    for k in range(300):
        encoder.put(gray(k % 200), k * 1001 / 24000)
    encoder.close()
    assert "23.98 fps, 23.98 tbr" in stream_info(target)
    assert times_by_ffmpeg(target) == pytest.approx([k * 1001 / 24000 for k in range(300)], abs=2e-5)


def test_what_a_format_cannot_show_is_left_out_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    encoder = Encoder(tmp_path / "out.gif", 64, 48, 100)
    for k in range(11):
        encoder.put(gray(20 * k), k / 100)
    encoder.close()
    assert len(times_by_ffmpeg(tmp_path / "out.gif")) == 6
    assert "left out 5 frames" in caplog.text


def test_pixels_that_are_no_squares_stay_so(tmp_path: Path) -> None:
    for suffix, said in ((".mp4", "64x48 [SAR 4:3 DAR 16:9]"), (".mkv", "SAR 4:3"), (".gif", "86x48")):
        target = tmp_path / f"out{suffix}"
        encoder = Encoder(target, 64, 48, 25, pixel_shape=(4, 3))
        encoder.put(gray(), 0.0)
        encoder.close()
        assert said in stream_info(target)


def test_a_picture_that_is_offered_is_never_waited_with(tmp_path: Path, fake_ffmpeg: FakeFfmpeg) -> None:
    go_on = tmp_path / "go on"
    fake_ffmpeg(f"while ! test -e '{go_on}'; do sleep 0.05; done; cat >/dev/null")
    encoder = Encoder(tmp_path / "out.mkv", 640, 480, 25, hurried=True)
    taken = [encoder.offer(gray(width=640, height=480), number / 25) for number in range(200)]
    go_on.touch()
    encoder.close()
    assert all(taken[:80])
    assert not any(taken[100:])


def test_an_encoder_that_dies_before_it_reads_is_an_error(tmp_path: Path, fake_ffmpeg: FakeFfmpeg) -> None:
    fake_ffmpeg("exec <&-; echo 'Unknown encoder' >&2; exit 1")
    encoder = Encoder(tmp_path / "out.mp4", 16, 16, 25)
    encoder.put(gray(width=16, height=16), 0.0)  # so small that it waits in the pipe's buffer until the end
    with pytest.raises(OutputError, match="Unknown encoder; check the disk's space"):
        encoder.close()
    encoder.close()  # said once is enough


def test_an_encoder_that_dies_on_the_way_is_an_error(tmp_path: Path, fake_ffmpeg: FakeFfmpeg) -> None:
    fake_ffmpeg("head -c 20000 >/dev/null; echo '[out#0/mp4 @ 0x5] No space left on device' >&2; echo more >&2; exit 1")
    encoder = Encoder(tmp_path / "out.mp4", 64, 48, 25)

    def go_on() -> None:
        deadline = time.monotonic() + 60
        for number in itertools.count():
            assert time.monotonic() < deadline
            encoder.put(gray(), number / 25)

    with pytest.raises(OutputError, match=r"out\.mp4: No space left on device; check the disk's space"):
        go_on()


def test_no_room_for_the_second_copy_keeps_the_first(tmp_path: Path, fake_ffmpeg: FakeFfmpeg) -> None:
    real = imageio_ffmpeg.get_ffmpeg_exe()
    fake_ffmpeg(f'case "$*" in *faststart*) echo full >&2; exit 1;; *) exec "{real}" "$@";; esac')
    target = tmp_path / "out.mp4"
    encode(target, [gray()] * 70)
    assert boxes_of(target).count("moof") == 2
    assert len(read_back(target)) == 70
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ffmpeg", "out.mp4"]


def test_a_folder_that_takes_no_copy_keeps_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.mp4"
    encode(target, [gray()] * 3)
    before = target.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "chmod", refuse)
    finish_video(target, CONTAINERS[".mp4"])
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("width", "height", "fps", "cores", "preset"),
    [
        (640, 480, 30, 1, "superfast"),
        (1280, 720, 30, 2, "superfast"),
        (1920, 1080, 25, 2, "ultrafast"),
        (1920, 1080, 25, 4, "superfast"),
        (3840, 2160, 30, 8, "ultrafast"),
    ],
)
def test_a_live_picture_gets_a_preset_that_leaves_room_for_the_tracker(
    width: int, height: int, fps: float, cores: int, preset: str
) -> None:
    codec = live_codec(H264, width * height * fps, cores)
    assert codec[codec.index("-preset") + 1] == preset
    assert len(codec) == len(H264)


def test_codecs_without_presets_stay_as_they_are() -> None:
    assert live_codec(CONTAINERS[".gif"].codec, 1e12, 1) == CONTAINERS[".gif"].codec
