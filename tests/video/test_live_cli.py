"""Live sources through the command line, each run a process of its own."""

from __future__ import annotations

import csv
import os
import signal
import socket
import time
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Start
from tests.video.live_senders import free_port, tcp_sender
from tracker import open_source
from tracker.cli.run import mode_of, policy_of
from tracker.errors import ConfigError
from tracker.video.live.camera import CameraMode

SCENE = "color=gray:s=320x240:r=30,drawbox=60:60:40:40:red:fill"
ROI = "60,60,40,40"


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.endswith("DISPLAY")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_live_run_in_order_and_the_recording_has_the_true_speed(
    start: Start, number: signal.Signals, tmp_path: Path
) -> None:
    port = free_port()
    table, raw = tmp_path / "box.csv", tmp_path / "raw.mp4"
    with tcp_sender(port, SCENE):
        run = start("track", f"tcp://127.0.0.1:{port}", "--roi", ROI, "--csv", table, "--record", raw)
        deadline = time.perf_counter() + 60
        while not table.exists() or table.read_bytes().count(b"\n") < 40:
            assert time.perf_counter() < deadline
            assert run.poll() is None, run.communicate()
            time.sleep(0.05)
        run.send_signal(number)
        out, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert out == ""
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    seconds = float(rows[-1]["timestamp"]) - float(rows[0]["timestamp"])
    with open_source(raw) as recorded:
        times = [frame.timestamp for frame in recorded]
    assert times[-1] >= seconds - 0.3, "the recording goes on where the tracker lags behind"
    assert np.median(np.diff(times)) == pytest.approx(1 / 30, abs=0.004)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["box.csv", "raw.mp4"]


def test_a_signal_while_the_sender_is_silent_ends_at_once(start: Start, tmp_path: Path) -> None:
    port = free_port()
    table = tmp_path / "box.csv"
    with tcp_sender(port, SCENE) as sender:
        run = start("track", f"tcp://127.0.0.1:{port}", "--roi", ROI, "--csv", table)
        deadline = time.perf_counter() + 60
        while not table.exists() or table.read_bytes().count(b"\n") < 5:
            assert time.perf_counter() < deadline
            time.sleep(0.05)
        sender.stall()
        time.sleep(0.5)
        run.send_signal(signal.SIGTERM)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err


def test_a_sender_that_is_gone_for_good_is_exit_code_3_with_complete_rows(start: Start, tmp_path: Path) -> None:
    port = free_port()
    table = tmp_path / "box.csv"
    with tcp_sender(port, SCENE) as sender:
        run = start("track", f"tcp://127.0.0.1:{port}", "--roi", ROI, "--csv", table, "--reconnect", 0)
        deadline = time.perf_counter() + 60
        while not table.exists() or table.read_bytes().count(b"\n") < 5:
            assert time.perf_counter() < deadline
            time.sleep(0.05)
        sender.kill()
        _, err = run.communicate(timeout=60)
    assert run.returncode == 3, err
    assert err.splitlines()[-1] == f"error: tcp://127.0.0.1:{port} ended"
    assert table.read_text().endswith("\n")


def test_a_signal_while_connecting_ends_at_once(start: Start) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        mute.settimeout(60)
        run = start("track", f"tcp://127.0.0.1:{mute.getsockname()[1]}", "--roi", ROI)
        connection, _ = mute.accept()  # however slow the machine is, it is connecting now
        run.send_signal(signal.SIGINT)
        # The sender stays connected and silent: waiting for it would end with its time-out, another code and a message.
        _, err = run.communicate(timeout=60)
        connection.close()
    assert (run.returncode, err) == (130, "")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["0", "--roi", ROI], 3, "there is no camera 0 (/dev/video0)"),
        (["rtsp://127.0.0.1:9/x", "--roi", ROI], 3, "rtsp://127.0.0.1:9/x cannot be opened (Connection refused)"),
        (["0", "--roi", ROI, "--camera-size", "big"], 2, "cannot read the camera size 'big': write WIDTHxHEIGHT"),
        (["0", "--roi", ROI, "--reconnect", "-1"], 2, "reconnects -1 is not possible"),
        (["tcp://127.0.0.1:9", "--roi", ROI, "--vid-stride", "2"], 2, "a camera or stream has no stride"),
    ],
)
def test_what_is_wrong_is_one_line(start: Start, words: list[str], code: int, message: str) -> None:
    run = start("track", *words)
    _, err = run.communicate(timeout=60)
    assert (run.returncode, err.count("\n")) == (code, 1), err
    assert err.startswith(f"error: {message}")


def test_devices_without_a_camera(start: Start) -> None:
    run = start("devices")
    out, err = run.communicate(timeout=60)
    assert run.returncode == 0
    assert out or err == "no cameras: plug one in\n"


def test_what_is_asked_of_a_camera() -> None:
    assert mode_of("1280x720", 30.0, "MJPG") == CameraMode(1280, 720, 30.0, "MJPG")
    assert mode_of(None, None, None) == CameraMode()
    assert policy_of(None) is None
    patience = policy_of("3")
    assert patience is not None
    assert patience.reconnects == 3
    with pytest.raises(ConfigError):
        mode_of("0x0", None, None)
