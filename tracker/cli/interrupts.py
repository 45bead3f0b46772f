"""Ctrl-C and SIGTERM as an orderly end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def orderly_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on the first Ctrl-C or SIGTERM within the block; the next one does what it did before."""
    before = [(number, signal.getsignal(number)) for number in _SIGNALS]

    def restore() -> None:
        for number, handler in before:
            signal.signal(number, handler)

    def handle(*_: object) -> None:
        restore()
        stop()

    for number in _SIGNALS:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()
