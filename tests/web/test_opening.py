"""Addresses that do not answer, and orders that come meanwhile: nothing else waits for them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.helpers import Running
from tracker import TrackerConfig
from tracker.errors import SourceError
from tracker.image import Image
from tracker.tracking.result import TrackState
from tracker.video.background import BackgroundJob
from tracker.video.live.slot import Feed
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.web import player as player_module
from tracker.web.broadcast import Phase
from tracker.web.library import Choice
from tracker.web.service import TrackingService

ENDLESS = "synth:smooth:frames=5000:size=160x120"


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a listener that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def name_silent(running: Running, port: int) -> int:
    body = {"kind": "url", "name": f"tcp://127.0.0.1:{port}"}
    return running.http.post("/api/sources/open", json=body).status_code


def test_a_dead_address_holds_nobody_up_and_the_next_order_ends_it(serve, silent: int) -> None:
    running = serve(ENDLESS, speed=1.0)
    running.post("/api/playback", action="play")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(name_silent, running, silent)
        running.wait_for("opening")
        assert running.status()["work"].startswith("opening tcp://127.0.0.1")
        before = frame_of(running)
        running.wait_until(lambda: frame_of(running) > before)
        running.post("/api/playback", action="pause")
        assert not answer.done()
        assert running.post("/api/sources/open", kind="scene", name="smooth")["phase"] == "paused"
        assert answer.result() == 409
    assert running.status()["source"]["name"] == "scene smooth"


def frame_of(running: Running) -> int:
    frame = running.server.state.broadcaster.newest.frame
    return -1 if frame is None else frame.index


def test_an_address_that_never_answers_is_given_up(serve, silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player_module, "_DEADLINE", 0.3)
    running = serve(ENDLESS)
    assert name_silent(running, silent) == 400
    assert running.status()["phase"] == "paused"
    assert running.status()["source"]["name"] == ENDLESS


def test_orders_for_another_source_are_refused(serve) -> None:
    running = serve(ENDLESS)
    serial = running.status()["source"]["serial"]
    running.post("/api/sources/open", kind="scene", name="smooth")
    for method, path, body in (
        ("POST", "targets", {"box": [9, 9, 30, 30]}),
        ("POST", "playback", {"action": "play"}),
        ("PUT", "targets/0/box", {"box": [9, 9, 30, 30]}),
        ("POST", "edits", {"action": "undo"}),
    ):
        answer = running.http.request(method, f"/api/{path}", json={**body, "source": serial})
        assert answer.status_code == 409, path
    assert running.http.get("/api/targets").json() == []


def test_pictures_that_are_too_large_are_refused() -> None:
    service = TrackingService(TrackerConfig(), "fast")
    with pytest.raises(SourceError, match="too large"):
        service.open(Choice("synth:smooth:frames=2:size=5000x3000", "large"))
    assert service.status.phase is Phase.IDLE
    service.close()


def test_a_result_that_is_not_wanted_is_thrown_away() -> None:
    discarded: list[int] = []
    go = threading.Event()

    def work(_: threading.Event) -> int:
        assert go.wait(60)
        return 7

    late = BackgroundJob("late", work, discarded.append)
    late.cancel()
    go.set()
    early = BackgroundJob("early", work, discarded.append)
    assert early.result() == 7
    early.cancel()
    while not late.done:
        assert late.canceled.wait(60)
    assert discarded == [7]


class SilentFeed(Feed):
    """Gives one picture whenever it is let."""

    def __init__(self, image: Image, pictures: threading.Semaphore) -> None:
        self._image, self._pictures = image, pictures

    def read(self) -> Image:
        while not self._pictures.acquire(timeout=0.05):
            if self.over:
                raise SourceError("over")
        return self._image

    over = False

    def abort(self) -> None:
        pass

    def close(self) -> None:
        self.over = True


def test_a_silent_source_loses_its_targets_until_it_speaks(monkeypatch: pytest.MonkeyPatch, waiting) -> None:
    first = player_module.open_source(ENDLESS)
    image = next(iter(first)).image
    first.close()
    pictures = threading.Semaphore(2)
    feeds: list[SilentFeed] = []

    def connect() -> SilentFeed:
        feeds.append(SilentFeed(image, pictures))
        return feeds[-1]

    policy = LivePolicy(read_timeout=1000.0)
    monkeypatch.setattr(player_module, "open_source", lambda _, **_options: LiveSource("cam", connect, policy))
    monkeypatch.setattr(player_module, "_SILENCE", 0.2)
    service = TrackingService(TrackerConfig(), "fast")
    service.open(Choice("0", "camera 0"))

    def state() -> TrackState:
        service.advance()
        tracks = service.snapshot().tracks
        if not tracks and service.frame is not None:
            service.add((60, 45, 30, 30))
        return tracks[0].result.state if tracks else TrackState.TRACKING

    waiting(lambda: state() is TrackState.LOST, 60)
    assert service.status.phase is Phase.WAITING
    assert service.events.newest(1)[0].event == "lost"
    pictures.release()
    waiting(lambda: state() is not TrackState.LOST, 60)
    feeds[-1].over = True
    service.close()
