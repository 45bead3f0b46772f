"""`tracker serve` as a process: what it prints, how it ends, what it refuses to start with."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.web.helpers import Message
from tracker import open_source
from tracker.cli import main
from tracker.cli import serve as serve_module
from tracker.errors import ConfigError
from tracker.web import server as server_module
from tracker.web.network import is_any, own_addresses
from tracker.web.settings import ServeSettings

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
        client.post("/api/playback", json={"action": "play"}).raise_for_status()
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


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system closes terminals without a signal")
def test_a_closed_terminal_ends_it_as_sigterm_does() -> None:
    with serving() as (process, address), httpx.Client(base_url=address) as client:
        client.post("/api/targets", json={"box": [140, 72, 40, 36]}).raise_for_status()
        process.send_signal(signal.SIGHUP)
        _, said = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 130
    assert said == ""


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
    with serving("--host", "0.0.0.0") as (process, address):
        assert "0.0.0.0" not in address or not own_addresses()  # which a phone cannot use
        here = re.sub(r"//[^:/]+:", "//127.0.0.1:", address)
        printed = process.stdout.readline()
        while "only to watch" not in printed:
            assert printed.startswith("  or http://")
            printed = process.stdout.readline()
        assert httpx.get(re.sub(r".*//[^:/]+:", "http://127.0.0.1:", printed.strip())).status_code == 303
        token = re.search(r"token=(\S+)", here)[1]
        assert len(token) >= 32
        assert httpx.get(here, follow_redirects=False).status_code == 303
        assert httpx.get(here.split("?")[0]).status_code == 401


def test_another_host_needs_a_token() -> None:
    opening = server_module.InitialSource("", server_module.TrackerConfig(), "fast")
    with pytest.raises(ConfigError, match="token is needed"):
        server_module.Server(ServeSettings(host="0.0.0.0", port=0), opening)


def test_a_port_that_is_taken_is_one_line(serve) -> None:
    running = serve()
    opening = server_module.InitialSource("", server_module.TrackerConfig(), "fast")
    with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1 port {running.port}"):
        server_module.Server(ServeSettings(port=running.port), opening)


def test_addresses_for_other_devices() -> None:
    assert is_any("0.0.0.0")
    assert is_any("::")
    assert not is_any("192.168.1.2")
    assert not is_any("box")
    for address in own_addresses():
        assert not address.startswith(("127.", "169.254.", "0.", "fe80"))


def test_a_terminal_gets_a_code_for_phones(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reachable:
        address = "http://0.0.0.0:8000/?token=abc"
        addresses = ("http://192.168.1.2:8000/?token=abc", "http://10.0.0.2:8000/?token=abc")
        watch_address = "http://192.168.1.2:8000/?token=def"

    monkeypatch.setattr(serve_module, "is_terminal", lambda: True)
    lines = serve_module.where(Reachable())
    assert lines[0] == "open http://192.168.1.2:8000/?token=abc   (Ctrl-C ends)"
    assert lines[1:3] == ["  or http://10.0.0.2:8000/?token=abc", "only to watch: http://192.168.1.2:8000/?token=def"]
    assert len(lines[3].splitlines()) > 10
