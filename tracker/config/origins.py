"""Where the values of the settings come from: what the brackets in their documentation stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        "B98": 'Bradski 1998, "Computer vision face tracking for use in a perceptual user interface"',
        "CM03": 'Comaniciu, Ramesh & Meer 2003, "Kernel-based object tracking"',
        "D14": 'Danelljan et al. 2014, "Accurate scale estimation for robust visual tracking"',
        "G17": 'Kiani Galoogahi et al. 2017, "Learning background-aware correlation filters for visual tracking"',
        "SB91": 'Swain & Ballard 1991, "Color indexing"',
        "W17": 'Wang, Liu & Huang 2017, "Large margin object tracking with circulant feature maps"',
        "measured": "a plateau found on real sequences with truth, not an optimum: nearby values do as well",
        "set": "chosen by reason, not measured",
    }
)
"""What each word in brackets stands for. A setting without one has `set`."""

_BRACKETS = re.compile(r"\[([^\]]+)\]")


def origins_of(doc: str) -> tuple[str, ...]:
    """Return the keys of `ORIGINS` that the documentation of a setting names; `set` where it names none."""
    named = [word for brackets in _BRACKETS.findall(doc) for word in re.split(r"\W+", brackets) if word in ORIGINS]
    return tuple(dict.fromkeys(named)) or ("set",)
