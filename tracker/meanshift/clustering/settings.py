"""What the settings of `MeanShift` may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from tracker.errors import ConfigError
from tracker.meanshift.kernels import KERNELS

Assignment: TypeAlias = Literal["nearest", "basin"]
Mode: TypeAlias = Literal["exact", "grid"]


@dataclass(frozen=True, slots=True)
class _Range:
    """What a setting may be: in words, and as a test."""

    words: str
    holds: Callable[[Any], bool]


def is_whole(value: Any, least: int) -> bool:
    """Whether a setting is a whole number of at least `least`."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(value >= least)


def is_real(value: Any, low: float, high: float) -> bool:
    """Whether a setting is a number in [low, high]."""
    numeric = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return numeric and low <= float(value) <= high


def _one_of(*values: str) -> _Range:
    return _Range("one of " + ", ".join(values), lambda value: isinstance(value, str) and value in values)


def _whole_number(least: int) -> _Range:
    return _Range(f"a whole number of at least {least}", lambda value: is_whole(value, least))


_FLAG = _Range("True or False", lambda value: isinstance(value, bool | np.bool_))

_RANGES: Mapping[str, _Range] = {
    "bandwidth": _Range(
        "a number above 0 (from 1e-150 to 1e150), or None to have it estimated",
        lambda value: value is None or is_real(value, 1e-150, 1e150),
    ),
    "seeds": _Range("an array (seeds, coordinates) or None", lambda value: value is None or not np.isscalar(value)),
    "bin_seeding": _FLAG,
    "min_bin_freq": _whole_number(1),
    "cluster_all": _FLAG,
    "max_iter": _whole_number(0),
    "kernel": _one_of(*KERNELS),
    "assign": _one_of("nearest", "basin"),
    "mode": _one_of("exact", "grid"),
    "progress": _Range("a function or None", lambda value: value is None or callable(value)),
}


def check_settings(settings: Mapping[str, Any]) -> None:
    """Check every setting.

    Raises:
        ConfigError: one is out of range; the message names it, its value and the range.
    """
    for name, value in settings.items():
        if not _RANGES[name].holds(value):
            raise ConfigError(f"{name} is {_RANGES[name].words}; got {value!r}")
