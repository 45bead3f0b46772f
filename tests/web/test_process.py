"""`tracker serve` as a process: what it prints, and how it ends."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.web.client import Message
from tracker import open_source
from tracker.cli import main
from tracker.errors import SourceError
from tracker.image import Image
from tracker.video.live.slot import Feed
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.synthetic.source import SyntheticSource
from tracker.web import playback
from tracker.web.broadcast import Phase
from tracker.web.library import Choice

SCENE = "synth:smooth:frames=200:size=320x180"
_PATIENCE = 60.0
"""Seconds after which something that should come is missing, on however slow a machine."""


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tracker", "serve", SCENE, "--port", "0", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + process.stderr.read()
        yield process, found[0]
    finally:
        process.terminate()  # a kill would leave its private folder
        process.communicate(timeout=_PATIENCE)


def test_sigterm_finishes_the_recording_and_lets_watchers_go() -> None:
    with serving() as (process, address), httpx.Client(base_url=address) as client:
        client.post("/api/recordings", json={"on": True}).raise_for_status()
        client.post("/api/targets", json={"box": [140, 72, 40, 36]}).raise_for_status()
        watched, closed = threading.Event(), threading.Event()

        def watch() -> None:
            with connect(address.replace("http", "ws") + "ws", max_size=None) as socket:
                for data in socket:
                    if isinstance(data, bytes):
                        header = Message.read(data).header
                        socket.send(json.dumps({"ack": header["number"]}))
                        if header["frame"] >= 20:
                            watched.set()
            closed.set()

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert watched.wait(_PATIENCE)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=_PATIENCE)
        watcher.join(_PATIENCE)
    assert closed.is_set()
    assert process.returncode == 130
    folder = Path(re.search(r"recordings are kept in (\S+)", said)[1])
    recordings = list(folder.glob("*.mp4"))
    with open_source(recordings[0]) as source:
        assert len(list(source)) >= 20
    recordings[0].unlink()
    folder.rmdir()


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "tracker.web.server", None)
    with pytest.raises(SystemExit, match="2"):
        main(["serve"])
    assert "meanshift-tracker[web]" in capsys.readouterr().err


def test_a_source_that_is_missing_is_one_line(capsys) -> None:
    with pytest.raises(SystemExit, match="3"):
        main(["serve", "nowhere.mp4", "--port", "0"])
    assert "error: " in capsys.readouterr().err


def test_another_host_gets_a_token_of_its_own() -> None:
    with serving("--host", "0.0.0.0") as (_, address):
        here = address.replace("0.0.0.0", "127.0.0.1")
        token = re.search(r"token=(\S+)", here)[1]
        assert len(token) >= 32
        assert httpx.get(here, follow_redirects=False).status_code == 303
        assert httpx.get(here.split("?")[0]).status_code == 401


class FlakyFeed(Feed):
    """Gives a few pictures, then is lost."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._left = 3

    def read(self) -> Image:
        self._left -= 1
        if self._left < 0:
            raise SourceError("the cable /dev/video7 was pulled")
        time.sleep(0.01)
        return self._image

    def close(self) -> None:
        pass


def test_a_live_source_that_dies_is_said_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_source(SCENE) as source:
        assert isinstance(source, SyntheticSource)
        image = next(iter(source)).image
    policy = LivePolicy(reconnects=0)
    monkeypatch.setattr(playback, "open_source", lambda _: LiveSource("cam", lambda: FlakyFeed(image), policy))
    monkeypatch.setattr(playback, "_RETRY", 0.1)
    player = playback.Playback(1.0)
    player.open(Choice("0", "camera 0"))
    phases, frames = [player.phase], 0
    deadline = time.monotonic() + 10
    while phases.count(Phase.LOST) < 2 and time.monotonic() < deadline:
        frames += player.advance() is not None
        if player.phase is not phases[-1]:
            phases.append(player.phase)
            if player.phase is Phase.LOST:
                assert "the source is lost" in player.message
                assert "/dev" not in player.message
    player.close()
    assert phases[:4] == [Phase.PLAYING, Phase.LOST, Phase.PLAYING, Phase.LOST]
    assert frames >= 2
