"""What one client or sender may take of the server: the others go on."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.helpers import Running
from tracker.ffmpeg.program import find_ffmpeg
from tracker.web import connections

ENDLESS = "synth:smooth:frames=5000:size=160x120"


def make(path: Path, source: str, *words: str) -> Path:
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, *words, str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("clip.ts", ("-c:v", "libx264")),
        ("clip.mpg", ("-c:v", "mpeg2video")),
        ("clip.gif", ()),
        ("clip.webp", ("-c:v", "libwebp_anim")),
    ],
)
def test_more_kinds_of_clips_are_taken(serve, tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    clip = make(tmp_path / name, "testsrc=s=64x48:r=25:d=0.4", *words)
    running = serve()
    answer = running.http.post(f"/api/sources/uploads?suffix={clip.suffix}", content=clip.read_bytes())
    assert answer.status_code == 200, answer.text
    opened = running.post("/api/sources/open", kind="upload", name=answer.json()["name"])
    assert (opened["phase"], opened["source"]["width"], opened["source"]["height"]) == ("paused", 64, 48)


@pytest.mark.parametrize(("name", "words"), [("clip.mp4", ("-preset", "ultrafast")), ("clip.gif", ())])
def test_large_pictures_are_refused_by_their_head(serve, tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    clip = make(tmp_path / name, "color=gray:s=5000x4000:r=1:d=1", "-frames:v", "1", *words)
    running = serve(ENDLESS, root=tmp_path)
    answer = running.http.post("/api/sources/open", json={"kind": "file", "name": clip.name})
    assert answer.status_code == 400
    assert "9.4 megapixels" in answer.json()["detail"]
    assert running.status()["source"]["name"] == ENDLESS


@pytest.mark.parametrize("name", ["picture.jpg", "pictures"])
def test_a_picture_and_a_folder_of_pictures_are_taken(serve, tmp_path: Path, name: str) -> None:
    (tmp_path / "pictures").mkdir()
    for number in range(2):
        make(tmp_path / f"pictures/{number}.jpg", "color=gray:s=64x48", "-frames:v", "1")
    make(tmp_path / "picture.jpg", "color=gray:s=64x48", "-frames:v", "1")
    running = serve(str(tmp_path / name))
    source = running.status()["source"]
    assert (source["width"], source["height"]) == (64, 48)


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a web server that sends a byte of its answer every now and then, for ever."""
    over = threading.Event()

    def drip(client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not over.wait(0.05):
                client.sendall(b"\0")

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    threading.Thread(target=drip, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        over.set()
        listening.shutdown(socket.SHUT_RDWR)


def test_a_dripping_server_costs_nobody_else_anything(serve, dripping: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.video.remote._HEAD_TIMEOUT", 3.0)
    running = serve(ENDLESS, speed=1.0)
    running.post("/api/playback", action="play")
    answers: list[int] = []

    def ask() -> None:
        body = {"kind": "url", "name": f"http://127.0.0.1:{dripping}/clip.mp4"}
        answers.append(httpx.post(f"{running.url}/api/sources/open", json=body, timeout=60).status_code)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    running.wait_for("opening")
    before = frame_of(running)
    running.wait_until(lambda: frame_of(running) > before + 5)
    for thread in asking:
        thread.join()
    assert sorted(answers) == [400, 409, 409]  # the newest is told why, the others that a newer one came
    # None of them is left to count against those that are opened next.
    for _ in range(6):
        running.post("/api/sources/open", kind="scene", name="smooth")
    assert running.status()["source"]["name"] == "scene smooth"


def frame_of(running: Running) -> int:
    frame = running.server.state.broadcaster.newest.frame
    return -1 if frame is None else frame.index


def test_one_client_may_not_hold_all_connections(serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_PER_CLIENT", 8)
    running = serve()
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(("127.0.0.1", running.port))) for _ in range(12)]
        answers = []
        for client in held[-2:]:
            client.settimeout(10)
            answers.append(client.recv(500))
        assert all(answer.startswith(b"HTTP/1.1 503") for answer in answers)
        assert all(answer.endswith(b"too many connections here") for answer in answers)
        # A client with another address is let in.
        source = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(transport=source) as other:
            assert other.get(f"{running.url}/api/status").status_code == 200
    running.wait_until(lambda: httpx.get(f"{running.url}/api/status").status_code == 200)
