"""Checks of points, weights and settings, with messages that name the entry and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError, DataError
from tracker.meanshift.clustering.ball import Floats
from tracker.meanshift.kernels import KERNELS

Assignment: TypeAlias = Literal["nearest", "basin"]
ClimbMode: TypeAlias = Literal["exact", "grid"]

_MISSING = frozenset({"NAType", "NaTType"})  # types of pandas' NA and NaT; by name, as pandas may not be there
_LARGEST = 1e150  # the square of a larger number is not finite


def as_points(values: Any, name: str = "X") -> NDArray[Any]:
    """Return `(N, d)` finite points, N ≥ 1, d ≥ 1, as float32, float64 or an integer dtype; no copy if avoidable.

    Raises:
        DataError: anything else; the message says what and where.
    """
    points = _as_numbers(values, name)
    if points.ndim == 0:
        raise DataError(f"{name} is an array (points, coordinates); got the single value {points[()]}")
    if points.ndim == 1:
        raise DataError(
            f"{name} has two axes (points, coordinates); got a 1D array of {len(points)}. Reshape your data with "
            "reshape(-1, 1) for points on a line, reshape(1, -1) for one point"
        )
    if points.ndim > 2:
        raise DataError(f"{name} has two axes (points, coordinates); got shape {points.shape}: reshape to (N, d)")
    if not points.shape[0]:
        raise DataError(f"{name} holds no point: found array with 0 sample(s) (shape={points.shape})")
    if not points.shape[1]:
        raise DataError(f"0 feature(s) (shape={points.shape}) while a minimum of 1 is required: {name} has no column")
    _refuse_unbounded(points, name)
    return points


def as_weights(values: Any, count: int) -> Floats | None:
    """Return `(count,)` weights ≥ 0 with a positive sum; None stands for equal weights.

    Raises:
        DataError: anything else; the message says what and where.
    """
    if values is None:
        return None
    weights = _as_numbers(values, "sample_weight").astype(np.float64, copy=False)
    if weights.shape != (count,):
        raise DataError(f"sample_weight has one entry a point, shape ({count},); got shape {weights.shape}")
    _refuse_unbounded(weights, "sample_weight")
    if weights.min() < 0:
        index = int(np.argmax(weights < 0))
        raise DataError(f"sample_weight is ≥ 0; got {weights[index]:g} at index {index}")
    if not weights.any():
        raise DataError("sample_weight is zero everywhere: give at least one point a weight")
    return weights


def _as_numbers(values: Any, name: str) -> NDArray[Any]:
    if hasattr(values, "toarray"):
        raise DataError(f"{name} is sparse, but mean shift takes dense points only: use {name}.toarray()")
    array: NDArray[Any] = np.empty(0)
    try:
        array = np.asarray(values)
        if array.dtype.kind in "OUS":
            array = array.astype(np.float64)
    except TypeError as error:
        _refuse_missing(array, name)
        raise TypeError(f"{name} holds an entry that is no number; an argument must be a string or a number") from error
    except ValueError as error:
        raise DataError(f"{name} is no rectangular array of numbers: {error}") from error
    if array.dtype.kind == "c":
        raise DataError(f"Complex data not supported: give {name} real coordinates, e.g. its real and imaginary parts")
    if array.dtype.kind not in "fiub":
        raise DataError(f"{name} holds {array.dtype}, not numbers: convert it to float")
    if array.dtype.kind == "b" or (array.dtype.kind == "f" and array.dtype not in (np.float32, np.float64)):
        array = array.astype(np.float64)
    return array


def _refuse_unbounded(array: NDArray[Any], name: str) -> None:
    if array.dtype.kind != "f":
        return
    low, high = float(array.min()), float(array.max())
    if low >= -_LARGEST and high <= _LARGEST:  # false for NaN, which min and max pass on
        return
    with np.errstate(invalid="ignore"):
        where = tuple(int(i) for i in np.argwhere(~(np.abs(array) <= _LARGEST))[0])
    value = array[where]
    kind = "NaN" if np.isnan(value) else "infinity (inf)" if np.isinf(value) else f"{value:g}, which is beyond 1e150,"
    raise DataError(f"{name} holds {kind} at {_place(where)}: remove or replace such entries")


def _refuse_missing(array: NDArray[Any], name: str) -> None:
    """Refuse entries that pandas has for nothing in columns of its own types: they are no numbers, not even NaN."""
    for where, entry in np.ndenumerate(array):
        if type(entry).__name__ in _MISSING:
            raise DataError(f"{name} holds nothing ({entry}) at {_place(where)}: remove or replace such entries")


def _place(where: tuple[int, ...]) -> str:
    return f"row {where[0]}, column {where[1]}" if len(where) == 2 else f"index {where[0]}"


@dataclass(frozen=True, slots=True)
class _Range:
    """The values that a setting may have: in words, and as a test."""

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
