"""Access: token, origin and host of what comes in, and what is left out of what goes out."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.web.helpers import CLIP_HEAD
from tracker.web.security import without_paths
from tracker.web.settings import is_loopback

SCENE = "synth:smooth:frames=60:size=320x180"


TOKEN = "a-token-of-this-test"


ADDRESSES = ["/", "/static/main.js", "/api/status", "/api/sources", "/stream.mjpeg", "/openapi.json"]


def test_nothing_without_the_token(serve, caplog: pytest.LogCaptureFixture) -> None:
    running = serve(SCENE, token=TOKEN)
    wrong: list[dict[str, str]] = [{}, {"authorization": "Bearer wrong"}, {"cookie": f"tracker_token_{running.port}=wrong"}]
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
    assert httpx.get(address, headers={"cookie": f"tracker_token_{running.port}={TOKEN}"}).status_code == 200
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
