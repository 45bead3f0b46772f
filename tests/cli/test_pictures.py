"""What `track -o` makes: effects, sound, pictures that move by themselves, files of pictures, a pipe."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.helpers import ROI, Cli, count_frames
from tests.output.test_kept import length_of, make_clip
from tests.output.video_reading import stream_info


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".gif", ".webp"])
def test_every_format_holds_every_frame(cli: Cli, folder: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    assert cli("track", folder, "--roi", ROI, "-o", out, "-q").code == 0
    assert suffix == ".webp" or count_frames(out) == 10
    assert f"Video: {suffix[1:] if suffix in ('.gif', '.webp') else 'h264'}" in stream_info(out)


def test_files_of_pictures(cli: Cli, folder: Path, tmp_path: Path) -> None:
    assert cli("track", folder, "--roi", ROI, "-o", tmp_path / "f-%03d.png", "-q").code == 0
    assert len(list(tmp_path.glob("f-*.png"))) == 10
    shown = cli("track", folder, "--roi", ROI, "-o", tmp_path / "one.png")
    assert (shown.code, "one-%06d.png" in shown.err) == (6, True)


def test_a_pipe_gets_a_video(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tracker", "track", str(folder), "--roi", ROI, "-o", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    piped = tmp_path / "piped.mkv"
    piped.write_bytes(done.stdout)
    assert count_frames(piped) == 10
    assert b"10 frames" in done.stderr


def test_a_pipe_takes_one_output(cli: Cli, folder: Path) -> None:
    shown = cli("track", folder, "--roi", ROI, "-o", "-", "--csv", "-")
    assert (shown.code, "two outputs" in shown.err) == (6, True)


def test_an_effect_is_on_the_target_in_the_video_and_nowhere_else(cli: Cli, folder: Path, tmp_path: Path) -> None:
    words = [
        "track",
        folder,
        "--roi",
        ROI,
        "-o",
        tmp_path / "out-%d.png",
        "--effect",
        "solid:shape=box",
        "--draw",
        "none",
    ]
    assert cli(*words, "-q", "--record", tmp_path / "raw.mkv").code == 0
    image = cv2.imread(str(tmp_path / "out-5.png"))
    assert (image[28:32, 30:40] == 32).all()
    assert np.abs(image[60:, :20].astype(int) - 110).max() < 3
    capture = cv2.VideoCapture(str(tmp_path / "raw.mkv"))
    assert (capture.read()[1][28:32, 15:25] != 32).any()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--effect", "blur"], "give --output"),
        (["--effect", "blu", "-o", "out.mp4"], "did you mean 'blur'"),
    ],
)
def test_an_effect_that_is_not_possible_is_told(cli: Cli, folder: Path, words: list[str], said: str) -> None:
    shown = cli("track", folder, "--roi", ROI, *words)
    assert (shown.code, said in shown.err) == (2, True)


def test_sound_is_kept_unless_told_otherwise(cli: Cli, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", "-vf", "drawbox=c=red:t=fill:x=20:y=20:w=12:h=12")
    for words, kept in (([], True), (["--no-audio"], False)):
        out = tmp_path / f"out{kept}.mp4"
        assert cli("track", clip, "--roi", "20,20,12,12", "-o", out, "-q", *words).code == 0
        assert ("Audio: aac" in stream_info(out)) == kept
        assert length_of(out) == pytest.approx(3.0, abs=0.04)


def test_what_is_drawn_can_be_chosen_in_a_line_or_a_file(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "style.yaml").write_text("parts: [box]\ncolor: target\n")
    for name, draw in (("line", "box,color=target"), ("file", tmp_path / "style.yaml"), ("none", "none")):
        words = ["--draw", draw, "-o", tmp_path / f"{name}-%d.png", "-q"]
        assert cli("track", folder, "--roi", ROI, *words).code == 0
    line, file, none = (cv2.imread(str(tmp_path / f"{name}-5.png")) for name in ("line", "file", "none"))
    assert (line == file).all()
    assert (line != none).any()
    shown = cli("track", folder, "--roi", ROI, "--draw", "boxes", "-o", tmp_path / "out.mp4")
    assert (shown.code, "did you mean 'box'" in shown.err) == (2, True)


def test_what_is_in_the_box_is_cut_out(cli: Cli, folder: Path, tmp_path: Path) -> None:
    assert cli("track", folder, "--roi", ROI, "--crops", tmp_path / "crop-%02d.png", "-q").code == 0
    files = sorted(tmp_path.glob("crop-*.png"))
    assert [path.name for path in files] == [f"crop-{n:02d}.png" for n in range(10)]
    image = cv2.imread(str(files[5]))
    assert image.shape[0] in range(16, 25)
    assert (np.ptp(image, axis=2) > 100).mean() > 0.7  # the target is colored, the rest gray


def test_the_crops_of_several_targets_have_their_numbers(cli: Cli, folder: Path, tmp_path: Path) -> None:
    words = ["--roi", f"a={ROI}", "--roi", "b=60,50,15,15", "--crops", tmp_path / "%d.png", "-q"]
    assert cli("track", folder, *words).code == 0
    assert {"0-0.png", "0-1.png"} <= {path.name for path in tmp_path.iterdir()}


def test_motion_is_measured_beside(cli: Cli, folder: Path, tmp_path: Path) -> None:
    """The target goes by 3 px a frame, 10 frames a second, 30 px a meter: one meter a second."""
    out = tmp_path / "motion.csv"
    words = ["--fps", "10", "--motion", out, "--scale", "1m=30px"]
    assert cli("track", folder, "--roi", ROI, *words, "-q").code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert len(rows) == 10
    assert float(rows[5]["vx"]) == pytest.approx(1.0, abs=0.1)
    assert (rows[5]["unit"], rows[5]["time"]) == ("m", "0.5")
    shown = cli("track", folder, "--roi", ROI, "--scale", "1m=30px")
    assert (shown.code, "give --motion" in shown.err) == (2, True)
