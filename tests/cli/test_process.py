"""The command line as a process of its own: signals and pipes."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.helpers import count_frames

ENDLESS = ("track", "synth:smooth:frames=1000000:size=160x120", "--roi", "40%,40%,20%,20%")


def start(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tracker", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_rows(path: Path, rows: int) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") <= rows:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_playable_video_and_complete_rows(number: signal.Signals, tmp_path: Path) -> None:
    video, table = tmp_path / "a.mp4", tmp_path / "a.csv"
    process = start(*ENDLESS, "-o", video, "--csv", table)
    wait_for_rows(table, 20)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame"]) for row in rows] == list(range(len(rows)))
    assert None not in rows[-1].values()
    assert count_frames(video) == len(rows)
    assert err.splitlines()[0].endswith(", interrupted")
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.mp4"]


def test_a_reader_that_leaves_ends_the_run_quietly(tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    process = start(*ENDLESS, "-q", "--jsonl", "-", "-o", video)
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["frame"] == 0
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 6
    assert count_frames(video) >= 1


def test_text_to_a_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "tracker", "config", "show"]
    shown = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert shown.returncode != 0
    assert shown.stderr == ""


def test_colors_and_bars_are_off_where_nobody_watches(tmp_path: Path) -> None:
    process = start("track", "synth:smooth:frames=5:size=160x120", "--roi", "40%,40%,20%,20%")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "\x1b" not in err
    assert len(err.splitlines()) == 2
