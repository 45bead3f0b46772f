"""What a run needs of its process before anything else is imported: signals that end it, and the standard streams."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
"""The signals that end a run in order: Ctrl-C, a polite kill, and a terminal or connection that is closed."""

_RETRY = 0.02
"""Seconds after which it is looked again whether an import is over."""
_DELICATE = ("<frozen importlib", "<string>")
"""How the names of code begin that is not interrupted: imports, and texts that are evaluated. A KeyboardInterrupt that
leaves such a text makes Python end by the signal, even if it is caught (`unhandled_keyboard_interrupt` of 3.8 on)."""


def endings() -> tuple[signal.Signals, ...]:
    """Return the signals of `ENDING` that mean this process: under `nohup` a closed terminal does not."""
    return tuple(
        number
        for number in ENDING
        if number is signal.SIGINT or number is signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN
    )


@contextmanager
def interruptible() -> Iterator[None]:
    """Let each of `endings` raise KeyboardInterrupt within the block, except in an import or an evaluated text.

    An exception that is raised there may be swallowed, or be taken for a module that is missing, by compiled modules
    above all: it is raised as soon as that is over.
    """
    waiting = False

    def interrupt(_: int, frame: FrameType | None) -> None:
        nonlocal waiting
        waiting = hasattr(signal, "setitimer") and _is_delicate(frame)
        if not waiting:
            raise KeyboardInterrupt
        signal.setitimer(signal.ITIMER_REAL, _RETRY)

    before = {number: signal.getsignal(number) for number in endings()}
    timer = getattr(signal, "SIGALRM", None)
    if timer is not None:
        before[timer] = signal.getsignal(timer)
    try:
        for number in before:
            signal.signal(number, interrupt)
        yield
    finally:
        if waiting:  # the alarm, no longer handled, would kill the process that has come to its end
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def leave(*_: object) -> None:
    """End at once, where there is nothing yet that has to be ended in order."""
    os._exit(130)


def _is_delicate(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_globals.get("__name__") != __package__:  # what called `main` does not count
        if frame.f_code.co_filename.startswith(_DELICATE):
            return True
        frame = frame.f_back
    return False


def fill_streams() -> None:
    """Put something in the place of standard streams that were closed before the start.

    Else the first file that is opened takes the place of one, and is written into by what writes there. What is
    written to a closed standard output fails: results that were to go there are lost, and a run must not end well.
    """
    for number, (name, flags) in enumerate((("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flags)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8"))
