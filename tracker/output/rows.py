"""Lines of text to a file or to standard output, whole lines only."""

from __future__ import annotations

import contextlib
import os
import sys
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, ClassVar

from tracker.errors import OutputError
from tracker.files import STDOUT, check_output, reason
from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame


class RowWriter:
    """Writes complete lines, UTF-8 with line feeds, each handed to the system before `write` returns.

    So a run that is killed leaves whole lines, and a full disk costs the line it happened in.
    """

    def __init__(
        self,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        source: str | os.PathLike[str] | None = None,
    ) -> None:
        """Open `target` ("-" is standard output).

        Raises:
            OutputError: see `check_output`; or the file cannot be opened.
        """
        self._stdout = os.fspath(target) == STDOUT
        self._stream: BinaryIO | None
        self._good = 0
        if self._stdout:
            self._name = "standard output"
            self._stream = sys.stdout.buffer
            return
        path = check_output(target, overwrite=overwrite, source=source)
        self._name = str(path)
        self._stream = _open(path)

    def write(self, text: str) -> None:
        """Write `text`, one or more whole lines.

        Raises:
            OutputError: the disk is full, the reader of a pipe is gone, or the writer is closed.
        """
        if self._stream is None:
            raise OutputError(f"{self._name} is closed: write before close()")
        if not text:
            return
        data = text.encode("utf-8", errors="backslashreplace")
        try:
            _write_all(self._stream, data)
        except BrokenPipeError as error:
            self._abandon()
            raise OutputError(f"the reader of {self._name} is gone: rows after this one are not written") from error
        except (OSError, ValueError) as error:
            self._abandon()
            raise OutputError(f"cannot write {self._name}: {reason(error)}; the rows so far are complete") from error
        self._good += len(data)

    def close(self) -> None:
        """Close the file; standard output stays open. Safe to call more than once."""
        stream, self._stream = self._stream, None
        if stream is not None and not self._stdout:
            stream.close()

    def _abandon(self) -> None:
        """Cut off the line that failed, and write no more."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        if self._stdout:
            _silence_stdout()
            return
        with contextlib.suppress(OSError):  # a pipe or device cannot be cut
            stream.truncate(self._good)
        with contextlib.suppress(OSError):
            stream.close()


class RowSink(Sink):
    """A sink of text: a format says what the lines of one frame are, this class brings them to the file."""

    header: ClassVar[str] = ""

    def __init__(
        self,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        source: str | os.PathLike[str] | None = None,
    ) -> None:
        """Open `target` ("-" is standard output) and write the format's header.

        Raises:
            OutputError: the file cannot be opened or written; see `check_output`.
        """
        self._rows = RowWriter(target, overwrite=overwrite, source=source)
        self._rows.write(self.header)

    @abstractmethod
    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return the lines of one frame, each ended by a line feed; "" for none."""

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Write the lines of one frame, at once.

        Raises:
            OutputError: they cannot be written.
        """
        self._rows.write(self.lines(frame, tracks))

    def close(self) -> None:
        """Close the file; safe to call more than once."""
        self._rows.close()


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("wb", buffering=0)
    except OSError as error:
        raise OutputError(f"cannot open {path}: {reason(error)}; choose another name") from error


def _write_all(stream: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        # An unbuffered file may take a part only, as it does when the disk fills up.
        rest = rest[stream.write(rest) :]
    stream.flush()


def _silence_stdout() -> None:
    """Let what is stuck in the buffer go nowhere, or the interpreter complains of it at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
