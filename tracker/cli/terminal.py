"""The terminal of a run: the log and the progress bar on stderr, and the signals that end it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from tracker.address import redacted
from tracker.cli.process import endings
from tracker.errors import ConfigError
from tracker.files import STDOUT

if TYPE_CHECKING:
    from rich.progress import Progress

_LOGGER = logging.getLogger("tracker")


class _LineHandler(logging.Handler):
    """Writes `level: message` to the current stderr, also after it was replaced."""

    def emit(self, record: logging.LogRecord) -> None:
        typer.echo(f"{record.levelname.lower()}: {printable(redacted(self.format(record)))}", err=True)


_LONGEST = 4000
"""Characters of a message; a traceback is longer than a line, and still has an end."""


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal but show: an address or a name may hold control characters."""
    shown = "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in text[: _LONGEST + 1])
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def as_line(name: str | os.PathLike[str]) -> str:
    r"""Return a name as one line that shows what is in it: a newline becomes `\n`, other signs that are none `\xNN`."""
    from tracker.video.inputs import shown  # it brings what reads videos, which help and completion do without

    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in shown(os.fspath(name))
    )


def set_up_log() -> None:
    """Let warnings of this package go to stderr."""
    if not any(isinstance(handler, _LineHandler) for handler in _LOGGER.handlers):
        _LOGGER.addHandler(_LineHandler())
    _LOGGER.setLevel(logging.WARNING)


def set_verbosity(*, verbose: bool, quiet: bool = False) -> None:
    """Show all of the log if `verbose`, else errors only if `quiet`, else warnings too.

    Raises:
        ConfigError: both are given.
    """
    if verbose and quiet:
        raise ConfigError("--quiet and --verbose ask for opposite things: give one of them")
    _LOGGER.setLevel(logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what is counted: `1 frame`, `2 frames`; `many` where that is not `one` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def say_written(*paths: str | os.PathLike[str] | None, quiet: bool, indent: str = "") -> None:
    """Name on stderr the files that a verb has written; None and standard output are no files."""
    for path in paths:
        if not (quiet or path is None or os.fspath(path) == STDOUT):
            typer.echo(f"{indent}written  {as_line(path)}", err=True)


def is_interactive() -> bool:
    """Return whether a progress bar makes sense: stderr is a terminal, and not that of a build server."""
    return sys.stderr.isatty() and not os.environ.get("CI")


def is_terminal() -> bool:
    """Return whether standard output is a terminal, where a picture of characters can be looked at."""
    return sys.stdout.isatty()


@contextmanager
def orderly_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on the first Ctrl-C, SIGTERM or SIGHUP within the block; the next one does what it did before."""
    before = [(number, signal.getsignal(number)) for number in endings()]

    def restore() -> None:
        for number, handler in before:
            signal.signal(number, handler)

    def handle(*_: object) -> None:
        restore()
        stop()

    for number, _ in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()


_NARROW = 60
"""Columns of a terminal below which the bar itself is left out, so that the numbers fit."""


@contextmanager
def progress_bar(
    name: str, total: int | None, *, unit: str = "fps", shown: bool = True
) -> Iterator[Callable[[], None]]:
    """Show the progress of the work; yields a function to call after each piece.

    Args:
        name: title of the bar.
        total: number of pieces, None where unknown.
        unit: unit of the rate, in pieces per second.
        shown: False for no bar at all; there is none either where stderr is no terminal.
    """
    if not (shown and is_interactive()):
        yield _nothing
        return
    with _bar(unit) as progress:
        task = progress.add_task(name, total=total)
        yield lambda: progress.advance(task)


def _bar(unit: str) -> Progress:
    from rich.console import Console  # costs a tenth of a second, which only a shown bar is worth
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.speed or 0.0
            return Text(f"{speed:.{0 if speed >= 10 else 1}f} {unit}", style="progress.data.speed")

    console = Console(stderr=True)
    name = TextColumn(
        "{task.description}", markup=False, table_column=Column(no_wrap=True, max_width=console.width // 4)
    )
    numbers = [kind(table_column=Column(no_wrap=True)) for kind in (MofNCompleteColumn, Rate, TimeRemainingColumn)]
    bar = [BarColumn()] if console.width >= _NARROW else []
    return Progress(name, *bar, *numbers, console=console, transient=True, speed_estimate_period=3)


def _nothing() -> None:
    pass
