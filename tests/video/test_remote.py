"""Clips on a web server: read once and whole, or refused with the reason."""

from __future__ import annotations

import contextlib
import logging
import shutil
import socket
import threading
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from tests.local_web import Quiet, web_server
from tracker.errors import SourceError
from tracker.video import remote
from tracker.video.sources import is_live, open_source

FRAMES = 60


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise, so that the file is too large for the buffers on its way."""
    path = tmp_path_factory.mktemp("served") / "a clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (320, 240))
    noise = np.random.default_rng(0).integers(0, 255, (FRAMES, 240, 320, 3), np.uint8)
    for image in noise:
        writer.write(image)
    writer.release()
    return path


class Breaking(Quiet):
    """Breaks off in the middle of a file."""

    def copyfile(self, source: object, outputfile: object) -> None:
        data = Path(self.translate_path(self.path)).read_bytes()
        self.wfile.write(data[: len(data) // 2])


def test_every_frame_comes_as_from_the_file(clip: Path) -> None:
    with web_server(clip.parent) as address, open_source(f"{address}/a%20clip.avi?token=1") as source:
        assert (source.info.name, source.info.live, source.info.frame_count) == ("a clip.avi", False, FRAMES)
        remote = list(source)
    with open_source(clip) as source:
        local = list(source)
    assert len(remote) == FRAMES
    for here, there in zip(local, remote, strict=True):
        assert (here.index, here.timestamp) == (there.index, there.timestamp)
        np.testing.assert_array_equal(here.image, there.image)


def test_a_part_of_it(clip: Path) -> None:
    with web_server(clip.parent) as address:
        shouted = f"{address}/a%20clip.avi".replace("http", "HTTP")
        with open_source(shouted, start=10, end=1.0) as source:
            assert [frame.index for frame in source] == list(range(10, 25))


def test_a_broken_connection_ends_it_with_a_warning(clip: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.WARNING),
        web_server(clip.parent, Breaking) as address,
        open_source(f"{address}/a%20clip.avi") as source,
    ):
        frames = list(source)
    assert 10 < len(frames) < 0.7 * FRAMES
    assert f"gave {len(frames)} of about {FRAMES} frames: it may be cut short" in caplog.text


def test_what_is_not_there_or_no_video_says_why(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    with web_server(tmp_path) as address:
        with pytest.raises(SourceError, match=r"none.mp4 cannot be opened \(.*404.*\): check the address"):
            open_source(f"{address}/none.mp4")
        with pytest.raises(SourceError, match=r"text.mp4 cannot be opened \(.*[Ii]nvalid data.*\)"):
            open_source(f"{address}/text.mp4")
    with pytest.raises(SourceError, match=r"//127.0.0.1:\d+/none.mp4 cannot be opened \(.*refused.*\)"):
        open_source(f"{address.replace('//', '//me:secret@')}/none.mp4")


def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.video.remote.TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/clip.mp4"
        with pytest.raises(SourceError, match=r"clip.mp4 cannot be opened \(.*timed out.*\)"):
            open_source(address)


@pytest.mark.parametrize(
    ("spec", "live"),
    [
        ("https://host/clip.mp4", False),
        ("HTTP://me:secret@host:8080/a/b/clip.WebM?x=1#t=3", False),
        ("http://host/live.m3u8", True),
        ("http://host/cam", True),
        ("http://host/channel.ts", True),
        ("http://host/view?file=clip.mp4", True),
        ("http://clip.mp4", True),
        ("rtsp://host/clip.mp4", True),
        ("clip.mp4", False),
    ],
)
def test_the_address_tells_a_clip_from_a_stream(spec: str, live: bool) -> None:
    assert is_live(spec) is live


class Dripping(Quiet):
    """Sends its head, or what comes after it, a byte at a time: no read ever waits long."""

    drip = "body"
    over = threading.Event()

    def do_GET(self) -> None:  # noqa: N802 - the name that is called
        data = Path(self.translate_path(self.path)).read_bytes()
        head = f"HTTP/1.0 200 OK\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        with contextlib.suppress(OSError):
            if self.drip == "body":
                self.wfile.write(head)
                head = data
            elif self.drip == "rest":
                self.wfile.write(head + data[:5000])
                head = data[5000:]
            for byte in head:
                if self.over.wait(0.02):
                    return
                self.wfile.write(bytes([byte]))


@pytest.mark.parametrize("drip", ["head", "body", "rest"])
def test_a_dripping_server_is_given_up(clip: Path, monkeypatch: pytest.MonkeyPatch, drip: str) -> None:
    monkeypatch.setattr(remote, "TIMEOUT", 0.3)
    monkeypatch.setattr(remote, "_HEAD_TIMEOUT", 0.3)
    monkeypatch.setattr(Dripping, "drip", drip)
    monkeypatch.setattr(Dripping, "over", threading.Event())
    with web_server(clip.parent, Dripping) as address:
        with pytest.raises(SourceError, match="sends too slowly"):
            open_source(f"{address}/a%20clip.avi")
        Dripping.over.set()


def test_a_clip_that_does_not_end_is_refused(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - the name that is called
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + clip.read_bytes())

    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=remote._SPARE + 100_000))
    with web_server(clip.parent, Endless) as address, pytest.raises(SourceError, match="does not end"):
        open_source(f"{address}/a%20clip.avi")


def test_a_clip_with_large_pictures_is_refused_before_it_is_decoded(clip: Path) -> None:
    with web_server(clip.parent) as address, pytest.raises(SourceError, match=r"320 x 240\): up to 0.1 megapixels"):
        open_source(f"{address}/a%20clip.avi", most_pixels=70_000)
