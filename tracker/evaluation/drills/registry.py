"""The table of drills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from tracker.errors import ConfigError
from tracker.evaluation.drills.base import DrillClip, Script
from tracker.evaluation.drills.blackout import blackout
from tracker.evaluation.drills.blur import blur
from tracker.evaluation.drills.cover import cover
from tracker.evaluation.drills.crossing import crossing
from tracker.evaluation.drills.cut import cut
from tracker.evaluation.drills.dissolve import dissolve
from tracker.evaluation.drills.elsewhere import elsewhere
from tracker.evaluation.drills.flash import flash
from tracker.evaluation.drills.freeze import freeze
from tracker.evaluation.drills.gap import gap
from tracker.evaluation.drills.half import half
from tracker.evaluation.drills.jolt import jolt
from tracker.evaluation.drills.leave import leave
from tracker.evaluation.drills.lookalike import lookalike
from tracker.evaluation.drills.zoom import zoom

Drill: TypeAlias = Callable[[DrillClip], Script]

DRILLS: Mapping[str, Drill] = MappingProxyType(
    {
        "cut": cut,
        "dissolve": dissolve,
        "blackout": blackout,
        "cover": cover,
        "lookalike": lookalike,
        "leave": leave,
        "elsewhere": elsewhere,
        "half": half,
        "crossing": crossing,
        "freeze": freeze,
        "gap": gap,
        "jolt": jolt,
        "zoom": zoom,
        "flash": flash,
        "blur": blur,
    }
)
"""Every drill by name: first those in which the target is absent, then those in which it is there.

A new drill is one file with one function, and one line here.
"""

ALL = "all"


def parse_drills(text: str) -> tuple[str, ...]:
    """Return the names in a list such as `cut,cover`, each once; `all` stands for all of them.

    Raises:
        ConfigError: there is no such drill, or no name at all.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in DRILLS and name != ALL]
    if unknown or not names:
        wrong = ", ".join(map(repr, unknown or [text]))
        raise ConfigError(f"no drill {wrong}: choose from {', '.join(DRILLS)}, or {ALL}")
    return tuple(DRILLS) if ALL in names else tuple(dict.fromkeys(names))


def summary_of(name: str) -> str:
    """Return the first line of a drill's description."""
    return (DRILLS[name].__doc__ or "").partition("\n")[0]
