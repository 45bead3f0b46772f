from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.helpers import Cli, count_frames
from tests.output.test_kept import FLASH, loud_from, make_clip
from tests.output.video_reading import stream_info
from tracker.video.sources import open_source

SCENE = "synth:smooth:frames=30:size=320x180:seed=1"


def roi(scene: str) -> str:
    with open_source(scene) as source:
        return ",".join(f"{value:.0f}" for value in source.truth(0))  # type: ignore[attr-defined]  # scenes have it


def first_picture(path: Path) -> np.ndarray:
    capture = cv2.VideoCapture(str(path))
    _, image = capture.read()
    capture.release()
    return image


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        (["--aspect", "9:16"], (180, 102, 3)),
        (["--size", "90x160"], (160, 90, 3)),
        (["--aspect", "1:1", "--crop", "0.5"], (90, 90, 3)),
        (["--stabilize"], (90, 160, 3)),
        (["--aspect", "1:1", "--fill", "0.5", "--size", "100x100"], (100, 100, 3)),
    ],
)
def test_it_writes_every_frame_in_the_shape_asked_for(
    cli: Cli, tmp_path: Path, options: list[str], shape: tuple[int, int, int]
) -> None:
    out = tmp_path / "out.mp4"
    shown = cli("reframe", SCENE, "--roi", roi(SCENE), *options, "-o", str(out))
    assert (shown.code, shown.out) == (0, "")
    assert "30 frames" in shown.err
    assert str(out) in shown.err
    assert first_picture(out).shape == shape
    assert count_frames(out) == 30


def test_an_effect_is_put_on_before(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    words = ["--roi", roi(SCENE), "--aspect", "1:1", "--effect", "solid:invert", "-o", str(out), "-q"]
    shown = cli("reframe", SCENE, *words)
    assert (shown.code, shown.err) == (0, "")
    image = first_picture(out)
    assert (np.abs(image.astype(int) - 32).max(axis=2) < 6).mean() > 0.6


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--aspect", "9:16"], 2, "where is the target"),
        (["--roi", "10,10,20,20", "--aspect", "tall"], 2, "no aspect"),
        (["--roi", "10,10,20,20", "--size", "91x160"], 2, "no size"),
        (["--roi", "10,10,20,20", "--aspect", "1:1", "--size", "90x160"], 2, "give one of the two"),
        (["--roi", "10,10,20,20", "--crop", "2"], 2, "crop=2"),
        (["--roi", "10,10,20,20", "--effect", "blu"], 2, "did you mean 'blur'"),
        (["--roi", "10,10,20,20,", "--roi-file", "x"], 2, "give one of them"),
    ],
)
def test_what_is_not_possible_is_told_and_nothing_written(
    cli: Cli, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    out = tmp_path / "out.mp4"
    shown = cli("reframe", SCENE, *words, "-o", str(out))
    assert shown.code == code
    assert said in shown.err
    assert not out.exists()


def test_a_live_source_is_refused(cli: Cli, tmp_path: Path) -> None:
    shown = cli("reframe", "rtsp://host/x", "--roi", "1,1,9,9", "-o", str(tmp_path / "out.mp4"))
    assert shown.code == 2
    assert "record it first" in shown.err


def test_an_existing_file_is_kept(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"mine")
    assert cli("reframe", SCENE, "--roi", roi(SCENE), "-o", str(out)).code == 6
    assert out.read_bytes() == b"mine"


def test_the_sound_is_kept(cli: Cli, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", "-vf", "drawbox=c=red:t=fill:x=20:y=20:w=12:h=12")
    words = ["--roi", "20,20,12,12", "--aspect", "1:1", "-q"]
    assert cli("reframe", clip, *words, "-o", tmp_path / "out.mp4").code == 0
    assert "Audio: aac" in stream_info(tmp_path / "out.mp4")
    assert loud_from(tmp_path / "out.mp4") == pytest.approx(FLASH[0], abs=0.04)
    assert cli("reframe", clip, *words, "--no-audio", "-o", tmp_path / "quiet.mp4").code == 0
    assert "Audio" not in stream_info(tmp_path / "quiet.mp4")
