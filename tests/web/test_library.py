"""What clients may choose as a source, and nothing else."""

from __future__ import annotations

import contextlib
from itertools import product
from pathlib import Path

import pytest

from tests.web.helpers import CLIP_HEAD
from tracker.errors import SourceError
from tracker.web.library import Library, SourceKind, initial_choice
from tracker.web.settings import ServeSettings

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
    away = ServeSettings(host="0.0.0.0", token="0123456789abcdef")
    library = Library(None, urls=away.urls)
    with contextlib.closing(library):
        for kind, name in ((SourceKind.URL, "http://169.254.169.254/x"), (SourceKind.CAMERA, "0")):
            with pytest.raises(SourceError, match="--allow-urls"):
                library.choose(kind, name)
        with pytest.raises(SourceError, match="--root"):
            library.choose(SourceKind.FILE, "clip.mp4")
    assert ServeSettings(host="0.0.0.0", token="0123456789abcdef", allow_urls=True).urls
    with contextlib.closing(Library(None, urls=True)) as library:
        assert library.choose(SourceKind.URL, "rtsp://me:word@camera/1").name == "rtsp://camera/1"
        for name in ("file:///etc/passwd", "concat:a|b", "rtsp://a b", "synth:smooth"):
            with pytest.raises(SourceError, match="address"):
                library.choose(SourceKind.URL, name)
        assert library.choose(SourceKind.URL, "HTTP://camera/video").spec == "HTTP://camera/video"
        assert library.choose(SourceKind.URL, "srt://camera:9000").name == "srt://camera:9000"


@pytest.mark.parametrize(
    "name",
    [
        "udp://127.0.0.1:5000",
        "tcp://0.0.0.0:5000?listen=1",
        "tcp://0.0.0.0:5000?timeout=1&LISTEN=1",
        "rtmp://0.0.0.0/live?listen=1",
        "srt://0.0.0.0:5000?mode=listener",
        "rtsp://",
        "http://host/\x1b]0;title\x07",
    ],
)
def test_no_address_of_a_client_opens_a_port_here(name: str) -> None:
    with contextlib.closing(Library(None, urls=True)) as library, pytest.raises(SourceError):
        library.choose(SourceKind.URL, name)


def test_what_the_command_line_names_is_shown_without_path_and_secrets() -> None:
    assert initial_choice("http://admin:s3cret@host/video?key=abc").name == "http://host/video?key=***"
    assert initial_choice("/home/me/private/clip.mp4").name == "clip.mp4"
    assert initial_choice("0").name == "0"


def test_an_upload_keeps_its_name_and_can_be_removed(serve) -> None:
    running = serve()
    answer = running.http.post("/api/sources/uploads?suffix=.mp4&name=my%20clip.mp4", content=CLIP_HEAD + bytes(99))
    name = answer.json()["name"]
    titles = [o["title"] for o in running.http.get("/api/sources").json()["offers"] if o["kind"] == "upload"]
    assert titles == ["my clip.mp4"]
    assert running.http.delete(f"/api/sources/uploads/{name}").status_code == 204
    assert running.http.delete(f"/api/sources/uploads/{name}").status_code == 404
    assert not [o for o in running.http.get("/api/sources").json()["offers"] if o["kind"] == "upload"]
