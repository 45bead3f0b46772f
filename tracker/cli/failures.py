"""From an error to one line and an exit code."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType

import typer

from tracker.errors import TrackerError

_log = logging.getLogger(__name__)

EXIT_CODES: Mapping[int, str] = MappingProxyType(
    {
        0: "done",
        1: "unexpected error, or something found broken (eval, doctor)",
        2: "usage, configuration, box or target",
        3: "source or display",
        4: "selection cancelled",
        5: "target lost at the end (with --strict)",
        6: "output (without a message where the reader of a pipe has gone)",
        130: "interrupted (Ctrl-C, SIGTERM); what was done until then is kept",
    }
)
"""What each exit code means, for `--help`."""


def report(error: Exception) -> int:
    """Print `error` as one line to stderr, with its traceback where -v asks for it; return the exit code."""
    _log.debug("traceback of the error:", exc_info=error)
    if isinstance(error, TrackerError):
        # A reader that leaves, as `head` does, has what it wanted.
        if not isinstance(error.__cause__, BrokenPipeError):
            _say(str(error))
        return error.exit_code
    _say(f"unexpected {type(error).__name__}: {error or 'no message'} (-v shows where)")
    return 1


def _say(text: str) -> None:
    typer.echo(f"error: {' '.join(text.split())}", err=True)
