"""Cameras that hand out one picture for each request."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.local_web import Quiet, web_server
from tests.video.bombs import BOMBS
from tracker.errors import SourceError
from tracker.video.images import decode_pixels
from tracker.video.live.source import LivePolicy
from tracker.video.sources import is_live, open_source

ONCE = LivePolicy(reconnects=0)


class Counting(Quiet):
    """Answers with a new picture each time: its gray is ten times the number of the request."""

    requests = 0
    changes = True

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        type(self).requests += self.changes or not self.requests
        picture = np.full((24, 32, 3), 10 * self.requests, np.uint8)
        data = cv2.imencode(".png", picture)[1].tobytes()
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(params=["shot.jpg", "SHOT.JPEG?user=u&password=secret", "cgi-bin/snapshot"])
def address(request: pytest.FixtureRequest, tmp_path: Path):
    Counting.requests, Counting.changes = 0, True
    with web_server(tmp_path, Counting) as server:
        yield f"{server}/{request.param}"


def test_each_new_picture_is_a_frame(address: str) -> None:
    assert is_live(address)
    with open_source(address, live=ONCE) as source:
        assert (source.info.width, source.info.height, source.info.live) == (32, 24, True)
        assert "secret" not in source.info.name
        grays = [int(frame.image[0, 0, 0]) for _, frame in zip(range(4), source, strict=False)]
    assert grays == sorted(set(grays))


def test_a_picture_that_does_not_change_does_not_flood(tmp_path: Path) -> None:
    Counting.requests, Counting.changes = 0, False
    with web_server(tmp_path, Counting) as server, open_source(f"{server}/shot.jpg", live=ONCE) as source:
        began = time.perf_counter()
        for _ in zip(range(3), source, strict=False):
            pass
        assert time.perf_counter() - began >= 1.9


def test_what_is_no_picture_says_so(tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_text("<html>log in</html>")
    with web_server(tmp_path) as server:
        with pytest.raises(SourceError, match="sends no picture that can be decoded"):
            open_source(f"{server}/page.jpg", live=ONCE)
        with pytest.raises(SourceError, match=r"gone.jpg cannot be opened \(HTTP error 404"):
            open_source(f"{server}/gone.jpg", live=ONCE)


@pytest.mark.parametrize("name", ["shot.jpg", "cgi-bin/snapshot"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_picture_that_announces_a_huge_size_is_not_decoded(
    bomb: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cgi-bin").mkdir()
    (tmp_path / name).write_bytes(BOMBS[bomb])
    monkeypatch.setattr("tracker.video.live.snapshot.decode_pixels", _never)
    with web_server(tmp_path) as server, pytest.raises(SourceError, match=r"are too large \(30000 x 30000\).*smaller"):
        open_source(f"{server}/{name}", live=ONCE)


@pytest.mark.parametrize("name", ["shot.jpg", "cgi-bin/snapshot"])
def test_the_bound_on_pixels_holds_for_snapshots(name: str, tmp_path: Path) -> None:
    (tmp_path / "cgi-bin").mkdir()
    (tmp_path / name).write_bytes(cv2.imencode(".jpg", np.zeros((240, 320, 3), np.uint8))[1].tobytes())
    with web_server(tmp_path) as server:
        open_source(f"{server}/{name}", live=ONCE, most_pixels=320 * 240).close()
        with pytest.raises(SourceError, match=r"too large \(320 x 240\): up to 0.1 megapixels"):
            open_source(f"{server}/{name}", live=ONCE, most_pixels=320 * 240 - 1)


@pytest.mark.parametrize("suffix", [".gif", ".jp2", ".pam", ".webp", ".tif"])
def test_a_snapshot_may_be_of_any_kind_that_can_be_decoded(suffix: str, tmp_path: Path) -> None:
    shot = cv2.imencode(suffix, np.full((48, 64, 3), 40, np.uint8))[1].tobytes()
    (tmp_path / "shot.jpg").write_bytes(shot)
    with web_server(tmp_path) as server, open_source(f"{server}/shot.jpg", live=ONCE) as source:
        assert next(iter(source)).image.shape == (48, 64, 3)


@pytest.mark.parametrize("size", [(32, 0), (0, 24), (0, 0)])
def test_a_picture_without_height_is_not_called_too_large(size: tuple[int, int], tmp_path: Path) -> None:
    shot = bytearray(cv2.imencode(".jpg", np.zeros((24, 32, 3), np.uint8))[1].tobytes())
    at = shot.index(b"\xff\xc0") + 5
    shot[at : at + 4] = struct.pack(">HH", *reversed(size))
    (tmp_path / "cgi-bin").mkdir()
    (tmp_path / "cgi-bin" / "snapshot").write_bytes(shot)
    with web_server(tmp_path) as server, pytest.raises(SourceError, match="cannot be opened") as raised:
        open_source(f"{server}/cgi-bin/snapshot", live=ONCE)
    assert "large" not in str(raised.value)


def test_a_camera_that_goes_over_to_huge_pictures_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shot = tmp_path / "shot.jpg"
    shot.write_bytes(cv2.imencode(".jpg", np.zeros((24, 32, 3), np.uint8))[1].tobytes())
    with web_server(tmp_path) as server, open_source(f"{server}/shot.jpg", live=ONCE) as source:
        frames = iter(source)
        next(frames)
        monkeypatch.setattr("tracker.video.live.snapshot.decode_pixels", _only_small)
        shot.write_bytes(BOMBS["jpeg"])
        with pytest.raises(SourceError, match="are too large"):
            for _ in frames:
                pass


def _never(data: np.ndarray) -> None:
    raise AssertionError(f"{data.size} bytes were decoded")


def _only_small(data: np.ndarray) -> np.ndarray | None:
    assert data.tobytes() not in BOMBS.values()
    return decode_pixels(data)
