"""What must not work: each attempt is refused, nothing is lost, and the server goes on."""

from __future__ import annotations

import contextlib
from itertools import product
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.web.client import CLIP_HEAD
from tracker.errors import ConfigError, SourceError
from tracker.web import server as server_module
from tracker.web.library import Library, SourceKind
from tracker.web.security import without_paths
from tracker.web.settings import ServeSettings, is_loopback

SCENE = "synth:smooth:frames=60:size=320x180"
TOKEN = "a-token-of-this-test"


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
    (tmp_path / "secret.mp4").write_bytes(CLIP_HEAD)
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


def test_errors_name_no_paths(serve, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(CLIP_HEAD + bytes(100))
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
