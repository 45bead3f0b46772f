"""Streams from real senders: what comes, and by which address."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from tests.local_web import web_server
from tests.video.live_senders import (
    Sender,
    free_port,
    open_live,
    rtsp_server,
    sending,
    take,
    wait_for_listener,
)
from tracker.address import Address
from tracker.errors import SourceError
from tracker.video.live.stream import stream_address
from tracker.video.sources import open_source


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
    playlist = tmp_path / "live.m3u8"
    segments = ("-hls_time", "0.5", "-hls_list_size", "6", "-hls_flags", "delete_segments+temp_file")
    with Sender("-f", "hls", *segments, playlist):
        deadline = time.perf_counter() + 30
        while not playlist.exists():
            assert time.perf_counter() < deadline
            time.sleep(0.05)
        with web_server(tmp_path) as address, open_live(f"{address}/live.m3u8") as source:
            assert len(take(source, 5)) == 5


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


def test_an_unknown_kind_of_address_names_the_known_ones() -> None:
    with pytest.raises(SourceError, match="gopher:// is no kind of stream that can be read: use rtsp://, "):
        open_source("gopher://example.org/cam")


@pytest.mark.parametrize("url", ["rtsp://", "rtsp//host", ""])
def test_no_address(url: str) -> None:
    with pytest.raises(SourceError, match="is no address of a stream"):
        stream_address(url)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("rtsp://me:pass@word@host/cam", "rtsp://host/cam"),
        ("RTSP://me:secret@host:554/cam", "rtsp://host:554/cam"),
        ("udp://@:5000", "udp://:5000"),
        ("http://host/x?mail=a@b", "http://host/x?mail=a@b"),
    ],
)
def test_names_hold_no_password(url: str, name: str) -> None:
    assert Address.parse(url).name == name
