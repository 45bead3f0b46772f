"""Whether there is a display, found out without touching it: a window without one aborts the process."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Mapping

from tracker.errors import DisplayError

_REMEDY = "give --roi (and --no-display) to track without a window"
_X_PORT = 6000
_PATIENCE = 2.0
"""Seconds to wait for a display on another machine."""


def check_display(environment: Mapping[str, str] | None = None, framework: str | None = None) -> None:
    """Do nothing where a window can be opened.

    Args:
        environment: variables; None for those of the process.
        framework: what OpenCV draws windows with, "" for none; None to ask it.

    Raises:
        DisplayError: there is no display, it does not answer, or OpenCV was built without windows.
    """
    if not (_framework() if framework is None else framework):
        raise DisplayError(
            f"this OpenCV has no windows: install opencv-python instead of the headless wheel, or {_REMEDY}"
        )
    platform: str = sys.platform
    if platform in {"darwin", "win32"}:
        return
    variables = os.environ if environment is None else environment
    name = variables.get("DISPLAY", "")
    if not name:
        hint = "Wayland needs XWayland" if variables.get("WAYLAND_DISPLAY") else "DISPLAY is not set"
        raise DisplayError(f"no display for a window ({hint}): {_REMEDY}")
    if not _answers(name):
        raise DisplayError(f"the display {name} does not answer: check DISPLAY, or {_REMEDY}")


def _framework() -> str:
    import cv2  # here, as a program without windows may do without

    ask = getattr(cv2, "currentUIFramework", None)
    return str(ask()) if ask is not None else "unknown"


def _answers(name: str) -> bool:
    """Connect to an X display by its name, `[host]:number[.screen]`."""
    parts = re.fullmatch(r"(?:unix)?(?P<host>[^:]*):(?P<number>\d+)(?:\.\d+)?", name)
    if parts is None:
        return False
    number = int(parts["number"])
    if parts["host"]:
        return _connects(socket.AF_INET, (parts["host"], _X_PORT + number))
    path = f"/tmp/.X11-unix/X{number}"
    return _connects(socket.AF_UNIX, path) or _connects(socket.AF_UNIX, f"\0{path}")


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as probe:
        probe.settimeout(_PATIENCE)
        try:
            probe.connect(address)
        except (OSError, OverflowError):
            return False
    return True
