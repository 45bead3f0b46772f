"""`tracker probe`: what a source is and how it is read, as text and as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest


def make(path: Path, *coding: str) -> Path:
    head = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=1"]
    subprocess.run([*head, *coding, str(path)], check=True, timeout=60)
    return path


def probe(*words: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "probe", *map(os.fsencode, words)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def facts_of(path: Path | str, code: int = 0) -> dict[str, object]:
    returned, out, _ = probe(path, "--json")
    assert returned == code
    facts = json.loads(out)
    assert isinstance(facts, dict)
    return facts


def test_a_video_and_why_opencv_reads_it(tmp_path: Path) -> None:
    sound = ("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")
    path = make(tmp_path / "a.mp4", *sound, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-vf", "setsar=4/3")
    facts = facts_of(path)
    expected = {
        "kind": "video file", "content": "video", "format": "MP4", "reader": "OpenCV", "codec": "h264", "width": 160,
        "height": 120, "frames": 25, "fps": 25.0, "nominal_fps": 25.0, "fields": "progressive", "rotation": 0.0,
        "shown_size": "213x120", "coded_size": "160x120", "pixel_format": "yuv420p", "duration": 1.0, "cover": False,
    }  # fmt: skip
    assert expected.items() <= facts.items()
    assert str(facts["sound"]).startswith("aac")
    assert str(facts["first_frame"]).startswith("decoded, 160x120 at 0.000 s")
    code, text, _ = probe(path)
    assert code == 0
    assert {line.split("  ")[0] for line in text.splitlines()} == {name.replace("_", " ") for name in facts}


def test_interlaced_and_turned(tmp_path: Path) -> None:
    coding = ("-vf", "setfield=tff", "-flags", "+ildct+ilme", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    path = make(tmp_path / "flat.mkv", *coding)
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-display_rotation", "90", "-i", path, "-c", "copy",
         tmp_path / "turned.mov"], check=True, timeout=60,
    )  # fmt: skip
    facts = facts_of(tmp_path / "turned.mov")
    assert (facts["reader"], facts["fields"], facts["rotation"]) == ("ffmpeg", "top first", 90.0)
    assert (facts["width"], facts["height"], facts["shown_size"]) == (120, 160, "120x160")
    assert "interlaced" in str(facts["reason"])


@pytest.mark.parametrize("name", ["stack.tif", "folder", "one.png"])
def test_pictures(name: str, tmp_path: Path) -> None:
    pictures = [np.full((24, 32), 29000 + number, np.uint16) for number in range(3)]
    if name == "stack.tif":
        cv2.imwritemulti(str(tmp_path / name), pictures)
    elif name == "one.png":
        cv2.imwrite(str(tmp_path / name), pictures[0])
    else:
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "1.png"), pictures[0])
    facts = facts_of(tmp_path / name)
    assert (facts["width"], facts["height"]) == (32, 24)
    assert str(facts["first_frame"]).startswith("decoded")


def test_what_cannot_be_read_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    path = make(tmp_path / "cut.mp4", "-c:v", "libx264")
    path.write_bytes(path.read_bytes()[:4000])
    facts = facts_of(path, 3)
    assert (facts["bytes"], facts["format"], facts["reader"]) == (4000, "MP4", None)
    assert "the index of the MP4 is missing" in str(facts["error"])
    assert facts_of(tmp_path / "none.mp4", 3)["error"]


def test_secrets_and_strange_names_are_safe(tmp_path: Path) -> None:
    code, out, err = probe("http://me:p@ss@127.0.0.1:9/a.mp4?token=hidden")
    assert code == 3
    assert "ss@" not in out + err
    assert "hidden" not in out + err
    code, out, err = probe("rtsp://me:p@ss@127.0.0.1:9/a")
    assert (code, out) == (3, "")
    assert "rtsp://127.0.0.1:9/a is live" in err
    strange = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp4")
    make(tmp_path / "a.mp4", "-c:v", "libx264").rename(strange)
    code, out, err = probe(strange)
    assert (code, err) == (0, "")
    assert "\\xff.mp4" in out
