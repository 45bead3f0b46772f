"""What clients may choose as a source, and nothing else."""

from __future__ import annotations

import contextlib
from itertools import product
from pathlib import Path

import pytest

from tests.web.helpers import CLIP_HEAD
from tracker.errors import SourceError
from tracker.web.library import Library, SourceKind
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
