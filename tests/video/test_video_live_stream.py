"""Streams from real senders, and everything that goes wrong with them."""

from __future__ import annotations

import contextlib
import functools
import http.server
import itertools
import logging
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from video_live_senders import (
    PATIENT,
    Sender,
    byte_server,
    free_port,
    mute_server,
    rtsp_server,
    tcp_sender,
    wait_for_listener,
)

from tracker.errors import SourceError
from tracker.session import Session
from tracker.tracking.result import TrackState
from tracker.video.base import Frame
from tracker.video.live.source import LiveSource
from tracker.video.live.stream import Address
from tracker.video.sources import open_source


def open_live(url: str, **changes: float) -> LiveSource:
    source = open_source(url, live=replace(PATIENT, **changes))
    assert isinstance(source, LiveSource)
    return source


def take(source: LiveSource, count: int) -> list[Frame]:
    return [frame for frame, _ in zip(source, range(count), strict=False)]


@contextlib.contextmanager
def sending(port: int, picture: str = "testsrc=s=160x120:r=30") -> Iterator[str]:
    with tcp_sender(port, picture):
        yield f"tcp://127.0.0.1:{port}"


def test_a_stream_is_a_source() -> None:
    with sending(free_port()) as url, open_live(url) as source:
        frames = take(source, 10)
        assert (source.info.width, source.info.height, source.info.fps, source.info.live) == (160, 120, 30.0, True)
    assert [frame.image.shape for frame in frames] == [(120, 160, 3)] * 10
    assert all(a.index < b.index and a.timestamp < b.timestamp for a, b in itertools.pairwise(frames))
    assert all(frame.image.flags.writeable and frame.image.flags.c_contiguous for frame in frames)


def test_the_picture_is_upright_and_in_the_right_colors(tmp_path: Path) -> None:
    # Red, green and blue in three corners; an odd width, whose rows are padded on the way.
    corners = (
        "color=black:s=102x76:r=30,drawbox=0:0:40:30:red:fill,drawbox=62:0:40:30:lime:fill,drawbox=0:46:40:30:blue:fill"
    )
    with sending(free_port(), corners) as url, open_live(url) as source:
        image = take(source, 1)[0].image
    for (x, y), channel in {(15, 10): 2, (85, 10): 1, (15, 60): 0}.items():
        assert int(image[y, x].argmax()) == channel
        assert image[y, x, channel] > 180
    assert image[60, 85].max() < 60


def test_mjpeg_over_http() -> None:
    port = free_port()
    with Sender(
        *("-f", "mpjpeg", "-content_type", "multipart/x-mixed-replace;boundary=ffmpeg", "-listen", "1"),
        f"http://127.0.0.1:{port}/cam",
        codec=("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"),
    ):
        wait_for_listener(port)
        with open_live(f"http://127.0.0.1:{port}/cam") as source:
            assert len(take(source, 5)) == 5


def test_hls_over_http(tmp_path: Path) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    playlist = tmp_path / "live.m3u8"
    segments = ("-hls_time", "0.5", "-hls_list_size", "6", "-hls_flags", "delete_segments+temp_file")
    with Sender("-f", "hls", *segments, playlist):
        deadline = time.perf_counter() + 30
        while not playlist.exists():
            assert time.perf_counter() < deadline
            time.sleep(0.05)
        handler = functools.partial(Quiet, directory=str(tmp_path))
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                with open_live(f"http://127.0.0.1:{server.server_address[1]}/live.m3u8") as source:
                    assert len(take(source, 5)) == 5
            finally:
                server.shutdown()
                thread.join()


def test_udp() -> None:
    port = free_port()
    with Sender("-f", "mpegts", f"udp://127.0.0.1:{port}"), open_live(f"udp://127.0.0.1:{port}") as source:
        assert len(take(source, 5)) == 5


def test_rtsp_goes_over_tcp() -> None:
    rtp_port = free_port()
    with (
        Sender("-f", "rtp", f"rtp://127.0.0.1:{rtp_port}"),
        rtsp_server(rtp_port) as port,
        open_live(f"rtsp://me:secret@127.0.0.1:{port}/cam") as source,
    ):
        assert len(take(source, 5)) == 5
        assert source.info.name == f"rtsp://127.0.0.1:{port}/cam"


def test_a_killed_sender_is_picked_up_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with tcp_sender(port) as first, open_live(f"tcp://127.0.0.1:{port}") as source, caplog.at_level(logging.WARNING):
        before = take(source, 5)[-1]
        first.kill()
        time.sleep(0.5)
        with tcp_sender(port, awaited=True):
            wanted = source.stats.received + 5
            after = next(frame for frame in source if frame.index >= wanted)
        assert source.stats.reconnects >= 1
    assert after.timestamp - before.timestamp > 0.5
    assert f"tcp://127.0.0.1:{port} ended; connecting again" in caplog.text


def test_a_sender_that_stalls_is_left_and_found_again() -> None:
    port = free_port()
    with tcp_sender(port) as first, open_live(f"tcp://127.0.0.1:{port}", read_timeout=3.0) as source:
        take(source, 5)
        first.stall()
        restarted: list[Sender] = []

        def restart() -> None:
            first.kill()
            restarted.append(tcp_sender(port, awaited=True))

        timer = threading.Timer(4.0, restart)
        timer.start()
        wanted = source.stats.received + 5
        try:
            assert next(frame for frame in source if frame.index >= wanted)
            assert source.stats.reconnects >= 1
        finally:
            timer.join()
            for sender in restarted:
                sender.kill()


def test_a_sender_that_stalls_for_good_ends_the_source() -> None:
    port = free_port()
    with tcp_sender(port) as sender, open_live(f"tcp://127.0.0.1:{port}", read_timeout=3.0, reconnects=0) as source:
        take(source, 3)
        sender.stall()
        with pytest.raises(SourceError, match=r"tcp://127\.0\.0\.1:\d+ fell silent"):
            list(source)


def test_closing_while_a_sender_stalls_is_prompt() -> None:
    port = free_port()
    with tcp_sender(port) as sender:
        threads = threading.active_count()
        source = open_live(f"tcp://127.0.0.1:{port}")
        take(source, 3)
        sender.stall()
        started = time.perf_counter()
        source.close()
        assert time.perf_counter() - started < 2.0
    assert threading.active_count() == threads


def test_garbage_in_the_stream_is_passed_over(tmp_path: Path, ffmpeg) -> None:  # type: ignore[no-untyped-def]
    clip = tmp_path / "clip.ts"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=160x120:r=30:d=4", "-c:v", "libx264", "-g", "10", "-f", "mpegts", clip)
    data = clip.read_bytes()
    garbage = np.random.default_rng(0).bytes(30_000)
    with byte_server(data, garbage, data) as port, open_live(f"tcp://127.0.0.1:{port}") as source:
        deadline = time.perf_counter() + 30
        while source.stats.received < 180:  # of twice 120
            assert time.perf_counter() < deadline
            source.poll(0.2)
        assert source.stats.reconnects == 0


def test_nothing_but_garbage_is_no_stream() -> None:
    garbage = np.random.default_rng(0).bytes(100_000)
    with (
        byte_server(garbage) as port,
        pytest.raises(SourceError, match=r"tcp://127\.0\.0\.1:\d+ (gave no picture within 2 s|cannot be opened)"),
    ):
        open_live(f"tcp://127.0.0.1:{port}", open_timeout=2.0)


def test_a_stream_that_changes_its_size(caplog: pytest.LogCaptureFixture, tmp_path: Path, ffmpeg) -> None:  # type: ignore[no-untyped-def]
    chunks = []
    for size in ("160x120", "320x180"):
        clip = tmp_path / f"{size}.ts"
        ffmpeg("-f", "lavfi", "-i", f"testsrc=s={size}:r=30:d=2", "-c:v", "libx264", "-g", "10", "-f", "mpegts", clip)
        chunks.append(clip.read_bytes())
    with byte_server(*chunks) as port, open_live(f"tcp://127.0.0.1:{port}") as source:
        deadline = time.perf_counter() + 30
        while source.stats.received < 90:
            assert time.perf_counter() < deadline
            frame = source.poll(0.2)
            assert frame is None or frame.image.shape == (120, 160, 3)
        assert source.stats.reconnects == 0
    assert caplog.text.count("changed its size to 320x180: scaled to what it was") == 1


def test_a_port_that_never_answers() -> None:
    with mute_server() as port, pytest.raises(SourceError, match=r"gave no picture within 0\.5 s: check that it is on"):
        open_live(f"tcp://127.0.0.1:{port}", open_timeout=0.5)


@pytest.mark.parametrize("scheme", ["tcp", "http", "https", "rtsp", "rtsps", "rtmp"])
def test_a_port_where_nobody_listens(scheme: str) -> None:
    port = free_port()
    with pytest.raises(SourceError, match=rf"{scheme}://127\.0\.0\.1:{port}/x cannot be opened \(.+\): check the addr"):
        open_live(f"{scheme}://127.0.0.1:{port}/x")


def test_an_unknown_kind_of_address_names_the_known_ones() -> None:
    with pytest.raises(SourceError, match="gopher:// is no kind of stream that can be read: use rtsp://, "):
        open_source("gopher://example.org/cam")


@pytest.mark.parametrize("url", ["rtsp://", "rtsp//host", ""])
def test_no_address(url: str) -> None:
    with pytest.raises(SourceError, match="is no address of a stream"):
        Address.parse(url)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("rtsp://me:pass@word@host/cam", "rtsp://word@host/cam"),
        ("RTSP://me:secret@host:554/cam", "rtsp://host:554/cam"),
        ("udp://@:5000", "udp://:5000"),
        ("http://host/x?mail=a@b", "http://host/x?mail=a@b"),
    ],
)
def test_names_hold_no_password(url: str, name: str) -> None:
    assert Address.parse(url).name == name


def test_ten_real_cycles_leave_nothing_behind() -> None:
    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    def cycle() -> None:
        with pytest.raises(SourceError):
            open_live(f"tcp://127.0.0.1:{free_port()}")

    cycle()
    before = handles(), threading.active_count()
    for _ in range(10):
        cycle()
    assert (handles(), threading.active_count()) == before
    tasks = Path("/proc/self/task").glob("*/children")
    children = [child for task in tasks for child in task.read_text().split()]
    assert not any("ffmpeg" in Path(f"/proc/{child}/comm").read_text() for child in children)


def test_the_target_is_found_again_after_the_sender_was() -> None:
    port = free_port()
    scene = "color=gray:s=320x240:r=30,drawbox={}:{}:40:40:red:fill"
    first = tcp_sender(port, scene.format(60, 60))
    with Session(open_live(f"tcp://127.0.0.1:{port}"), (60, 60, 40, 40)) as session:
        second: Sender | None = None
        try:
            for step in session:
                result = step.tracks[0].result
                if second is None and step.frame.index >= 10:
                    assert result.state is TrackState.TRACKING
                    first.kill()
                    second = tcp_sender(port, scene.format(240, 160), awaited=True)
                if result.ok and abs(result.box.center[0] - 260) < 8 and abs(result.box.center[1] - 180) < 8:
                    return
                assert step.frame.index < 400, "not found again"
        finally:
            first.kill()
            if second is not None:
                second.kill()
