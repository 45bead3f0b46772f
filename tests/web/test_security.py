"""Access: token, origin and host of what comes in, and what is left out of what goes out."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

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
    cookie = f"tracker_token_{running.port}=wrong"
    wrong: list[dict[str, str]] = [{}, {"authorization": "Bearer wrong"}, {"cookie": cookie}]
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


def test_servers_of_one_host_have_cookies_of_their_own(serve) -> None:
    one, two = serve(SCENE, token=TOKEN), serve(SCENE, token=f"{TOKEN}-too")
    with httpx.Client(follow_redirects=True) as browser:
        for running, token in ((one, TOKEN), (two, f"{TOKEN}-too")):
            assert browser.get(f"{running.url}/?token={token}").status_code == 200
        for running in (one, two):
            assert browser.get(f"{running.url}/api/status").status_code == 200


def test_a_page_of_another_site_starts_nothing_that_costs(serve) -> None:
    running = serve(SCENE)
    for address in ("/api/results/export?kind=mp4", "/stream.mjpeg", "/api/status"):
        for site in ("cross-site", "same-site"):
            assert running.http.get(address, headers={"sec-fetch-site": site}).status_code == 403
    assert running.http.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200  # a link leads here
    assert running.http.get("/api/status", headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_a_watcher_looks_and_changes_nothing(serve) -> None:
    running = serve(SCENE, token=TOKEN)
    watch = parse_qs(urlsplit(running.server.watch_address).query)["token"][0]
    assert watch != TOKEN
    with httpx.Client(base_url=running.url, headers={"authorization": f"Bearer {watch}"}) as watcher:
        assert watcher.get("/api/role").json() == {"role": "watch"}
        assert watcher.get("/api/status").status_code == 200
        for method, address in (
            ("POST", "/api/playback"),
            ("POST", "/api/targets"),
            ("DELETE", "/api/targets/0"),
            ("PUT", "/api/config"),
            ("POST", "/api/sources/open"),
            ("POST", "/api/sources/uploads"),
        ):
            assert watcher.request(method, address, json={}).status_code == 403
    with running.socket(additional_headers={"authorization": f"Bearer {watch}"}) as socket:
        assert socket.recv(timeout=60)
    assert running.http.get("/api/role").json() == {"role": "lead"}


def test_without_a_token_a_browser_gets_a_field_for_it(serve) -> None:
    running = serve(SCENE, token=TOKEN)
    answer = httpx.get(running.url, headers={"accept": "text/html"})
    assert answer.status_code == 401
    assert 'name="token"' in answer.text


def test_the_log_of_refusals_is_bounded(serve, caplog: pytest.LogCaptureFixture) -> None:
    running = serve(SCENE, token=TOKEN)
    for _ in range(40):
        httpx.get(f"{running.url}/api/status")
    assert caplog.text.count("refused 127.0.0.1") == 10
    assert "further ones are counted only" in caplog.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("cannot read /home/me/clips/a.mp4 (gone)", "cannot read a.mp4 (gone)"),
        ("rtsp://me:word@camera/stream gave no picture", "rtsp://camera/stream gave no picture"),
        ("give 1/2 or 3", "give 1/2 or 3"),
        ("'/a b/c.mp4': lost", "'a b/c.mp4': lost"),
        ("http://host/x?token=abc is gone", "http://host/x?token=*** is gone"),
        ("\x1b]0;title\x07 is gone\nerror: faked", " ]0;title  is gone error: faked"),
    ],
)
def test_paths_and_passwords_are_left_out(said: str, told: str) -> None:
    assert without_paths(said) == told


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("box", False)]
)
def test_what_is_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own
