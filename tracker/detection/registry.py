"""The table of finders, and how a person writes one: `motion`, `color=FF8800`, `color=ball.png`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tracker.detection.base import Finder
from tracker.detection.color import ColorFinder
from tracker.detection.motion import MotionFinder
from tracker.errors import ConfigError

FORM = "write motion, color=RRGGBB or color=PICTURE"


def open_finder(text: str) -> Finder:
    """Return the finder that a person wrote as `NAME` or `NAME=WHAT`.

    Raises:
        ConfigError: there is no such finder, or it cannot be made of what is behind the `=`.
    """
    name, _, what = (part.strip() for part in text.partition("="))
    if name not in FINDERS:
        close = difflib.get_close_matches(name, FINDERS, n=1)
        meant = f" (did you mean {close[0]!r}?)" if close else ""
        raise ConfigError(f"nothing starts by itself on {text!r}{meant}: {FORM}")
    return FINDERS[name](what)


def _motion(what: str) -> Finder:
    if what:
        raise ConfigError(f"motion takes nothing after it; got {what!r}: {FORM}")
    return MotionFinder()


def _color(what: str) -> Finder:
    if not what:
        raise ConfigError(f"which color? {FORM}")
    # A word without a dot or slash was meant as a color: say so, rather than that there is no such file.
    looks_like_a_path = "." in what or "/" in what or "\\" in what
    return ColorFinder.of_picture(what) if looks_like_a_path else ColorFinder.of_color(what)


FINDERS: Mapping[str, Callable[[str], Finder]] = MappingProxyType({"motion": _motion, "color": _color})
"""The finders by name, each made of what is written behind the `=`. A new one is a file and a line here."""
