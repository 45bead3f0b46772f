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
from tests.conftest import Start

ENDLESS = ("track", "synth:smooth:frames=1000000:size=160x120", "--roi", "40%,40%,20%,20%")


def wait_for_rows(path: Path, rows: int) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") <= rows:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_a_playable_video_and_complete_rows(
    start: Start, number: signal.Signals, tmp_path: Path
) -> None:
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


def wait_until_caught(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Wait until a process has a handler for a signal that kills by default."""
    deadline = time.monotonic() + 60
    status = Path(f"/proc/{process.pid}/status")
    while not int(status.read_text().partition("SigCgt:")[2].split()[0], 16) >> (number - 1) & 1:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize("later", [0.0, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("words", [ENDLESS, ("config", "show")])
def test_a_signal_in_the_first_moments_is_quiet(start: Start, words: tuple[str, ...], later: float) -> None:
    # Coverage writes its file at the very end, where a signal would be told of.
    unmeasured = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
    process = start(*words, environment=unmeasured)
    wait_until_caught(process, signal.SIGHUP)
    time.sleep(later)  # wherever in the imports that is
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    # The second may be done by then, or so far at its end that Python does not answer signals any more.
    assert process.returncode in ((130,) if words is ENDLESS else (130, 0, -signal.SIGINT)), err
    assert "Traceback" not in err
    assert "rror" not in err


def test_a_signal_in_the_last_import_does_not_kill_what_is_done() -> None:
    """The alarm that would tell of it later comes when nothing handles it any more."""
    code = """
import os, signal, time
from tracker.cli.process import interruptible
with interruptible():
    exec("os.kill(os.getpid(), signal.SIGINT)")
    armed = signal.getitimer(signal.ITIMER_REAL)[0] > 0
print(armed, signal.getitimer(signal.ITIMER_REAL)[0], signal.getsignal(signal.SIGALRM).name)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True 0.0 SIG_DFL\n", "")


def test_a_closed_terminal_does_not_end_what_ignores_it(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    command = ["nohup", sys.executable, "-m", "tracker", *ENDLESS, "-q", "--csv", str(table)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for_rows(table, 5)
        process.send_signal(signal.SIGHUP)
        wait_for_rows(table, table.read_bytes().count(b"\n") + 20)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 130


SCENE = ("track", "synth:smooth:frames=5:size=160x120", "--roi", "40%,40%,20%,20%")


def shell(closing: str, *words: object) -> subprocess.CompletedProcess[str]:
    line = f'exec "$@" {closing}'
    command = ["sh", "-c", line, "sh", sys.executable, "-m", "tracker", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)


@pytest.mark.parametrize("words", [(*SCENE, "--csv", "-"), ("config", "show"), ("--help",)])
def test_what_goes_to_a_closed_standard_output_is_an_error(words: tuple[str, ...]) -> None:
    done = shell(">&-", *words)
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr


@pytest.mark.parametrize("closing", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_files_are_whole_with_closed_streams(closing: str, tmp_path: Path) -> None:
    table, video = tmp_path / "a.csv", tmp_path / "a.mp4"
    done = shell(closing, *SCENE, "--csv", table, "-o", video)
    assert done.returncode == 0, done.stderr
    assert table.read_bytes().startswith(b"frame,")
    assert table.read_bytes().count(b"\n") == 6
    assert count_frames(video) == 5


def test_an_error_with_a_closed_standard_error_keeps_its_code() -> None:
    assert shell("2>&-", "track", "none.mp4", "--roi", "1,1,9,9").returncode == 3


def test_a_reader_that_leaves_ends_the_run_quietly(start: Start, tmp_path: Path) -> None:
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


def test_colors_and_bars_are_off_where_nobody_watches(start: Start, tmp_path: Path) -> None:
    process = start("track", "synth:smooth:frames=5:size=160x120", "--roi", "40%,40%,20%,20%")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "\x1b" not in err
    assert len(err.splitlines()) == 3
