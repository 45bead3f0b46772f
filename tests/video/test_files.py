import logging
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from tracker.video.base import Frame
from tracker.video.sources import open_source


def frames_of(path: Path | str, **span: float) -> list[Frame]:
    with open_source(path, **span) as source:
        return list(source)


def damaged(source: Path, target: Path, first: float, last: float) -> Path:
    """Copy a file with the bytes between two shares of its length replaced by zeros."""
    data = bytearray(source.read_bytes())
    start, stop = int(first * len(data)), int(last * len(data))
    data[start:stop] = bytes(stop - start)
    target.write_bytes(data)
    return target


def test_every_frame_comes_with_its_number_and_time(clip: Path) -> None:
    with open_source(clip) as source:
        assert (source.info.name, source.info.width, source.info.height) == ("clip.mp4", 160, 120)
        assert (source.info.fps, source.info.frame_count, source.info.live) == (30.0, 90, False)
        frames = list(source)
    assert [frame.index for frame in frames] == list(range(90))
    assert [frame.timestamp for frame in frames] == pytest.approx([i / 30 for i in range(90)], abs=1e-3)


def test_pictures_are_those_that_opencv_reads(clip: Path) -> None:
    capture = cv2.VideoCapture(str(clip))
    for frame in frames_of(clip, end=20):
        _, expected = capture.read()
        np.testing.assert_array_equal(frame.image, expected)


def test_a_start_is_exact_between_key_frames(clip: Path) -> None:
    everything = frames_of(clip)
    for start, number in ((43, 43), (1.5, 45)):
        part = frames_of(clip, start=start, end=60, stride=4)
        assert [frame.index for frame in part] == list(range(number, 60, 4))
        for frame in part:
            np.testing.assert_array_equal(frame.image, everything[frame.index].image)


def test_variable_frame_rate_keeps_the_true_times(clip: Path, ffmpeg, tmp_path: Path) -> None:
    path = tmp_path / "variable.mp4"
    keep = "select='lt(n,30)+not(mod(n,3))'"  # a second of 30 frames, then two of 10
    ffmpeg("-i", clip, "-vf", keep, "-fps_mode", "vfr", "-c:v", "libx264", path)
    true_times = [n / 30 for n in range(90) if n < 30 or n % 3 == 0]
    assert [frame.timestamp for frame in frames_of(path)] == pytest.approx(true_times, abs=1e-3)
    assert [frame.timestamp for frame in frames_of(path, start=2.0, end=2.5)] == pytest.approx(
        [t for t in true_times if 2.0 <= t < 2.5], abs=1e-3
    )


def test_a_raw_stream_has_no_count_and_gets_times_from_the_rate(clip: Path, ffmpeg, tmp_path: Path) -> None:
    path = tmp_path / "raw.h264"
    ffmpeg("-i", clip, "-c", "copy", "-f", "h264", path)
    with open_source(path) as source:
        assert source.info.frame_count is None
        frames = list(source)
    assert len(frames) == 90
    assert [frame.timestamp for frame in frames] == pytest.approx([i / source.info.fps for i in range(90)])


@pytest.mark.parametrize(
    ("degrees", "turn"),
    [(0, None), (90, cv2.ROTATE_90_COUNTERCLOCKWISE), (180, cv2.ROTATE_180), (270, cv2.ROTATE_90_CLOCKWISE)],
)
def test_rotation_metadata_is_applied(degrees: int, turn: int | None, clip: Path, ffmpeg, tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", str(degrees), "-i", clip, "-c", "copy", path)
    with open_source(path) as source:
        for upright, frame in zip(frames_of(clip, end=5), source, strict=False):
            expected = upright.image if turn is None else cv2.rotate(upright.image, turn)
            assert frame.image.shape == (source.info.height, source.info.width, 3)
            assert np.abs(frame.image.astype(int) - expected).mean() < 1.0


def test_damage_in_the_middle_is_passed_over_and_counted(clip: Path, tmp_path: Path) -> None:
    with open_source(damaged(clip, tmp_path / "damaged.mp4", 0.5, 0.6)) as source:
        frames = list(source)
    assert source.bad_frames > 0
    assert len(frames) + source.bad_frames == 90
    assert frames[-1].index == 89
    assert frames[-1].timestamp == pytest.approx(89 / 30, abs=1e-3)
    assert all(abs(frame.timestamp - frame.index / 30) < 1e-3 for frame in frames)


@pytest.mark.parametrize("suffix", [".ts", ".avi", ".mkv"])
def test_damage_in_other_containers_leaves_a_source_that_goes_on(
    suffix: str, clip: Path, ffmpeg, tmp_path: Path
) -> None:
    whole = tmp_path / f"whole{suffix}"
    ffmpeg("-i", clip, "-c", "copy", whole)
    frames = frames_of(damaged(whole, tmp_path / f"damaged{suffix}", 0.45, 0.5))
    assert len(frames) > 45
    assert all(a.timestamp < b.timestamp for a, b in pairwise(frames))


def test_a_file_cut_short_gives_what_it_has_and_says_so(clip: Path, tmp_path: Path, caplog) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    with caplog.at_level(logging.WARNING):
        frames = frames_of(path)
    assert 10 < len(frames) < 80
    assert "cut.mp4 gave" in caplog.text
    assert "of about 90 frames" in caplog.text


def test_a_whole_file_and_a_part_asked_for_give_no_warning(clip: Path, caplog) -> None:
    frames_of(clip)
    frames_of(clip, end=10)
    assert not caplog.records


@pytest.mark.parametrize(
    "name",
    [
        "with space.mp4",
        "ünïcødé 视频.mp4",
        "100%.mp4",
        "%03d.mp4",
        "a#b?.mp4",
        "x[1].mp4",
        "a:b.mp4",
        "*.mp4",
        "7",
        "none",
        "wrong.txt",
    ],
)
def test_any_file_name_opens(name: str, clip: Path, tmp_path: Path) -> None:
    path = shutil.copy(clip, tmp_path / name)
    assert len(frames_of(path, end=2)) == 2
    assert len(frames_of(str(path), end=2)) == 2


def test_relative_names_that_look_like_something_else(clip: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("0", "synth:smooth", "http:x"):
        shutil.copy(clip, name)
        assert len(frames_of(f"./{name}", end=2)) == 2


def test_home_is_expanded(clip: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    shutil.copy(clip, tmp_path / "mine.mp4")
    assert len(frames_of("~/mine.mp4", end=2)) == 2


def test_a_folder_may_be_called_like_a_video(pictures: Path, tmp_path: Path) -> None:
    folder = pictures.rename(tmp_path / "folder.mp4")
    assert len(frames_of(folder)) == 12


def test_a_damaged_file_writes_nothing_to_the_terminal(clip: Path, tmp_path: Path) -> None:
    path = damaged(clip, tmp_path / "damaged.mp4", 0.5, 0.6)
    code = f"from tracker.video.sources import open_source\nfor _ in open_source({str(path)!r}): pass"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_importing_and_opening_change_no_global_state(clip: Path) -> None:
    code = (
        "import os, cv2\n"
        "log = getattr(cv2.utils, 'logging', cv2)\n"
        "level, env = log.getLogLevel(), dict(os.environ)\n"
        "from tracker.video.sources import open_source\n"
        f"open_source({str(clip)!r}).close()\n"
        "assert (level, env) == (log.getLogLevel(), dict(os.environ))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
