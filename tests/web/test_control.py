"""What a program sees and changes over REST."""

from __future__ import annotations

import csv
import io
import json
import socket
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.web.helpers import receive
from tracker import Tracker, open_source
from tracker.formats.csv_table import Row
from tracker.geometry import Box, iou
from tracker.tracking.result import Track

SCENE = "synth:smooth:frames=60:size=320x180"


def truth(index: int) -> Box:
    with open_source(SCENE) as source:
        return source.truth(index)


def csv_rows(text: str) -> list[dict]:
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        del row["elapsed_ms"]
    return rows


def test_a_recording_waits_on_its_first_frame(serve) -> None:
    running = serve(SCENE)
    assert running.status()["phase"] == "paused"
    assert running.status()["source"]["width"] == 320
    with running.socket() as socket:
        message = receive(socket)
    assert message.header["frame"] == 0
    picture = cv2.imdecode(np.frombuffer(message.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (180, 320, 3)


def test_results_are_those_of_the_tracker_itself(serve) -> None:
    running = serve(SCENE, speed=0.0)
    box = list(truth(0))
    running.post("/api/targets", box=box, frame=0)
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    exported = csv_rows(running.http.get("/api/results/export?kind=csv").text)
    tracker, expected = Tracker("fast"), []
    with open_source(SCENE) as source:
        for frame in source:
            result = tracker.update(frame.image) if expected else tracker.init(frame.image, box)
            row = Row.of(frame, Track(0, "", result))
            expected.append(
                {name: "" if getattr(row, name) is None else str(getattr(row, name)) for name in exported[0]}
            )
    assert exported == expected


def test_formats_of_the_export_agree(serve) -> None:
    running = serve(SCENE, speed=0.0)
    running.post("/api/targets", box=list(truth(0)))
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    lines = running.http.get("/api/results/export?kind=jsonl").text.splitlines()
    assert [json.loads(line)["frame"] for line in lines] == list(range(60))
    assert len(running.http.get("/api/results/export?kind=mot").text.splitlines()) == 60
    latest = running.http.get("/api/results?frames=3").json()
    assert latest == [json.loads(line) for line in lines[-3:]]


def test_the_annotated_video_has_every_frame(serve, tmp_path: Path) -> None:
    running = serve(SCENE, speed=0.0)
    running.post("/api/targets", box=list(truth(0)))
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    answer = running.http.get("/api/results/export?kind=mp4")
    assert answer.headers["content-type"] == "video/mp4"
    (tmp_path / "tracks.mp4").write_bytes(answer.content)
    with open_source(tmp_path / "tracks.mp4") as source:
        assert len(list(source)) == 60


def test_results_come_in_every_format(finished) -> None:
    for kind in ("mot-gt", "otb", "got10k", "vot", "coco", "cvat", "label-studio", "yolo"):
        answer = finished.http.get(f"/api/results/export?kind={kind}")
        assert answer.is_success, (kind, answer.text)
        assert len(answer.content) > 100, kind


def test_a_client_that_leaves_ends_its_export(finished, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def write(*words: object) -> None:
        canceled = words[-1]
        begun.set()
        canceled.wait(60)
        ended.set()

    monkeypatch.setattr("tracker.web.routers.results.write_video", write)
    with socket.create_connection(("127.0.0.1", finished.port)) as leaving:
        head = f"GET /api/results/export?kind=mp4 HTTP/1.1\r\nHost: 127.0.0.1:{finished.port}\r\n\r\n"
        leaving.sendall(head.encode())
        assert begun.wait(60)
    assert ended.wait(60)


def test_targets_over_time_and_events(finished) -> None:
    timeline = finished.http.get("/api/timeline").json()
    (target,) = timeline["targets"]
    assert (target["id"], target["keys"], target["spans"][0][0], target["spans"][-1][1]) == (0, [0], 0, 59)
    assert finished.http.patch("/api/targets/0", json={"label": "ann", "color": "#12ab34"}).status_code == 204
    for label in ("=HYPERLINK(1)", "a\nb", "x" * 65):
        assert finished.http.patch("/api/targets/0", json={"label": label}).status_code == 422
    assert finished.http.get("/api/timeline").json()["targets"][0]["label"] == "ann"
    assert finished.http.get("/api/events").json()[-1]["event"] == "appeared"
    assert "search:" in finished.http.get("/api/config.yaml").text


@pytest.fixture
def finished(serve):
    running = serve(SCENE, speed=0.0)
    running.post("/api/targets", box=list(truth(0)))
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    return running


def test_play_pause_step_and_seek(serve) -> None:
    running = serve(SCENE)
    with running.socket() as socket:
        assert receive(socket).header["frame"] == 0
        running.post("/api/playback", action="step")
        assert receive(socket).header["frame"] == 1
        running.post("/api/playback", action="seek", seconds=1.0)
        message = receive(socket)
        assert (message.header["frame"], message.header["status"]["phase"]) == (25, "paused")
        running.post("/api/playback", action="speed", speed=4.0)
        assert running.post("/api/playback", action="play")["phase"] == "playing"
    running.wait_for("ended")
    assert running.http.post("/api/playback", json={"action": "seek", "seconds": 999}).status_code == 400


def test_a_target_drawn_on_an_old_frame_is_followed_to_the_newest(serve) -> None:
    running = serve(SCENE)
    for _ in range(20):
        running.post("/api/playback", action="step")
    running.post("/api/targets", box=list(truth(0)), frame=0)
    row = running.http.get("/api/targets").json()[0]
    assert iou(Box(row["x"], row["y"], row["w"], row["h"]), truth(row["frame"])) > 0.5


def test_settings_come_with_documentation_and_take_effect(serve) -> None:
    running = serve(SCENE)
    shown = running.http.get("/api/config").json()
    margin = next(control for control in shown["controls"] if control["key"] == "search.margin")
    assert margin["doc"]
    assert (margin["minimum"], margin["maximum"], margin["main"]) == (0, 8, True)
    running.post("/api/targets", box=list(truth(0)))
    answer = running.http.put("/api/config", json={"preset": "classic", "settings": {"search.margin": 2.5}}).json()
    changed = {control["key"]: control["value"] for control in answer["controls"]}
    assert (answer["preset"], changed["search.margin"]) == ("classic", 2.5)
    running.post("/api/playback", action="step")
    (followed,) = running.http.get("/api/targets").json()
    assert followed["angle"] is not None  # classic measures it
    refused = running.http.put("/api/config", json={"settings": {"search.margni": 1}})
    assert refused.status_code == 400
    assert "did you mean search.margin" in refused.json()["detail"]


def test_every_setting_can_be_sent_back_as_it_came(serve) -> None:
    running = serve()
    shown = running.http.get("/api/config").json()
    values = {control["key"]: control["value"] for control in shown["controls"]}
    answer = running.http.put("/api/config", json={"settings": values})
    assert answer.is_success, answer.text
    assert answer.json()["controls"] == shown["controls"]


def test_an_upload_becomes_a_source(serve) -> None:
    running = serve()
    clip = next(offer for offer in running.http.get("/api/sources").json()["offers"] if offer["kind"] == "demo")
    running.post("/api/sources/open", kind="demo", name=clip["name"])
    running.post("/api/recordings", on=True)
    for _ in range(5):
        running.post("/api/playback", action="step")
    recording = running.post("/api/recordings", on=False)["recordings"][0]
    data = running.http.get(f"/api/recordings/{recording}").content
    upload = running.http.post("/api/sources/uploads?suffix=.mp4", content=data).json()
    status = running.post("/api/sources/open", kind="upload", name=upload["name"])
    assert (status["phase"], status["source"]["duration"]) == ("paused", pytest.approx(0.2, abs=0.05))


def test_a_recording_is_played_at_its_own_rate(serve) -> None:
    running = serve(SCENE, speed=4.0)
    began = time.monotonic()
    running.post("/api/playback", action="play")
    running.wait_for("ended")
    assert time.monotonic() - began > 59 / 25 / 4
