"""The thread that owns the service: commands between frames, and an end that finishes."""

from __future__ import annotations

import threading

import pytest

from tracker import TrackerConfig
from tracker.errors import SourceError
from tracker.web.broadcast import Broadcaster
from tracker.web.library import Choice
from tracker.web.service import TrackingService
from tracker.web.worker import ServiceThread

TIMEOUT = 60.0


@pytest.fixture
def service() -> TrackingService:
    return TrackingService(TrackerConfig(), "fast", speed=0.0)


def test_commands_are_done_in_the_thread_and_their_results_come_back(service: TrackingService) -> None:
    broadcaster = Broadcaster(1)
    worker = ServiceThread(service, broadcaster)
    worker.start()
    names = worker.submit(lambda _: threading.current_thread().name).result(TIMEOUT)
    assert names != threading.current_thread().name
    worker.submit(lambda service: service.open(Choice("synth:smooth:frames=5:size=160x120", "scene"))).result(TIMEOUT)
    with pytest.raises(SourceError):
        worker.submit(lambda service: service.open(Choice("none.mp4", "none.mp4"))).result(TIMEOUT)
    worker.close()
    assert broadcaster.over
    assert broadcaster.newest.frame is not None
    assert isinstance(worker.submit(lambda _: 1).exception(TIMEOUT), SourceError)


def test_a_command_that_fails_leaves_the_thread_alive(service: TrackingService) -> None:
    def fail(_: TrackingService) -> None:
        raise RuntimeError("broken")

    worker = ServiceThread(service, Broadcaster(1))
    worker.start()
    assert isinstance(worker.submit(fail).exception(TIMEOUT), RuntimeError)
    assert worker.submit(lambda _: 2).result(TIMEOUT) == 2
    worker.close()


def test_a_frame_that_fails_is_passed_over(
    service: TrackingService, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()

    def fail() -> bool:
        failed.set()
        raise ValueError("no such frame")

    monkeypatch.setattr(service, "advance", fail)
    worker = ServiceThread(service, Broadcaster(1))
    worker.start()
    assert failed.wait(TIMEOUT)
    assert worker.submit(lambda _: 3).result(TIMEOUT) == 3
    worker.close()
    assert "a frame was passed over" in caplog.text
