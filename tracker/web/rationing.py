"""Log lines that others can cause: so many in a time, and how many more there were."""

from __future__ import annotations

import logging
import time

_LINES, _PER = 10, 60.0
"""How many lines are logged in how many seconds."""


class RationedLog:
    """Logs warnings up to a number in a time; those above it are counted only."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        """Write to `log`; `what` says in the plural what the warnings are about."""
        self._log, self._what = log, what
        self._began, self._count = time.monotonic(), 0

    def warn(self, line: str) -> None:
        """Log a line, or count it."""
        now = time.monotonic()
        if now - self._began > _PER:
            if self._count > _LINES:
                self._log.warning("%d more %s", self._count - _LINES, self._what)
            self._began, self._count = now, 0
        self._count += 1
        if self._count <= _LINES:
            self._log.warning("%s", line)
        if self._count == _LINES:
            self._log.warning("further ones are counted only")
