from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.cli.helpers import Cli
from tracker.cli.terminal import counted

COMMAND = ("track", "synth:smooth:frames=40:size=160x120", "--roi", "40%,40%,20%,20%")
BAR = re.compile(r"(\d+)/40")


def chunks(reader: int) -> Iterator[bytes]:
    with suppress(OSError):  # how a terminal says that the last writer has gone
        while chunk := os.read(reader, 65536):
            yield chunk


def on_a_terminal(*words: str, columns: int = 80, **environment: str) -> str:
    """Run the command with a terminal as stderr; returns what appears on it."""
    reader, writer = pty.openpty()
    unset = {name: value for name, value in os.environ.items() if name not in {"CI", "NO_COLOR", "FORCE_COLOR"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", *COMMAND, *words],
        stderr=writer,
        stdout=subprocess.DEVNULL,
        env=unset | {"TERM": "xterm-256color", "COLUMNS": str(columns)} | environment,
    )
    os.close(writer)
    text = b"".join(chunks(reader)).decode()
    os.close(reader)
    assert process.wait(timeout=60) == 0
    return text


@pytest.mark.parametrize("columns", [80, 30])
def test_a_terminal_shows_progress_rate_and_time(columns: int) -> None:
    text = on_a_terminal(columns=columns)
    assert BAR.search(text)
    assert "fps" in text
    assert re.search(r"\d:\d\d", text)
    assert ("━" in text) == (columns == 80)
    assert "\x1b[3" in text


def test_no_color() -> None:
    text = on_a_terminal(NO_COLOR="1")
    assert BAR.search(text)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", text)


def test_no_bar_on_a_build_server() -> None:
    assert not BAR.search(on_a_terminal(CI="true"))


def test_no_bar_when_quiet() -> None:
    assert on_a_terminal("-q") == ""


@pytest.mark.parametrize(("number", "told"), [(0, "0 boxes"), (1, "1 box"), (2, "2 boxes")])
def test_one_is_not_many(number: int, told: str) -> None:
    assert counted(number, "box", "boxes") == told
    assert counted(number, "frame") == f"{number} frame{'s' * (number != 1)}"


def test_a_run_of_one_frame_says_so(cli: Cli) -> None:
    shown = cli("track", "synth:smooth:frames=9:size=160x90", "--roi", "40,20,30,30", "--end", "1")
    assert ": 1 frame in " in shown.err
