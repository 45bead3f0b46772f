"""What goes to stderr beside errors: the log, and whether there is someone who watches."""

from __future__ import annotations

import logging
import os
import sys

import typer

_LOGGER = logging.getLogger("tracker")


class _LineHandler(logging.Handler):
    """Writes `level: message` to whatever stderr is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        typer.echo(f"{record.levelname.lower()}: {self.format(record)}", err=True)


def set_up_log() -> None:
    """Let warnings of this package go to stderr."""
    if not any(isinstance(handler, _LineHandler) for handler in _LOGGER.handlers):
        _LOGGER.addHandler(_LineHandler())
    _LOGGER.setLevel(logging.WARNING)


def set_verbosity(*, verbose: bool, quiet: bool = False) -> None:
    """Show all of the log if `verbose`, else errors only if `quiet`, else warnings too."""
    _LOGGER.setLevel(logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING)


def someone_watches() -> bool:
    """Whether a progress bar makes sense: stderr is a terminal, and not that of a build server."""
    return sys.stderr.isatty() and not os.environ.get("CI")
