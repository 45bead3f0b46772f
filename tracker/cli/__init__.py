"""The command line. `main` is the console entry; each verb is one file: its options and its call of the library."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import NoReturn

from tracker.cli.process import endings, fill_streams, interruptible, leave

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line (`sys.argv` where `arguments` is None) and exit with one of `EXIT_CODES`."""
    before = {number: signal.getsignal(number) for number in endings()}
    try:
        for number in before:
            signal.signal(number, leave)
        fill_streams()
        from tracker.cli.app import run  # a tenth of a second and more, in which a signal may come

        with interruptible():
            run(arguments)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
