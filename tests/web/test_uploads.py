"""Bodies that are too large, malformed or too slow: refused, and the server goes on."""

from __future__ import annotations

import contextlib
import socket

import pytest
from websockets.exceptions import ConnectionClosed

from tests.web.helpers import CLIP_HEAD, receive
from tracker.web.settings import Limits
from tracker.web.uploads import is_clip

SCENE = "synth:smooth:frames=60:size=320x180"


def test_uploads_are_bounded_in_size_and_type(serve) -> None:
    running = serve(limits=Limits(upload=1000, uploads=1500))
    address = "/api/sources/uploads?suffix=.mp4"
    assert running.http.post(address, content=CLIP_HEAD + bytes(2000)).status_code == 413
    assert running.http.post(address, content=iter([CLIP_HEAD, bytes(600), bytes(600)])).status_code == 413
    assert running.http.post(address, content=b"#EXTM3U\n/etc/passwd").status_code == 400
    assert running.http.post("/api/sources/uploads?suffix=.m3u8", content=CLIP_HEAD).status_code == 400
    assert running.http.post("/api/sources/uploads?suffix=/../x.mp4", content=CLIP_HEAD).status_code == 400
    assert not list(running.server.state.library.private.iterdir())
    assert running.http.post(address, content=CLIP_HEAD + bytes(700)).status_code == 200
    assert running.http.post(address, content=CLIP_HEAD + bytes(900)).status_code == 413
    private = running.server.state.library.private
    assert private.stat().st_mode & 0o077 == 0
    running.server.stop()
    running.wait_until_gone(private)


def test_the_room_is_watched_while_uploads_arrive(serve) -> None:
    """Four announce what would fit alone, and come at the same time."""
    mib = 2**20
    running = serve(limits=Limits(upload=8 * mib, uploads=10 * mib))
    head = f"POST /api/sources/uploads?suffix=.mp4 HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nConnection: close\r\n"
    head += f"Content-Length: {6 * mib}\r\n\r\n"
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", running.port))) for _ in range(4)]
        for client in clients:
            client.settimeout(60)
            client.sendall(head.encode() + CLIP_HEAD)
        for _ in range(6):
            for client in clients:
                with contextlib.suppress(ConnectionError):
                    client.sendall(bytes(mib - len(CLIP_HEAD) // 6))
        for client in clients:
            with contextlib.suppress(ConnectionError):
                client.sendall(bytes(mib))
                client.shutdown(socket.SHUT_WR)
        for client in clients:  # each is answered, and only then is it settled what is kept
            with contextlib.suppress(ConnectionError):
                while client.recv(1000):
                    pass
    running.wait_until(lambda: running.server.state.library.used() <= 10 * mib)
    running.check_alive()
    assert running.server.state.library.used() <= 10 * mib


def test_a_broken_upload_leaves_nothing(serve) -> None:
    running = serve()
    private = running.server.state.library.private
    with socket.create_connection(("127.0.0.1", running.port)) as raw:
        head = f"POST /api/sources/uploads?suffix=.mp4 HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
        raw.sendall(head.encode() + b"Content-Length: 100000\r\n\r\n" + CLIP_HEAD)
        running.wait_until(lambda: any(private.iterdir()))
    running.wait_until(lambda: not any(private.iterdir()))
    running.check_alive()


def test_requests_are_bounded(serve) -> None:
    running = serve(SCENE, limits=Limits(body=500, targets=2, clients=1))
    assert running.http.post("/api/targets", content=b"[" * 1000).status_code == 413
    assert running.http.post("/api/targets", content=iter([b"[" * 400, b"[" * 400])).status_code == 413
    for _ in range(2):
        running.post("/api/targets", box=[9, 9, 20, 20])
    answer = running.http.post("/api/targets", json={"box": [9, 9, 20, 20]})
    assert answer.status_code == 400
    assert "remove one" in answer.json()["detail"]
    with running.socket() as first:
        receive(first)
        with running.socket() as second, pytest.raises(ConnectionClosed, match="1013"):
            second.recv(timeout=60)
        for address in ("/stream.mjpeg", "/api/results/events"):
            assert running.http.get(address).status_code == 503
    running.check_alive()


MALFORMED_BODIES = [
    b"",
    b"{",
    b"[]",
    b'{"box":[NaN,1,2,3]}',
    b'{"box":[1,2,3]}',
    b'{"box":[1e999,1,1,1]}',
    b'{"box":"x"}',
    b"\xff\xfe",
    b'{"box":[1,2,3,4],"more":1}',
    b'{"box":[-9,-9,1,1]}',
    b"[" * 5000,
]


def test_malformed_bodies_are_refused(serve) -> None:
    running = serve(SCENE)
    for body in MALFORMED_BODIES:
        answer = running.http.post("/api/targets", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422), body
        assert answer.json()["detail"]
    running.check_alive()


@pytest.mark.parametrize("rest", [b"", b"{" + b" " * 30])
def test_slow_clients_are_let_go(serve, rest: bytes) -> None:
    """A body that stops, and one that trickles on: the time counts from its beginning."""
    running = serve(SCENE, limits=Limits(timeout=0.5))
    head = f"POST /api/playback HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nContent-Length: 50\r\n"
    with socket.create_connection(("127.0.0.1", running.port)) as raw:
        raw.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n")
        raw.settimeout(0.1)
        answer = b""
        sent = iter(rest)
        while True:
            with contextlib.suppress(TimeoutError, ConnectionError):
                data = raw.recv(1000)
                if not data:
                    break
                answer += data
            with contextlib.suppress(StopIteration, ConnectionError):
                raw.sendall(bytes([next(sent)]))
    assert b" 408 " in answer
    running.check_alive()


def test_what_is_a_clip() -> None:
    assert is_clip(CLIP_HEAD)
    assert is_clip(b"\x1a\x45\xdf\xa3" + bytes(12))
    assert is_clip(b"\0\0\1\xba" + bytes(12))
    assert is_clip(b"GIF89a" + bytes(12))
    assert is_clip(b"RIFF\x00\x00\x00\x00WEBPVP8X")
    assert is_clip((b"G" + bytes(187)) * 3)
    assert is_clip((bytes(4) + b"G" + bytes(187)) * 3)
    assert not is_clip(b"G" + bytes(400))
    assert not is_clip(b"GIF88a" + bytes(12))
    assert is_clip(b"RIFF\x00\x00\x00\x00AVI LIST")
    assert not is_clip(b"RIFF\x00\x00\x00\x00WAVEfmt ")
    assert not is_clip(b"#EXTM3U\n#EXT-X-T")
    assert not is_clip(b"")
