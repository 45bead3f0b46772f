"""The annotated video, read back by real decoders."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest

from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.image import Image
from tracker.output.base import Track
from tracker.output.pacing import Pacer
from tracker.output.style import LOOKS
from tracker.output.video_file import CONTAINERS, VideoFileSink
from tracker.tracking.result import TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


def read_back(path: Path) -> list[Image]:
    capture = cv2.VideoCapture(str(path))
    frames = []
    while True:
        ok, image = capture.read()
        if not ok:
            return frames
        frames.append(image)


def levels(path: Path) -> list[int]:
    """Return the grey level of each frame, at a place free of drawing."""
    return [int(frame[2, -3].mean()) for frame in read_back(path)]


def stream_info(path: Path) -> str:
    """Return what ffmpeg says of the file."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", path]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def boxes_of(path: Path) -> list[str]:
    """Return the names of an MP4's outermost boxes, in order (ISO 14496-12)."""
    data, names, at = path.read_bytes(), [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        names.append(data[at + 4 : at + 8].decode())
        at += size if size != 1 else int.from_bytes(data[at + 8 : at + 16], "big")
    return names


@pytest.mark.parametrize("suffix", list(CONTAINERS))
def test_every_container_holds_h264_that_plays(tmp_path: Path, make_frame: MakeFrame, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    with VideoFileSink(target, 30000 / 1001) as sink:
        for k in range(12):
            sink.write(make_frame(k, fps=30000 / 1001, level=20 * k), [])
    info = stream_info(target)
    assert "Video: h264" in info
    assert "yuv420p(" in info
    assert "29.97 fps" in info
    assert "start: 0.000000" in info
    assert len(read_back(target)) == 12
    np.testing.assert_allclose(levels(target), [20 * k for k in range(12)], atol=6)
    assert list(tmp_path.iterdir()) == [target]


def test_the_index_is_in_front_and_the_file_is_plain(tmp_path: Path, make_frame: MakeFrame) -> None:
    target = tmp_path / "out.mp4"
    with VideoFileSink(target, 25) as sink:
        for k in range(120):  # several fragments long
            sink.write(make_frame(k), [])
    names = boxes_of(target)
    assert names.index("moov") < names.index("mdat")
    assert "moof" not in names


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 5), (17, 33), (63, 48), (64, 47), (1001, 7)])
def test_any_pixel_size(tmp_path: Path, make_frame: MakeFrame, size: tuple[int, int]) -> None:
    width, height = size
    target = tmp_path / "out.mp4"
    with VideoFileSink(target, 25) as sink:
        for k in range(3):
            sink.write(make_frame(k, width=width, height=height), [])
    frames = read_back(target)
    assert len(frames) == 3
    assert frames[0].shape == (height + height % 2, width + width % 2, 3)


def test_colours_and_boxes_are_where_they_belong(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.mp4"
    image = np.zeros((241, 321, 3), np.uint8)
    image[:] = (200, 60, 30)
    with VideoFileSink(target, 25) as sink:
        for k in range(3):
            sink.write(Frame(image, k, k / 25), [make_track(Box(100, 120, 80, 60), state=TrackState.TRACKING)])
    decoded = read_back(target)[-1].astype(int)
    np.testing.assert_allclose(decoded[230, 300], (200, 60, 30), atol=8)
    green = np.array(LOOKS[TrackState.TRACKING].color)
    np.testing.assert_allclose(decoded[160, 100], green, atol=60)
    assert (np.abs(decoded[160, 100] - green) < np.abs(decoded[160, 140] - green)).any()


def test_the_first_size_stays(tmp_path: Path, make_frame: MakeFrame) -> None:
    target = tmp_path / "out.mp4"
    with VideoFileSink(target, 25) as sink:
        sink.write(make_frame(0, width=64, height=48, level=200), [])
        sink.write(make_frame(1, width=200, height=48, level=200), [])
        sink.write(make_frame(2, width=20, height=90, level=200), [])
    frames = read_back(target)
    assert [frame.shape for frame in frames] == [(48, 64, 3)] * 3
    bars = [(frame < 40).all(axis=2) for frame in frames]
    assert not bars[0].any()
    assert bars[1][:10].all()
    assert bars[2][:, :15].all()


def test_uneven_timestamps_keep_the_true_speed(tmp_path: Path, make_frame: MakeFrame) -> None:
    target = tmp_path / "out.mp4"
    times = [10.0, 10.1, 10.5, 10.52, 10.54, 11.0]
    with VideoFileSink(target, 10) as sink:
        for k, seconds in enumerate(times):
            sink.write(Frame(make_frame(level=40 * k).image, k, seconds), [])
    # Beats 0, 1, 5, 5, 5, 10: the first two of the three at beat 5 give way to the last.
    np.testing.assert_allclose(levels(target), [0, 40, 40, 40, 40, 160, 160, 160, 160, 160, 200], atol=6)


@pytest.mark.parametrize("fps", [5.0, 12.5, 24000 / 1001, 25.0, 30.0, 59.94])
def test_pacing_at_the_sources_own_rate_is_one_to_one(fps: float) -> None:
    pacer = Pacer(fps)
    beats = [pacer.beats(round(k / fps, 3)) for k in range(2000)]
    assert beats == [0] + [1] * 1999


@pytest.mark.parametrize(("source", "video"), [(60.0, 25.0), (10.0, 25.0), (29.97, 30.0), (30.0, 15.0)])
def test_pacing_keeps_the_length(source: float, video: float) -> None:
    pacer = Pacer(video)
    total = sum(pacer.beats(7.0 + k / source) for k in range(1001))
    assert total == pytest.approx(1000 / source * video, abs=1)


def test_a_clock_that_jumps_takes_one_beat() -> None:
    pacer = Pacer(10)
    assert [pacer.beats(t) for t in (5.0, 5.1, 5.1, 2.0, 2.1, 1e9, float("nan"), 3.0, 3.1)] == [0] + [1] * 8


def test_the_frame_is_not_kept(tmp_path: Path, make_frame: MakeFrame) -> None:
    target = tmp_path / "out.mp4"
    image = np.full((48, 64, 3), 200, np.uint8)
    with VideoFileSink(target, 25) as sink:
        for k in range(4):
            sink.write(Frame(image, k, k / 25), [])
            image[:] = 0  # as a caller may who reads into one array
            if k < 3:
                image[:] = 200
    np.testing.assert_allclose(levels(target), [200] * 4, atol=6)


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf"), 5000.0])
def test_impossible_rates(tmp_path: Path, fps: float) -> None:
    with pytest.raises(OutputError, match=r"give a rate of 0\.01 to 1000"):
        VideoFileSink(tmp_path / "out.mp4", fps)


def test_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"use one of \.mp4, \.m4v, \.mov, \.mkv"):
        VideoFileSink(tmp_path / "out.wmv", 25)


def test_opening_leaves_an_existing_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"precious")
    with pytest.raises(OutputError, match="exists already"):
        VideoFileSink(target, 25)
    with VideoFileSink(target, 25, overwrite=True):
        assert target.read_bytes() == b"precious"


def test_a_link_stays_a_link(tmp_path: Path, make_frame: MakeFrame) -> None:
    real, link = tmp_path / "real.mp4", tmp_path / "link.mp4"
    link.symlink_to(real)
    with VideoFileSink(link, 25) as sink:
        sink.write(make_frame(), [])
    assert link.is_symlink()
    assert len(read_back(real)) == 1


def test_a_device_that_refuses_is_found_before_the_first_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutputError, match="Read-only file system; choose another place"):
        VideoFileSink(tmp_path / "out.mp4", 25)


@pytest.fixture
def fake_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a script in the place of ffmpeg."""

    def install(script: str) -> None:
        program = tmp_path / "ffmpeg"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))

    return install


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


def test_an_encoder_that_dies_before_it_reads_is_an_error(
    tmp_path: Path, make_frame: MakeFrame, fake_ffmpeg: Callable[[str], None]
) -> None:
    fake_ffmpeg("exec <&-; echo 'Unknown encoder' >&2; exit 1")
    sink = VideoFileSink(tmp_path / "out.mp4", 25)
    sink.write(make_frame(width=16, height=16), [])  # so small that it waits in the pipe's buffer until the end
    time.sleep(0.2)
    with pytest.raises(OutputError, match="Unknown encoder"):
        sink.close()


def test_no_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(OutputError, match="reinstall imageio-ffmpeg"):
        VideoFileSink(tmp_path / "out.mp4", 25)


def test_no_room_for_the_second_copy_keeps_the_first(
    tmp_path: Path, make_frame: MakeFrame, fake_ffmpeg: Callable[[str], None]
) -> None:
    real = imageio_ffmpeg.get_ffmpeg_exe()
    fake_ffmpeg(f'case "$*" in *faststart*) echo full >&2; exit 1;; *) exec "{real}" "$@";; esac')
    target = tmp_path / "out.mp4"
    with VideoFileSink(target, 25) as sink:
        for k in range(70):
            sink.write(make_frame(k), [])
    assert boxes_of(target).count("moof") == 2
    assert len(read_back(target)) == 70
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ffmpeg", "out.mp4"]


WRITER = """
import resource, sys
import numpy as np
from tracker.errors import OutputError
from tracker.output.video_file import VideoFileSink
from tracker.video.base import Frame
target, limit = sys.argv[1], int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
noise = np.random.default_rng(0).integers(0, 255, (8, 120, 160, 3), dtype=np.uint8)
try:
    with VideoFileSink(target, 25) as sink:
        for index in range(100_000):
            sink.write(Frame(noise[index % 8], index, index / 25), [])
            if index == 200:
                print("going", flush=True)
except OutputError as error:
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
    deadline = time.monotonic() + 20
    while len(read_back(target)) < 195:  # the encoder sees the end of its input, and finishes by itself
        assert time.monotonic() < deadline
        time.sleep(0.1)
