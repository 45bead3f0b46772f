"""Where sources lie, and whether they have changed."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import fsspec
import numpy as np
import pytest

from tests.batch.helpers import Clip, tables_in
from tracker.batch import Job, Local, run
from tracker.batch.storage import at_hand, fingerprint, place_of
from tracker.errors import ConfigError, SourceError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serve the test's folder on loopback; yields the address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}"
        httpd.shutdown()
        thread.join()


def test_a_file_is_known_by_size_time_and_both_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(200_000))
    first = fingerprint(str(path))
    assert fingerprint(str(path)) == first
    os.utime(path, ns=(1, 1))
    touched = fingerprint(str(path))
    seen = {first, touched}
    for place in (0, 199_999):
        data = bytearray(200_000)
        data[place] = 1
        path.write_bytes(data)
        os.utime(path, ns=(1, 1))
        seen.add(fingerprint(str(path)))
    path.write_bytes(bytes(200_001))
    os.utime(path, ns=(1, 1))
    seen.add(fingerprint(str(path)))
    assert len(seen) == 5


@pytest.mark.parametrize("pattern", ["", "%03d.png", "*.png"])
def test_pictures_are_known_one_by_one(pattern: str, tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number:03d}.png"), np.full((8, 8, 3), number, np.uint8))
    place = str(tmp_path / pattern)
    first = fingerprint(place)
    os.utime(tmp_path / "001.png", ns=(1, 1))
    second = fingerprint(place)
    (tmp_path / "002.png").unlink()
    assert len({first, second, fingerprint(place)}) == 3


def test_a_scene_is_its_own_description() -> None:
    assert fingerprint("synth:smooth:seed=1") == "synth:smooth:seed=1"
    assert place_of("synth:smooth:seed=1") == "synth:smooth:seed=1"


def test_places_are_found_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_of("a.mp4") == str(tmp_path / "a.mp4")
    assert place_of("s3://bucket/a.mp4") == "s3://bucket/a.mp4"


def test_sources_on_the_web(server: str, clips: list[Clip], tmp_path: Path) -> None:
    job = Job.of(f"{server}/clips/clip0.mp4", clips[0].roi)
    assert [one.status for one in run([job], tmp_path / "web", backend=Local(1))] == ["done"]
    assert [one.status for one in run([job], tmp_path / "web", backend=Local(1))] == ["kept"]
    run([Job.of(clips[0].path, clips[0].roi)], tmp_path / "here", backend=Local(1))
    assert tables_in(tmp_path / "web") == tables_in(tmp_path / "here")
    os.utime(clips[0].path, (1, 1))
    assert [one.status for one in run([job], tmp_path / "web", backend=Local(1))] == ["done"]
    (lost,) = run([Job.of(f"{server}/none.mp4", clips[0].roi)], tmp_path / "web", backend=Local(1))
    assert "none.mp4 cannot be opened (HTTP error 404" in lost.error


def test_sources_on_other_file_systems(clips: list[Clip]) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/videos/a.mp4", clips[0].path.read_bytes())
    before = fingerprint("memory://videos/a.mp4")
    with at_hand("memory://videos/a.mp4") as place:
        assert Path(place).name == "a.mp4"
        assert Path(place).read_bytes() == clips[0].path.read_bytes()
    assert not Path(place).exists()
    memory.pipe("/videos/a.mp4", b"other")
    assert fingerprint("memory://videos/a.mp4") != before
    memory.rm("/videos/a.mp4")
    with pytest.raises(SourceError, match=r"cannot read memory://videos/a\.mp4"):
        fingerprint("memory://videos/a.mp4")
    with pytest.raises(SourceError, match=r"cannot fetch memory://videos/a\.mp4"), at_hand("memory://videos/a.mp4"):
        pass


def test_addresses_that_nobody_can_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"cannot fetch nowhere://a \(.*nowhere.*\): install fsspec"):
        fingerprint("nowhere://a")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(ConfigError, match="install fsspec"):
        fingerprint("s3://bucket/a.mp4")


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        fingerprint(str(tmp_path / "missing.mp4"))
    with pytest.raises(SourceError, match="holds no images"):
        fingerprint(str(tmp_path))
