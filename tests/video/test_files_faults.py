"""Files that are no video, or cannot be read: one clear line each, and nothing on the terminal."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tracker.errors import SourceError
from tracker.video.sources import open_source
from tracker.video.video_file import Inspected


def write_text(path: Path, clip: Path, ffmpeg) -> None:
    path.write_text("this is no video\n" * 50)


def write_nothing(path: Path, clip: Path, ffmpeg) -> None:
    path.touch()


def write_noise(path: Path, clip: Path, ffmpeg) -> None:
    path.write_bytes(np.random.default_rng(0).bytes(5000))


def write_without_index(path: Path, clip: Path, ffmpeg) -> None:
    ffmpeg("-i", clip, "-c", "copy", path)  # the index goes to the end
    path.write_bytes(path.read_bytes()[:-3000])


def write_sound(path: Path, clip: Path, ffmpeg) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=d=0.2", path)


def write_no_picture(path: Path, clip: Path, ffmpeg) -> None:
    path.write_bytes(clip.read_bytes()[:3500])  # the index and not one picture


@pytest.mark.parametrize(
    ("name", "write", "message"),
    [
        ("missing.mp4", None, "does not exist: check the path"),
        ("missing.png", None, "does not exist: check the path"),
        ("empty.mp4", write_nothing, r"is empty \(0 bytes\): copy or record it again"),
        ("text.mp4", write_text, "is a text file, not a video: give a video file"),
        ("noise.mp4", write_noise, "holds no video that can be decoded"),
        ("cut.mp4", write_without_index, r"is cut short \(the index of the MP4 is missing\)"),
        ("sound.mp4", write_sound, "holds sound but no picture"),
        ("sound.wav", write_sound, "holds sound but no picture"),
        ("sound.flac", write_sound, "holds sound but no picture"),
        ("empty.png", write_nothing, "is no picture that OpenCV can decode"),
        ("text.jpg", write_text, "is no picture that OpenCV can decode"),
        ("hollow.mp4", write_no_picture, "holds no frame that can be decoded"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    name: str, write, message: str, clip: Path, ffmpeg, tmp_path: Path, capfd
) -> None:
    path = tmp_path / name
    if write is not None:
        write(path, clip, ffmpeg)
    with pytest.raises(SourceError, match=message) as error, open_source(path) as source:
        list(source)
    assert name in str(error.value)
    assert "\n" not in str(error.value)
    assert capfd.readouterr().err == ""


def test_the_decoder_keeps_off_the_terminal(clip: Path, ffmpeg, tmp_path: Path) -> None:
    path = tmp_path / "noise.mp4"
    write_noise(path, clip, ffmpeg)
    code = f"from tracker import open_source\ntry: open_source({str(path)!r})\nexcept OSError: print('refused')"
    environment = {key: value for key, value in os.environ.items() if key != "OPENCV_FFMPEG_LOGLEVEL"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout == "refused\n"
    assert done.stderr == ""


def test_a_file_without_permission(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    path = tmp_path / "locked.mp4"
    path.touch()
    with pytest.raises(SourceError, match=r"locked.mp4 cannot be read \(Permission denied\): check its permissions"):
        Inspected.of_file(path)


def test_what_the_file_system_refuses_is_said_in_one_line(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(SourceError, match=r"cannot be read \(File name too long\): check the path"):
        open_source("x" * 5000)

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SourceError, match=r"cannot be read \(Permission denied\): check the path and its permissions"):
        open_source(tmp_path)


def test_a_device_is_no_video_file() -> None:
    with pytest.raises(SourceError, match="is no regular file"):
        open_source("/dev/null")


@pytest.mark.parametrize("spec", [None, 3.5])
def test_a_kind_not_in_the_table_is_named(spec: object) -> None:
    with pytest.raises(SourceError, match=r"is no source that can be opened: give a .*video file"):
        open_source(spec)


@pytest.mark.parametrize(("spec", "said"), [("", "the source has no name"), ("-", "comes through a pipe")])
def test_what_names_nothing_is_told(spec: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        open_source(spec)
