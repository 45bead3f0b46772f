"""Real senders on the loopback: ffmpeg processes that can be killed, stopped and started again."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg

from tracker.video.base import Frame
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.sources import open_source

PATIENT = LivePolicy(open_timeout=30.0, read_timeout=30.0, reconnects=50, first_pause=0.05, longest_pause=0.2)
"""For a build server that is busy with something else."""

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "15", "-pix_fmt", "yuv420p")
PICTURE = "testsrc=s=160x120:r=30"


def free_port() -> int:
    """A port that is free, and not one that the system gives to viewers: one that retries would connect to itself."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Sender:
    """ffmpeg that sends a picture in real time."""

    def __init__(self, *output: str | Path, picture: str = PICTURE, codec: tuple[str, ...] = H264) -> None:
        head = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-threads", "1", "-re", "-f", "lavfi"]
        command = [*head, "-i", picture, *codec, *map(str, output)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stall(self) -> None:
        """Stop sending and keep the connection."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def tcp_sender(port: int, picture: str = PICTURE, *, awaited: bool = False) -> Sender:
    """A sender that waits for one viewer; returns once it listens.

    Where a viewer is `awaited`, one that tries again and again, it may come and end the listening before anybody looks.
    """
    sender = Sender("-f", "mpegts", f"tcp://127.0.0.1:{port}?listen=1", picture=picture)
    if awaited:
        return sender
    try:
        wait_for_listener(port)
    except BaseException:
        sender.kill()
        raise
    return sender


def wait_for_listener(port: int) -> None:
    """Wait until somebody listens on `port`, without connecting: the sender takes one viewer only."""
    entry = re.compile(rf":{port:04X} 00000000:0000 0A ")
    deadline = time.perf_counter() + 30
    while not entry.search(Path("/proc/net/tcp").read_text()):
        assert time.perf_counter() < deadline, f"nobody listens on {port}"
        time.sleep(0.02)


@contextlib.contextmanager
def mute_server() -> Iterator[int]:
    """A port that accepts connections and never says anything."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@contextlib.contextmanager
def byte_server(*chunks: bytes, pause: float = 0.2) -> Iterator[int]:
    """A port that sends `chunks` to each viewer, with a pause after each, and then nothing more."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                for chunk in chunks:
                    self.request.sendall(chunk)
                    if over.wait(pause):
                        return
                over.wait()

    with _serving(Handler) as port:
        yield port
        over.set()


_SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track0\r\n"
)


class _RtspHandler(socketserver.StreamRequestHandler):
    rtp_port: int
    over: threading.Event

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while request := self._request():
                method, headers = request
                self._answer(method, headers)
                if method == "PLAY":
                    self._play()

    def _request(self) -> tuple[str, dict[str, str]] | None:
        lines = []
        while line := self.rfile.readline().decode().strip():
            lines.append(line)
        headers = dict(line.split(": ", 1) for line in lines[1:])
        return (lines[0].split()[0], headers) if lines else None

    def _answer(self, method: str, headers: dict[str, str]) -> None:
        body, extra, status = "", "Session: 1\r\n", "200 OK"
        if method == "OPTIONS":
            extra = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body, extra = _SDP, "Content-Type: application/sdp\r\n"
        elif method == "SETUP":
            extra += f"Transport: {headers['Transport']}\r\n"
            if "RTP/AVP/TCP" not in headers["Transport"]:
                status = "461 Unsupported Transport"
        head = f"RTSP/1.0 {status}\r\nCSeq: {headers['CSeq']}\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
        self.wfile.write((head + body).encode())

    def _play(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp:
            rtp.bind(("127.0.0.1", self.rtp_port))
            rtp.settimeout(0.1)
            while not self.over.is_set():
                with contextlib.suppress(TimeoutError):
                    packet = rtp.recv(65536)
                    self.wfile.write(b"$\0" + len(packet).to_bytes(2, "big") + packet)


@contextlib.contextmanager
def rtsp_server(rtp_port: int) -> Iterator[int]:
    """An RTSP server (RFC 2326) that interleaves the RTP it gets on `rtp_port`; it refuses any transport but TCP."""
    over = threading.Event()
    with _serving(type("Handler", (_RtspHandler,), {"rtp_port": rtp_port, "over": over})) as port:
        yield port
        over.set()


@contextlib.contextmanager
def _serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


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
