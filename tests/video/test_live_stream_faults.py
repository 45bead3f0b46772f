"""Streams from real senders that die, stall, send garbage or change."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.video.live_senders import (
    Sender,
    byte_server,
    free_port,
    mute_server,
    open_live,
    take,
    tcp_sender,
)
from tracker.config.reader import load_config
from tracker.errors import SourceError
from tracker.session import Session
from tracker.tracking.result import TrackState


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
        try:  # what ffmpeg had read before is delivered first
            assert next(frame for frame in source if source.stats.reconnects >= 1)
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
        source = open_live(f"tcp://127.0.0.1:{port}", read_timeout=60.0)
        take(source, 3)
        sender.stall()
        started = time.perf_counter()
        source.close()
        assert time.perf_counter() - started < 20.0
    assert threading.active_count() == threads


def test_garbage_in_the_stream_is_passed_over(tmp_path: Path, ffmpeg) -> None:
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


def test_a_stream_that_changes_its_size(caplog: pytest.LogCaptureFixture, tmp_path: Path, ffmpeg) -> None:
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
    # Both places lie alike in the blocks of the coded picture, so that the target looks the same.
    scene = "color=gray:s=320x240:r=30,drawbox={}:{}:40:40:red:fill"
    first = tcp_sender(port, scene.format(60, 60))
    # A plain square a few frames old is hardly known: it is the stream that is tried here.
    config = load_config("accurate", ["presence.margin=0", "presence.found_drop=6"])
    with Session(open_live(f"tcp://127.0.0.1:{port}"), (60, 60, 40, 40), config=config) as session:
        second: Sender | None = None
        try:
            for step in session:
                result = step.tracks[0].result
                if second is None and step.frame.index >= 10:
                    assert result.state is TrackState.TRACKING
                    first.kill()
                    second = tcp_sender(port, scene.format(236, 156), awaited=True)
                if result.ok and abs(result.box.center[0] - 256) < 8 and abs(result.box.center[1] - 176) < 8:
                    return
                assert step.frame.index < 400, "not found again"
        finally:
            first.kill()
            if second is not None:
                second.kill()
