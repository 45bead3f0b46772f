"""How ffmpeg is found, started and ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from tracker.errors import OutputError, SourceError, TrackerError
from tracker.ffmpeg.program import Ffmpeg, cause_of, find_ffmpeg, run_ffmpeg

if sys.platform == "linux":
    import fcntl

FakeFfmpeg = Callable[[str], None]


@pytest.mark.parametrize("failure", [SourceError, OutputError])
def test_no_program_is_an_error_of_the_caller(failure: type[TrackerError], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(failure, match="reinstall imageio-ffmpeg or set IMAGEIO_FFMPEG_EXE"):
        find_ffmpeg(failure)
    with pytest.raises(failure, match="reinstall imageio-ffmpeg"):
        Ffmpeg([], failure=failure, log_level="error")


def test_a_program_that_does_not_start_is_an_error_of_the_caller(tmp_path: Path, fake_ffmpeg: FakeFfmpeg) -> None:
    fake_ffmpeg("exit")
    (tmp_path / "ffmpeg").write_bytes(b"\x7fELF")
    with pytest.raises(OutputError, match="cannot start ffmpeg: Exec format error; reinstall"):
        Ffmpeg([], failure=OutputError, log_level="error")


def test_it_runs_in_a_session_of_its_own(fake_ffmpeg: FakeFfmpeg) -> None:
    fake_ffmpeg("ps -o sid= -p $$ 2>/dev/null || cut -d' ' -f6 /proc/$$/stat; cat >/dev/null")
    process = Ffmpeg([], failure=OutputError, log_level="error", feeds=True, reads=True)
    try:
        assert process.stdout is not None
        assert int(process.stdout.readline()) != os.getsid(0)
    finally:
        process.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets the size of a pipe be chosen")
def test_its_pipes_hold_as_much_as_any_may(fake_ffmpeg: FakeFfmpeg, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ffmpeg("exec sleep 1000")
    process = Ffmpeg([], failure=OutputError, log_level="error", feeds=True, reads=True)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        assert [fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ) for pipe in (process.stdin, process.stdout)] == [1 << 20] * 2
    finally:
        process.close()
    monkeypatch.setattr("tracker.ffmpeg.program._PIPE_SIZE", 1 << 30)  # more than an ordinary user is given
    Ffmpeg([], failure=OutputError, log_level="error", feeds=True).close()


def test_closing_ends_a_process_that_goes_on(fake_ffmpeg: FakeFfmpeg) -> None:
    fake_ffmpeg("exec sleep 1000")
    process = Ffmpeg([], failure=SourceError, log_level="error", feeds=True, reads=True)
    process.close()
    assert process.wait() != 0
    assert all(pipe is None or pipe.closed for pipe in (process.stdin, process.stdout, process.stderr))
    process.close()


def test_a_run_returns_code_and_words() -> None:
    done = run_ffmpeg("-i", "nowhere.mp4", log_level="error")
    assert done.returncode != 0
    assert b"No such file" in done.stderr


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        ([], ""),
        (["[out#0/mp4 @ 0x5] [error] No space left on device.", "Conversion failed!"], "No space left on device"),
        (["[in#0 @ 0x1] Error opening input: Connection refused", "x"], "Connection refused"),
        (["[tcp @ 0x2] refused", "Error opening input: Input/output error"], "Input/output error"),
        (
            ["[udp @ 0x5] bind failed: Address already in use", "Error opening input: Inappropriate ioctl for device"],
            "bind failed: Address already in use",
        ),
        (["  plain words  "], "plain words"),
    ],
)
def test_the_cause_is_the_summary_or_the_first_line(log: list[str], cause: str) -> None:
    assert cause_of(log) == cause
