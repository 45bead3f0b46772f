"""What must not work: each attempt is refused, nothing is lost, and the server goes on."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from itertools import product
from pathlib import Path

import httpx
import pytest
from web_client import Running, receive
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tracker.errors import ConfigError, SourceError
from tracker.web import server as server_module
from tracker.web.bodies import is_clip
from tracker.web.library import Library, SourceKind
from tracker.web.limits import Limits, ServeSettings, is_loopback
from tracker.web.privacy import without_paths

SCENE = "synth:smooth:frames=60:size=320x180"
TOKEN = "a-token-of-this-test"
CLIP = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00"


def still_alive(running: Running) -> None:
    assert running.http.get("/api/status").status_code == 200


ADDRESSES = ["/", "/static/main.js", "/api/status", "/api/sources", "/stream.mjpeg", "/openapi.json"]


def test_nothing_without_the_token(serve, caplog: pytest.LogCaptureFixture) -> None:
    running = serve(SCENE, token=TOKEN)
    wrong: list[dict[str, str]] = [{}, {"authorization": "Bearer wrong"}, {"cookie": "tracker_token=wrong"}]
    for shown in wrong:
        for address in [*ADDRESSES, "/?token=wrong"]:
            assert httpx.get(running.url + address, headers=shown).status_code == 401
        assert httpx.post(running.url + "/api/playback", json={"action": "play"}, headers=shown).status_code == 401
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{running.port}/ws", additional_headers=shown)
    assert "token" in caplog.text
    assert TOKEN not in caplog.text
    assert running.status()["phase"] == "paused"


def test_the_token_is_taken_from_header_cookie_and_address(serve) -> None:
    running = serve(SCENE, token=TOKEN)
    address = running.url + "/api/status"
    assert httpx.get(address, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert httpx.get(address, headers={"cookie": f"tracker_token={TOKEN}"}).status_code == 200
    assert httpx.get(f"{address}?token={TOKEN}").status_code == 200


def test_foreign_pages_change_nothing(serve) -> None:
    running = serve(SCENE)
    order = {"action": "play"}
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "http://["]:
        assert running.http.post("/api/playback", json=order, headers={"origin": origin}).status_code == 403
        with pytest.raises(InvalidStatus):
            running.socket(origin=origin)
    assert running.status()["phase"] == "paused"
    assert running.http.post("/api/playback", json=order, headers={"origin": running.url}).status_code == 200


def test_foreign_names_for_this_machine_are_refused(serve) -> None:
    running = serve(SCENE)
    for host in ("evil.example", "127.0.0.1.evil.example", "[", "", "127.0.0.1@evil.example"):
        assert running.http.get("/api/status", headers={"host": host}).status_code == 421
    assert running.http.get("/api/status", headers={"host": f"localhost:{running.port}"}).status_code == 200


NOT_CLIPS = [
    "../secret.mp4",
    "..%2fsecret.mp4",
    "/etc/passwd",
    "link.mp4",
    "folder/../../secret.mp4",
    "a\0.mp4",
    "x" * 2000,
    "notes.txt",
    ".",
    "folder",
]


def test_only_clips_below_the_root(serve, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "secret.mp4").write_bytes(CLIP)
    (root / "notes.txt").write_text("secret")
    (root / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    running = serve(root=root)
    for kind, name in product(("file", "upload", "demo"), NOT_CLIPS):
        answer = running.http.post("/api/sources/open", json={"kind": kind, "name": name})
        assert answer.status_code == 400
        assert str(tmp_path) not in answer.text
    offers = running.http.get("/api/sources").json()["offers"]
    assert not [offer for offer in offers if offer["kind"] == "file"]
    assert running.http.get("/static/../app.py").status_code == 404
    assert running.http.get("/static/%2e%2e/app.py").status_code == 404
    assert running.http.get("/api/recordings/..%2f..%2fsecret.mp4").status_code == 404


def test_urls_and_cameras_only_where_allowed(tmp_path: Path) -> None:
    away = ServeSettings(host="0.0.0.0", token=TOKEN)
    library = Library(None, urls=away.urls)
    with contextlib.closing(library):
        for kind, name in ((SourceKind.URL, "http://169.254.169.254/x"), (SourceKind.CAMERA, "0")):
            with pytest.raises(SourceError, match="--allow-urls"):
                library.choose(kind, name)
        with pytest.raises(SourceError, match="--root"):
            library.choose(SourceKind.FILE, "clip.mp4")
    assert ServeSettings(host="0.0.0.0", token=TOKEN, allow_urls=True).urls
    with contextlib.closing(Library(None, urls=True)) as library:
        assert library.choose(SourceKind.URL, "rtsp://me:word@camera/1").name == "rtsp://camera/1"
        for name in ("file:///etc/passwd", "concat:a|b", "rtsp://a b", "synth:smooth"):
            with pytest.raises(SourceError, match="address"):
                library.choose(SourceKind.URL, name)


def test_another_host_needs_a_token() -> None:
    opening = server_module.Opening("", server_module.TrackerConfig(), "fast")
    with pytest.raises(ConfigError, match="token is needed"):
        server_module.Server(ServeSettings(host="0.0.0.0", port=0), opening)


def test_a_port_that_is_taken_is_one_line(serve) -> None:
    running = serve()
    opening = server_module.Opening("", server_module.TrackerConfig(), "fast")
    with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1 port {running.port}"):
        server_module.Server(ServeSettings(port=running.port), opening)


def test_uploads_are_bounded_in_size_and_type(serve) -> None:
    running = serve(limits=Limits(upload=1000, uploads=1500))
    address = "/api/sources/uploads?suffix=.mp4"
    assert running.http.post(address, content=CLIP + bytes(2000)).status_code == 413
    assert running.http.post(address, content=iter([CLIP, bytes(600), bytes(600)])).status_code == 413
    assert running.http.post(address, content=b"#EXTM3U\n/etc/passwd").status_code == 400
    assert running.http.post("/api/sources/uploads?suffix=.m3u8", content=CLIP).status_code == 400
    assert running.http.post("/api/sources/uploads?suffix=/../x.mp4", content=CLIP).status_code == 400
    assert not list(running.server.desk.library.private.iterdir())
    assert running.http.post(address, content=CLIP + bytes(700)).status_code == 200
    assert running.http.post(address, content=CLIP + bytes(900)).status_code == 413
    private = running.server.desk.library.private
    assert private.stat().st_mode & 0o077 == 0
    running.server.stop()
    running.wait_until_gone(private)


def test_a_broken_upload_leaves_nothing(serve) -> None:
    running = serve()
    with socket.create_connection(("127.0.0.1", running.port)) as raw:
        head = f"POST /api/sources/uploads?suffix=.mp4 HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
        raw.sendall(head.encode() + b"Content-Length: 100000\r\n\r\n" + CLIP)
        time.sleep(0.3)
    running.wait_until(lambda: not list(running.server.desk.library.private.iterdir()))
    still_alive(running)


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
            second.recv(timeout=5)
        for address in ("/stream.mjpeg", "/api/results/events"):
            assert running.http.get(address).status_code == 503
    still_alive(running)


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
    still_alive(running)


MALFORMED_MESSAGES = ["", "{", "[]", '{"ack": "x"}', "[" * 1000, '{"density": 1.5}', b"\x00", "x" * 5000]


def test_malformed_messages_close_only_their_own_socket(serve) -> None:
    running = serve(SCENE)
    for message in MALFORMED_MESSAGES:
        with running.socket() as good, running.socket() as bad:
            bad.send(message)
            with contextlib.suppress(ConnectionClosed):
                while bad.recv(timeout=5):
                    pass
            assert bad.close_code in (1003, 1009), message
            receive(good)
            running.post("/api/playback", action="step")
            receive(good)


def test_a_client_that_vanishes_in_mid_frame(serve) -> None:
    running = serve(SCENE, speed=0.0)
    for _ in range(5):
        with running.socket() as leaving:
            leaving.send(json.dumps({"ack": 0}))
            leaving.socket.shutdown(socket.SHUT_RDWR)
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    running.wait_until(lambda: running.status()["clients"] == 0)


def test_slow_clients_are_let_go(serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(server_module, "_HEAD_SECONDS", 0.5)
    running = serve(SCENE, limits=Limits(patience=0.5))
    half = f"POST /api/playback HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nContent-Length: 50\r\n"
    for start in (half.encode(), half.encode() + b"Content-Type: application/json\r\n\r\n{"):
        with socket.create_connection(("127.0.0.1", running.port)) as raw:
            raw.sendall(start)
            raw.settimeout(10)
            with contextlib.suppress(ConnectionError):
                while raw.recv(1000):
                    pass
    assert "let go of a client" in caplog.text
    still_alive(running)


def test_errors_name_no_paths(serve, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(CLIP + bytes(100))
    running = serve(root=tmp_path)
    answer = running.http.post("/api/sources/open", json={"kind": "file", "name": "broken.mp4"})
    assert answer.status_code == 400
    assert "broken.mp4" in answer.json()["detail"]
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("cannot read /home/me/clips/a.mp4 (gone)", "cannot read a.mp4 (gone)"),
        ("rtsp://me:word@camera/stream gave no picture", "rtsp://camera/stream gave no picture"),
        ("give 1/2 or 3", "give 1/2 or 3"),
        ("'/a b/c.mp4': lost", "'a b/c.mp4': lost"),
    ],
)
def test_paths_and_passwords_are_left_out(said: str, told: str) -> None:
    assert without_paths(said) == told


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("box", False)]
)
def test_what_is_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_what_is_a_clip() -> None:
    assert is_clip(CLIP)
    assert is_clip(b"\x1a\x45\xdf\xa3" + bytes(12))
    assert is_clip(b"RIFF\x00\x00\x00\x00AVI LIST")
    assert not is_clip(b"RIFF\x00\x00\x00\x00WAVEfmt ")
    assert not is_clip(b"#EXTM3U\n#EXT-X-T")
    assert not is_clip(b"")
