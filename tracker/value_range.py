"""The values of a deep picture that become black and white."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError

_OUTLIERS = 0.1
"""Percent of the values at either end that may be dead pixels and do not count."""
_MARGIN = 0.125
"""Share of the range found that is added at either end, for what comes later: warmer, nearer, brighter."""
_NATURAL = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
"""Upper ends of scales from 0 on that sensors and formats have: a share, 8, 10, 12, 14 and 16 bits."""
_WELL_USED = 0.5
"""Share of a natural scale from which on the data are taken to fill it."""
_LARGEST = 1e30
"""Values from here on stand for no measurement."""
_SAMPLES = 200_000
"""Values a picture that are looked at."""


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The range [low, high] that is stretched over the 256 levels of a picture.

    Attributes:
        low: becomes black, and all below.
        high: becomes white, and all above.

    Raises:
        ConfigError: a value is not finite, or `high` is not above `low`.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ConfigError(f"the range {self.low:g}:{self.high:g} is not possible: give LOW:HIGH, LOW below HIGH")

    def __str__(self) -> str:
        return f"{self.low:g}:{self.high:g}"

    @classmethod
    def parse(cls, text: str) -> ValueRange:
        """Read `LOW:HIGH`.

        Raises:
            ConfigError: the text is no range.
        """
        low, _, high = text.partition(":")
        try:
            return cls(float(low), float(high))
        except ValueError as error:  # ConfigError is one
            if isinstance(error, ConfigError):
                raise
            raise ConfigError(f"cannot read the range {text!r}: write LOW:HIGH, e.g. 29300:31000") from error

    @classmethod
    def of(cls, pictures: Iterable[NDArray[Any]]) -> ValueRange:
        """Find the range of a recording by its first pictures.

        Where they fill at least half of a natural scale (8, 10, 12, 14 or 16 bits, or 0 to 1), that scale is the range:
        a film of 12 bits keeps its brightness. Else the range is that of the values, without the 0.1 % at either end
        that dead pixels may be, and with an eighth more at either end.

        Args:
            pictures: arrays of any shape and real type; values that are not finite do not count.
        """
        values = [_sampled(picture) for picture in pictures]
        found = np.concatenate(values) if values else np.empty(0)
        if not found.size:
            return cls(0.0, 1.0)
        low, high = (float(value) for value in np.percentile(found, [_OUTLIERS, 100.0 - _OUTLIERS]))
        whole = next((top for top in _NATURAL if float(found.min()) >= 0 and float(found.max()) <= top), None)
        if whole is not None and high - low >= _WELL_USED * whole:
            return cls(0.0, whole)
        margin = max(_MARGIN * (high - low), 1e-9 * max(abs(low), abs(high)), 1e-12)
        return cls(low - margin, high + margin)

    def stretch(self, picture: NDArray[Any]) -> NDArray[np.uint8]:
        """Return the picture in 8 bits, a new array of the same shape; what is no number becomes black."""
        with np.errstate(all="ignore"):  # what is too large for the type becomes infinite, which is white
            scaled = picture.astype(np.float32) - np.float32(self.low)
            scaled *= np.float32(255.0 / (self.high - self.low))
        np.nan_to_num(scaled, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
        return np.clip(np.rint(scaled, out=scaled), 0.0, 255.0, out=scaled).astype(np.uint8)


def _sampled(picture: NDArray[Any]) -> NDArray[np.float64]:
    flat = picture.reshape(-1)
    values = flat[:: max(1, flat.size // _SAMPLES)].astype(np.float64)
    return values[np.isfinite(values) & (np.abs(values) < _LARGEST)]
