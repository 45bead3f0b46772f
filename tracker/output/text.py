"""Results as text: the lines that a format makes of each frame, brought to a file or to standard output."""

from __future__ import annotations

import contextlib
import os
import sys
from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import BinaryIO

from tracker.errors import OutputError
from tracker.files import STDOUT, check_output, reason
from tracker.formats.csv_table import CsvLines
from tracker.formats.text_lines import ResultLines
from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame


class LineWriter:
    """Writes complete lines, UTF-8 with line feeds, each handed to the system before `write` returns.

    So a run that is killed leaves complete lines, and a full disk costs the line it happened in.

    Attributes:
        place: bytes that were written.
    """

    def __init__(
        self,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        source: str | os.PathLike[str] | None = None,
        inputs: Collection[str | os.PathLike[str]] = (),
    ) -> None:
        """Open `target` ("-" is standard output).

        Raises:
            OutputError: see `check_output`; or the file cannot be opened.
        """
        self._stdout = os.fspath(target) == STDOUT
        self._stream: BinaryIO | None
        self.place = 0
        if self._stdout:
            self._name = "standard output"
            self._stream = sys.stdout.buffer
            return
        path = check_output(target, overwrite=overwrite, source=source, inputs=inputs)
        self._name = str(path)
        self._stream = _open(path)

    def write(self, text: str) -> None:
        """Write `text`, one or more complete lines.

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
        self.place += len(data)

    @property
    def is_closed(self) -> bool:
        """Whether no more can be written: it was closed, or a write failed."""
        return self._stream is None

    def cut(self, place: int) -> bool:
        """Forget what was written from a `place` on; return whether that was possible: it is in a file."""
        if self._stream is None or self._stdout:
            return False
        try:
            self._stream.truncate(place)
            self._stream.seek(place)
        except OSError:  # a pipe or device cannot be cut
            return False
        self.place = place
        return True

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
            stream.truncate(self.place)
        with contextlib.suppress(OSError):
            stream.close()


class TextSink(Sink):
    """Writes the results as lines of a text format, each frame at once."""

    def __init__(
        self,
        target: str | os.PathLike[str],
        lines: ResultLines,
        *,
        overwrite: bool = False,
        source: str | os.PathLike[str] | None = None,
        inputs: Collection[str | os.PathLike[str]] = (),
        total: int | None = None,
        rewinds: bool = False,
    ) -> None:
        """Open `target` ("-" is standard output) and write the header of the format.

        Args:
            target: the file.
            lines: makes the lines of a format.
            overwrite: whether an existing file may be replaced.
            source: the video that is read, which must not be overwritten.
            inputs: what else is read and must not be overwritten.
            total: frames of the whole video where only some are written; a format that counts them gets them all.
            rewinds: whether frames may come again: it is remembered where each begins, in 16 bytes a frame.

        Raises:
            OutputError: the file cannot be opened or written; see `check_output`.
        """
        self._frames, self._places = array("q"), array("q")
        self._rewinds = rewinds
        self._lines = lines
        self._total = total
        self._writer = LineWriter(target, overwrite=overwrite, source=source, inputs=inputs)
        self._writer.write(lines.header)

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Write the lines of one frame, at once.

        Raises:
            OutputError: they cannot be written, or the format cannot hold them.
        """
        lines = self._lines.lines(frame, tracks)
        if self._rewinds:
            self._frames.append(frame.index)
            self._places.append(self._writer.place)
        self._writer.write(lines)

    def rewind(self, index: int) -> str | None:
        """Cut the file off before the lines of a frame; see `Sink.rewind`."""
        first = bisect_left(self._frames, index)
        if not self._rewinds or (first < len(self._frames) and not self._writer.cut(self._places[first])):
            return None
        self._lines.rewind(self._frames[first - 1] + 1 if first else 0)
        del self._frames[first:], self._places[first:]
        return ""

    def close(self) -> None:
        """Write what the format needs at its end, and close the file; safe to call more than once.

        Raises:
            OutputError: the end cannot be written.
        """
        total, self._total = self._total, None
        try:
            if total is not None and not self._writer.is_closed:
                self._writer.write(self._lines.rest(total))
        finally:
            self._writer.close()


class CsvSink(TextSink):
    """Comma-separated values: a row a frame and target, lost ones too; see `tracker.formats.csv_table.Row`."""

    def __init__(
        self,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        source: str | os.PathLike[str] | None = None,
        inputs: Collection[str | os.PathLike[str]] = (),
        rewinds: bool = False,
    ) -> None:
        """Open `target` ("-" is standard output) and write the names of the columns; see `TextSink`."""
        super().__init__(target, CsvLines(), overwrite=overwrite, source=source, inputs=inputs, rewinds=rewinds)


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
