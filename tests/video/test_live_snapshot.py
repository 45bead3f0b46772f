"""Cameras that hand out one picture for each request."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.local_web import Quiet, web_server
from tracker.errors import SourceError
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
