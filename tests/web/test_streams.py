"""Sockets, MJPEG and events: what watchers get, and that none of them holds up another."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import replace

from websockets.exceptions import ConnectionClosed

from tests.web.helpers import receive
from tracker import open_source
from tracker.geometry import Box

SCENE = "synth:smooth:frames=60:size=320x180"


def truth(index: int) -> Box:
    with open_source(SCENE) as source:
        return source.truth(index)


MALFORMED_MESSAGES = ["", "{", "[]", '{"ack": "x"}', "[" * 1000, '{"density": 1.5}', b"\x00", "x" * 5000]


def test_malformed_messages_close_only_their_own_socket(serve) -> None:
    running = serve(SCENE)
    for message in MALFORMED_MESSAGES:
        with running.socket() as good, running.socket() as bad:
            bad.send(message)
            with contextlib.suppress(ConnectionClosed):
                while bad.recv(timeout=60):
                    pass
            assert bad.close_code in (1003, 1009), message
            receive(good)
            running.post("/api/playback", action="step")
            receive(good)


def test_a_client_that_vanishes_in_mid_frame(serve) -> None:
    running = serve(SCENE, speed=0.0)
    for _ in range(5):
        with running.socket() as leaving:
            leaving.send(json.dumps({"ack": 0}))
            leaving.socket.shutdown(socket.SHUT_RDWR)
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    running.wait_until(lambda: running.status()["clients"] == 0)


def test_two_people_see_each_others_targets(serve) -> None:
    running = serve(SCENE)
    with running.socket() as one, running.socket() as two:
        receive(one), receive(two)
        first = running.post("/api/targets", box=list(truth(0)))["id"]
        running.post("/api/playback", action="pause")
        running.post("/api/targets", box=[5, 5, 30, 30], label="corner")
        running.post("/api/playback", action="pause")
        running.http.delete(f"/api/targets/{first}").raise_for_status()
        for socket in (one, two):
            labels: list[str] = []
            while labels != ["corner"]:
                labels = [target["label"] for target in receive(socket).header["targets"]]


def test_density_comes_to_who_asks_for_it(serve) -> None:
    running = serve(SCENE)
    running.post("/api/targets", box=list(truth(0)))
    with running.socket() as asks, running.socket() as does_not:
        asks.send(json.dumps({"density": 0}))
        while not (message := receive(asks)).density:
            pass
        place = message.header["density_place"]
        target = message.header["targets"][0]
        assert place["target"] == 0
        assert place["box"][0] < target["cx"] < place["box"][0] + place["box"][2]
        assert not receive(does_not).density


def test_a_watcher_that_does_not_answer_holds_nobody_up(serve) -> None:
    running = serve(SCENE, speed=0.0)
    with running.socket() as silent, running.socket() as watching:
        receive(silent, ack=False)
        running.post("/api/playback", action="play")
        running.wait_for("ended")
        while receive(watching).header["frame"] != 59:
            pass
        late = receive(silent)
        while late.header["frame"] != 59:
            late = receive(silent)
        assert late.header["number"] > 2


def test_latency_is_told(serve) -> None:
    running = serve(SCENE)
    with running.socket() as socket:
        socket.send(json.dumps({"ack": receive(socket, ack=False).header["number"]}))
        while isinstance(data := socket.recv(timeout=60), bytes):
            pass
        assert 0 < json.loads(data)["latency"] < 5000


def test_latency_counts_from_sending(serve) -> None:
    """A picture may be an hour old where nothing moves; that says nothing of the way to the watcher."""
    running = serve(SCENE)
    broadcaster = running.server.state.broadcaster
    newest = broadcaster.newest
    broadcaster.publish(replace(newest, number=newest.number + 1, born=newest.born - 3600.0))
    with running.socket() as socket:
        socket.send(json.dumps({"ack": receive(socket, ack=False).header["number"]}))
        while isinstance(data := socket.recv(timeout=60), bytes):
            pass
        assert json.loads(data)["latency"] < 3e6


def test_mjpeg_and_events(serve) -> None:
    running = serve(SCENE)
    with running.http.stream("GET", "/stream.mjpeg") as stream:
        first = next(stream.iter_bytes())
        assert b"\xff\xd8" in first
    with running.http.stream("GET", "/api/results/events") as stream:
        line = next(line for line in stream.iter_lines() if line.startswith("data: "))
        assert json.loads(line.removeprefix("data: "))["frame"] == 0
    running.wait_until(lambda: running.status()["clients"] == 0 or not running.post("/api/playback", action="step"))
