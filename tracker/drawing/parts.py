"""The style of the overlay as it is written in a line, or as a mapping of a settings file."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from tracker.drawing.style import OverlayStyle
from tracker.errors import ConfigError

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "box": "box",
        "label": "label",
        "trail": "trail",
        "corners": "search",
        "path": "path",
        "density": "density",
        "curve": "curve",
        "caption": "caption",
    }
)
"""What can be drawn, by the name that is written, with its field in `OverlayStyle`."""

_SETTINGS = ("parts", "color", "thickness", "font")
_COLORS = {"state": False, "target": True}
_LEAST, _MOST = 0.1, 10.0
_NONE = "none"


def parse_style(text: str, base: OverlayStyle | None = None) -> OverlayStyle:
    """Read `box,label,color=target,thickness=2,font=1.5`; `none` draws nothing.

    Where parts are named, these and no others are drawn; without, those of `base`.

    Raises:
        ConfigError: there is no such part or setting, or a value is not possible.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    settings: dict[str, Any] = dict(word.split("=", 1) for word in words if "=" in word)
    parts = [word for word in words if "=" not in word]
    return style_of({**({"parts": parts} if parts else {}), **settings}, base)


def style_of(settings: Mapping[str, Any], base: OverlayStyle | None = None) -> OverlayStyle:
    """Return the style of a mapping: `parts`, a list of names; `color`, state or target; `thickness`; `font`.

    Raises:
        ConfigError: there is no such part or setting, or a value is not possible.
    """
    style = base or OverlayStyle()
    for key, value in settings.items():
        if key == "parts":
            style = _with_parts(style, value)
        elif key == "color":
            if value not in _COLORS:
                raise ConfigError(f"color={value} is not possible: draw by state or by target")
            style = replace(style, by_target=_COLORS[value])
        elif key == "thickness":
            style = replace(style, thickness=_factor(key, value))
        elif key == "font":
            style = replace(style, font=_factor(key, value))
        else:
            raise ConfigError(f"a style has no setting {key!r}{_suggestion(str(key), _SETTINGS)}")
    return style


def _with_parts(style: OverlayStyle, names: Any) -> OverlayStyle:
    wanted = [names] if isinstance(names, str) else [str(name) for name in names or (_NONE,)]
    for name in wanted:
        if name not in PARTS and name != _NONE:
            raise ConfigError(f"there is nothing called {name!r} to draw{_suggestion(name, (*PARTS, _NONE))}")
    return replace(style, **{field: name in wanted for name, field in PARTS.items()})


def _factor(key: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not _LEAST <= number <= _MOST:
        raise ConfigError(f"{key}={value} is not possible: give a factor from {_LEAST:g} to {_MOST:g}")
    return number


def _suggestion(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f": did you mean {close[0]!r}?" if close else f": choose from {', '.join(known)}"
