"""The ffmpeg program: where it is, how it is started and ended, and which of its words say why it failed.

It always runs in a session (on Windows: a process group) of its own: a Ctrl-C is meant for this program, which then
ends the other one in an orderly way.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TypeAlias

from tracker.errors import SourceError, TrackerError
from tracker.files import reason

if sys.platform == "linux":
    import fcntl

Failure: TypeAlias = type[TrackerError]
"""The error to raise, as reading and writing have different ones."""

_PIPE_SIZE = 1 << 20
"""Bytes that a pipe holds, where the system lets it be chosen: as many as any user of Linux may ask for."""
_EXIT_TIMEOUT = 5.0
"""Seconds that a process which was killed, or which complained, is given to be gone."""
_HEAD = ("-nostdin", "-hide_banner", "-nostats")
_PREFIXES = re.compile(r"^(\[[^\]]*\] *)+")
_SUMMARY = "Error opening input: "
_STALE = "Inappropriate ioctl"
"""An error that ffmpeg has not met, but the last of something else."""


def find_ffmpeg(failure: Failure = SourceError) -> str:
    """Return the path of the ffmpeg program that imageio-ffmpeg carries, or that IMAGEIO_FFMPEG_EXE names.

    Raises:
        SourceError: there is none (or `failure`, if another error is given).
    """
    import imageio_ffmpeg  # here, as most verbs and programs do without ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise failure(
            "there is no ffmpeg program: reinstall imageio-ffmpeg or set IMAGEIO_FFMPEG_EXE to one"
        ) from error


def run_ffmpeg(
    *arguments: str | bytes, log_level: str = "info", timeout: float | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run ffmpeg to its end and return its exit code and what it printed.

    An argument may be bytes, as a file's name need not be text.

    Raises:
        SourceError: there is no ffmpeg program.
        OSError: it does not start.
        subprocess.TimeoutExpired: it was killed after `timeout` seconds.
    """
    return subprocess.run(
        _command(arguments, log_level, SourceError),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=timeout,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


class Ffmpeg:
    """A running ffmpeg process.

    Attributes:
        stdin: the pipe to its input, None where nothing is fed.
        stdout: the pipe from its output, None where nothing is read.
        stderr: the pipe from its log, None where the log goes to a file.
    """

    def __init__(
        self,
        arguments: Sequence[str | bytes],
        *,
        failure: Failure,
        log_level: str,
        feeds: bool = False,
        reads: bool = False,
        shows: bool = False,
        log: IO[bytes] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start ffmpeg.

        Args:
            arguments: all of its command line but the head.
            failure: the error to raise.
            log_level: which of its messages it logs.
            feeds: whether it reads from this program.
            reads: whether this program reads from it.
            shows: whether its output goes to the standard output of this program.
            log: a file for its log, None for a pipe.
            environment: the variables that it sees; None for those of this process.

        Raises:
            TrackerError: a `failure`: the program is missing or does not start.
        """
        try:
            self._process = subprocess.Popen(
                _command(arguments, log_level, failure),
                stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
                stdout=subprocess.PIPE if reads else None if shows else subprocess.DEVNULL,
                stderr=subprocess.PIPE if log is None else log,
                bufsize=1 << 20 if reads else -1,
                env=environment,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise failure(f"cannot start ffmpeg: {reason(error)}; reinstall imageio-ffmpeg") from error
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _widen(pipe)
        self.stdin = self._process.stdin
        self.stdout = self._process.stdout
        self.stderr = self._process.stderr

    def wait(self) -> int:
        """Wait for the end, however long it takes, and return the exit code."""
        return self._process.wait()

    def ended(self, timeout: float = _EXIT_TIMEOUT) -> int | None:
        """Return the exit code of a process that is about to end; None where it goes on for so many seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout)
        return None

    def kill(self) -> None:
        """End the process at once; safe from any thread, and more than once."""
        self._process.kill()

    def close(self) -> None:
        """End the process if it still runs, and free its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was left in its buffer has no taker
                    pipe.close()


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold more: a 1080p picture goes through it in 3 turns of the two processes, instead of 48."""
    if sys.platform == "linux":  # no other system lets it be chosen
        with contextlib.suppress(OSError):  # an administrator may allow less
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)


def cause_of(log: Iterable[str]) -> str:
    """Return why ffmpeg failed, in its own words; "" for an empty log.

    That is what it sums up its failure as, else its first line: the later ones are consequences. A sum that speaks of a
    terminal's ioctl is none: of a port that is taken, for one, only the first line tells.
    """
    lines = [_PREFIXES.sub("", line.strip()) for line in log]
    summaries = [line.partition(_SUMMARY)[2] for line in lines if _SUMMARY in line and _STALE not in line]
    return (summaries or [*lines, ""])[0].rstrip(".")


def _command(arguments: Sequence[str | bytes], log_level: str, failure: Failure) -> list[str | bytes]:
    return [find_ffmpeg(failure), *_HEAD, "-loglevel", log_level, *arguments]
