"""Damaged files of every kind: frames or one clear error; no crash, no hang, no end without a word.

The mutations are drawn by hypothesis from fixed seeds; each file is opened in a process of its own, since a decoder may
take its process down.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.video.conftest import Ffmpeg
from tests.video.fuzz_child import FRAMES

TIMEOUT = 60.0
"""Seconds that a file of a few kilobytes may take on a slow machine."""

KINDS = {
    "plain.mp4": ("-c:v", "libx264", "-movflags", "+faststart"),
    "fragmented.mp4": ("-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"),
    "plain.mov": ("-c:v", "mjpeg"),
    "plain.mkv": ("-c:v", "libx264"),
    "plain.webm": ("-c:v", "libvpx"),
    "plain.avi": ("-c:v", "mpeg4"),
    "plain.ts": ("-c:v", "libx264"),
    "fields.mts": ("-c:v", "libx264", "-vf", "setfield=tff", "-flags", "+ildct+ilme", "-f", "mpegts",
                   "-mpegts_m2ts_mode", "1"),
    "fields.mpg": ("-c:v", "mpeg2video", "-vf", "setfield=tff", "-flags", "+ildct+ilme"),
    "plain.flv": ("-c:v", "flv1"),
    "plain.wmv": ("-c:v", "wmv2"),
    "plain.ogv": ("-c:v", "libtheora"),
    "raw.h264": ("-c:v", "libx264"),
    "raw.y4m": ("-pix_fmt", "yuv420p"),
    "deep.mkv": ("-pix_fmt", "gray16le", "-c:v", "ffv1"),
    "moving.gif": (),
    "moving.png": ("-f", "apng"),
    "moving.webp": ("-c:v", "libwebp_anim"),
    "row.jpg": ("-f", "mjpeg"),
    "row.ppm": ("-f", "image2pipe", "-c:v", "ppm"),
    "still.png": ("-frames:v", "1", "-update", "1"),
    "still.jpg": ("-frames:v", "1", "-update", "1"),
    "still.bmp": ("-frames:v", "1", "-update", "1"),
}  # fmt: skip
ALL = [*KINDS, "stack.tif", "float.tif"]


class Child:
    """A process that opens files; a new one follows one that has died."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.video.fuzz_child"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._answers: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._listen, args=(self._process, self._answers), daemon=True).start()

    @staticmethod
    def _listen(process: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            answers.put(line)
        answers.put(b"")

    def open(self, path: Path) -> dict[str, object]:
        """Return what came of a file; how the process died, where it did."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(str(path)).encode() + b"\n")
        self._process.stdin.flush()
        try:
            line = self._answers.get(timeout=TIMEOUT)
        except queue.Empty:
            line = b'{"unexpected": "no answer"}'
            self._process.kill()
        if line and b"no answer" not in line:
            found = json.loads(line)
            assert isinstance(found, dict)
            return found
        code = self._process.wait()
        self.close()
        self._start()
        return {"unexpected": f"the process ended with {code}"}

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    process = Child()
    yield process
    process.close()


@pytest.fixture(scope="module")
def originals(ffmpeg: Ffmpeg, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Return the bytes of a small sound file of a kind, made when first asked for."""
    folder = tmp_path_factory.mktemp("originals")

    def original(name: str) -> bytes:
        path = folder / name
        if not path.exists():
            if name in KINDS:
                noise = "testsrc2=s=64x48:r=25:d=0.6,noise=alls=30:allf=t:all_seed=1"  # no two frames are alike
                pixels = () if "-pix_fmt" in KINDS[name] or path.suffix in (".gif", ".png") else ("-pix_fmt", "yuv420p")
                ffmpeg("-f", "lavfi", "-i", noise, *pixels, *KINDS[name], path)
            else:
                kind = np.float32 if name.startswith("float") else np.uint8
                pages = np.random.default_rng(0).integers(0, 255, (5, 24, 32)).astype(kind)
                cv2.imwritemulti(str(path), list(pages))
        return path.read_bytes()

    return original


@st.composite
def damages(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Draw a way to damage a file: bytes changed, cut out, doubled, zeroed, or the end missing."""
    edits = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["set", "zero", "cut", "twice", "end", "huge"]),
                st.one_of(st.floats(0, 1), st.floats(0, 0.05)),
                st.integers(1, 400),
                st.integers(0, 255),
            ),
            min_size=1,
            max_size=5,
        )
    )

    def damaged(data: bytes) -> bytes:
        for kind, share, length, value in edits:
            at = int(share * max(0, len(data) - 1))
            middle = data[at : at + length]
            replaced = {
                "set": bytes([value]) * min(8, len(middle)),
                "zero": bytes(len(middle)),
                "cut": b"",
                "twice": middle * 2,
                "huge": b"\xff\xff\xff\xff",
            }
            data = data[:at] if kind == "end" else data[:at] + replaced[kind] + data[at + len(middle) :]
        return data

    return damaged


@pytest.mark.parametrize("name", ALL)
def test_what_is_sound_gives_its_frames(
    name: str, child: Child, originals: Callable[[str], bytes], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(originals(name))
    found = child.open(tmp_path / name)
    assert found["frames"] == (FRAMES if name.startswith("still") else 5 if name.endswith(".tif") else 15), found


@pytest.mark.parametrize("name", ALL)
def test_what_is_damaged_gives_frames_or_a_reason(
    name: str, child: Child, originals: Callable[[str], bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("damaged") / name
    data = originals(name)

    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(damages())
    def check(damaged: Callable[[bytes], bytes]) -> None:
        path.write_bytes(damaged(data))
        found = child.open(path)
        if "error" in found:
            assert "\n" not in str(found["error"])
            assert found["error"]
        else:
            assert found.get("frames"), found
            assert found["shapes"] == 1

    check()
