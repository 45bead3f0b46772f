"""Events for other programs: sent once each, and never in the way."""

from __future__ import annotations

import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tracker import TrackerConfig, open_source
from tracker.errors import ConfigError
from tracker.web.broadcast import Phase
from tracker.web.events import Event
from tracker.web.library import Choice
from tracker.web.service import TrackingService
from tracker.web.webhook import Webhook, checked

Waiting = Callable[[Callable[[], bool]], None]


def event(number: int) -> Event:
    return Event(number, 1.5, number, 0.04, 0, "ann", "lost", (1.0, 2.0, 3.0, 4.0), 0.25)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it gets, and answers with the status that its server has."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver(status: int = 204) -> Iterator[http.server.HTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.got, server.status = [], status
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_events_arrive_in_order_with_the_login(waiting: Waiting) -> None:
    with receiver() as server:
        webhook = Webhook(f"http://ann:se%2Fcret@127.0.0.1:{server.server_port}/hook?key=1")
        for number in range(5):
            webhook.send(event(number), "clip.mp4")
        waiting(lambda: len(server.got) == 5)
        webhook.close()
        assert webhook.note == ""
        assert [body["number"] for _, _, body in server.got] == list(range(5))
        path, headers, body = server.got[0]
        assert path == "/hook?key=1"
        assert headers["Authorization"] == "Basic YW5uOnNlL2NyZXQ="
        assert headers["Content-Type"] == "application/json"
        assert body == {
            "number": 0, "time": 1.5, "frame": 0, "timestamp": 0.04, "target": 0, "label": "ann", "event": "lost",
            "box": [1.0, 2.0, 3.0, 4.0], "confidence": 0.25, "source": "clip.mp4",
        }  # fmt: skip


@pytest.mark.parametrize("status", [302, 404, 500])
def test_failures_are_counted_and_said_without_secrets(
    waiting: Waiting, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with receiver(status) as server:
        webhook = Webhook(f"http://ann:secret@127.0.0.1:{server.server_port}/hook?token=hidden")
        for number in range(15):
            webhook.send(event(number), "clip.mp4")
        waiting(lambda: webhook.note.startswith("15 of 15"))
        webhook.close()
        assert f"HTTP status {status}" in webhook.note
        assert {path for path, _, _ in server.got} == {"/hook?token=hidden"}  # redirections are not followed
    assert "127.0.0.1" in caplog.text
    assert "secret" not in caplog.text
    assert "hidden" not in caplog.text
    assert len(caplog.records) < 15


def test_a_refused_connection_is_a_failure(waiting: Waiting) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    webhook = Webhook(f"http://127.0.0.1:{port}/")
    webhook.send(event(1), "clip.mp4")
    waiting(lambda: "1 of 1 events were not delivered" in webhook.note)
    webhook.close()


def test_a_dripping_server_is_given_up_and_the_queue_is_bounded(waiting: Waiting) -> None:
    """It sends a byte of its answer now and then, so that no read ever times out."""
    over = threading.Event()

    def drip(client: socket.socket) -> None:
        with client:
            while not over.wait(0.05):
                try:
                    client.sendall(b"H")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=drip, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        webhook = Webhook(f"http://127.0.0.1:{listening.getsockname()[1]}/", timeout=0.5, most=3)
        for number in range(20):
            webhook.send(event(number), "clip.mp4")  # returns at once, however many wait
        waiting(lambda: "no answer within 0.5 s" in webhook.note or "is too slow" in webhook.note)
        waiting(lambda: webhook.note.startswith("20 of 20"))
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
    webhook.close()


@pytest.mark.parametrize("text", ["ftp://host/x", "http:///x", "host/x", "rtsp://u:secret@host/x", "http://hö st/"])
def test_what_is_no_address_of_a_web_server(text: str) -> None:
    with pytest.raises(ConfigError, match=r"address|valid host") as refused:
        checked(text)
    assert "secret" not in str(refused.value)


def test_the_service_tells_of_what_happens(waiting: Waiting) -> None:
    scene = "synth:occlusion"
    with receiver(500) as server:
        webhook = Webhook(f"http://127.0.0.1:{server.server_port}/")
        service = TrackingService(TrackerConfig(), "fast", speed=0.0, webhook=webhook)
        service.open(Choice(scene, "scene occlusion"))
        with open_source(scene) as source:
            service.add(source.truth(0), "ann")
        service.player.play()
        while service.player.phase is Phase.PLAYING:
            service.advance()
        expected = [found.event for found in reversed(service.events.newest(99))]
        waiting(lambda: len(server.got) == len(expected))
        assert [body["event"] for _, _, body in server.got] == expected
        assert expected[0] == "appeared"
        assert {body["source"] for _, _, body in server.got} == {"scene occlusion"}
        waiting(lambda: service.status.webhook.startswith(f"{len(expected)} of {len(expected)}"))
        service.close()
    webhook.close()
