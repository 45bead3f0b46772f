"""The table of effects, and how one is written in a line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from tracker.effects.base import Effect
from tracker.effects.blur import Blur
from tracker.effects.coverage import CoverageSettings
from tracker.effects.none import NoEffect
from tracker.effects.pixelate import Pixelate
from tracker.effects.solid import Solid
from tracker.effects.spotlight import Spotlight
from tracker.errors import ConfigError

EFFECTS: Mapping[str, Callable[[], Effect]] = MappingProxyType(
    {
        "blur": Blur,
        "pixelate": Pixelate,
        "solid": Solid,
        "spotlight": Spotlight,
        "none": NoEffect,
    }
)
"""The effects by name. A new one is a file and a line here."""


@dataclass(frozen=True, slots=True)
class EffectSpec:
    """An effect that is wanted.

    Attributes:
        name: a key of `EFFECTS`.
        invert: put it on what it leaves out by itself: blur everything but the target, darken the target.
        settings: how much is covered.
    """

    name: str
    invert: bool = False
    settings: CoverageSettings = field(default_factory=CoverageSettings)

    def __post_init__(self) -> None:
        """Check the name.

        Raises:
            ConfigError: there is no such effect.
        """
        if self.name not in EFFECTS:
            raise ConfigError(f"there is no effect {self.name!r}{_suggestion(self.name, EFFECTS)}")

    def build(self) -> Effect:
        """Return the effect."""
        return EFFECTS[self.name]()


def parse_effect(text: str) -> EffectSpec:
    """Read `NAME:key=value:…`, as in `blur`, `blur:invert` or `solid:shape=box:margin=0.3`.

    The keys are those of `CoverageSettings`, and `invert`, which has no value.

    Raises:
        ConfigError: no such effect or key, or a value out of range; names what is meant, if it can be guessed.
    """
    name, *words = text.split(":")
    values: dict[str, float | int | str] = {}
    invert = False
    for word in words:
        key, equals, value = word.partition("=")
        if key == "invert" and not equals:
            invert = True
        elif key in _KINDS:
            values[key] = _value(key, value)
        else:
            raise ConfigError(f"an effect has no setting {key!r}{_suggestion(key, [*_KINDS, 'invert'])}")
    return EffectSpec(name, invert, CoverageSettings(**values))  # type: ignore[arg-type]


SETTINGS = tuple(one.name for one in fields(CoverageSettings))
"""The settings of an effect that are written after a colon, beside `invert`."""

_KINDS: Mapping[str, Callable[[str], float | int | str]] = MappingProxyType(
    {one.name: {"str": str, "int": int}.get(type(one.default).__name__, float) for one in fields(CoverageSettings)}
)
"""How the text of each setting becomes a value."""


def _value(key: str, text: str) -> float | int | str:
    try:
        return _KINDS[key](text)
    except ValueError as error:
        what = "a whole number" if _KINDS[key] is int else "a number"
        raise ConfigError(f"{key}={text!r} is not possible for an effect: give {what}") from error


def _suggestion(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f": did you mean {close[0]!r}?" if close else f": choose from {', '.join(known)}"
