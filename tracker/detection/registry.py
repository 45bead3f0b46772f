"""The table of detectors, and how one is written: `motion`, `color=orange`, `color=FF8800`, `color=ball.png`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tracker.detection.base import Detector
from tracker.detection.color import ColorDetector
from tracker.detection.motion import MotionDetector
from tracker.errors import ConfigError

FORM = "write motion, color=orange, color=RRGGBB or color=PICTURE"


def open_detector(text: str) -> Detector:
    """Return the detector that is written as `NAME` or `NAME=WHAT`.

    Raises:
        ConfigError: there is no such detector, or it cannot be made of what is behind the `=`.
    """
    name, _, what = (part.strip() for part in text.partition("="))
    if name not in DETECTORS:
        close = difflib.get_close_matches(name, DETECTORS, n=1)
        meant = f" (did you mean {close[0]!r}?)" if close else ""
        raise ConfigError(f"nothing starts by itself on {text!r}{meant}: {FORM}")
    return DETECTORS[name](what)


def _motion(what: str) -> Detector:
    if what:
        raise ConfigError(f"motion takes nothing after it; got {what!r}: {FORM}")
    return MotionDetector()


def _color(what: str) -> Detector:
    if not what:
        raise ConfigError(f"which color? {FORM}")
    # A word without a dot or slash was meant as a color: say so, rather than that there is no such file.
    looks_like_a_path = "." in what or "/" in what or "\\" in what
    return ColorDetector.of_picture(what) if looks_like_a_path else ColorDetector.of_color(what)


DETECTORS: Mapping[str, Callable[[str], Detector]] = MappingProxyType({"motion": _motion, "color": _color})
"""The detectors by name, each made of what is written behind the `=`. A new one is a file and a line here."""
