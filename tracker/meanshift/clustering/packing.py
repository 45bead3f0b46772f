"""One axis of a grid over points that may lie in far-apart groups.

A grid over the bounding box of data with a few distant outliers is nearly all void. Where two neighbouring
coordinates are further apart than any ball is wide, the void between them cannot lie inside a ball, so its length is
of no consequence: `Axis.packed` cuts every such void short. The result is a monotone map of the coordinate that keeps
distances wherever they matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.meanshift.clustering.ball import Floats, common_origin, power_of_two_above

_VOID = 4.0  # what is left of a void, in ball radii: room for the rims on both its sides


@dataclass(frozen=True, slots=True)
class Axis:
    """A monotone map from a coordinate to a position, which differs from it by a shift of each group of points.

    Attributes:
        starts: ascending, the first coordinate of each group.
        widths: from a group's first to its last coordinate.
        shifts: what is subtracted from a group's coordinates; multiples of a power of two, so that whole numbers stay
            whole.
        rim: two ball radii; coordinates are told apart up to this far from a group.
    """

    starts: Floats
    widths: Floats
    shifts: Floats
    rim: float

    @classmethod
    def plain(cls, values: Floats, radius: float) -> Axis:
        """Return the map that takes all of `values` as one group."""
        low, high = float(values.min()), float(values.max())
        shift = common_origin(low, high, power_of_two_above(radius))
        return cls(np.array([low]), np.array([high - low]), np.array([shift]), 2 * radius)

    @classmethod
    def packed(cls, values: Floats, radius: float) -> Axis:
        """Return the map that cuts every void wider than four ball radii to little more than that."""
        ordered = np.unique(values)
        wide = np.flatnonzero(np.diff(ordered) > _VOID * radius)
        starts = ordered[np.append(0, wide + 1)]
        widths = ordered[np.append(wide, len(ordered) - 1)] - starts
        unit = power_of_two_above(radius)
        room = np.ceil((widths + _VOID * radius) / unit + 1) * unit
        shifts = np.floor(starts / unit) * unit - np.append(0.0, np.cumsum(room[:-1]))
        return cls(starts, widths, shifts, 2 * radius)

    @property
    def low(self) -> float:
        """One rim before the first position of a point."""
        return float(self.starts[0] - self.shifts[0] - self.rim)

    @property
    def length(self) -> float:
        """From `low` to one rim behind the last position of a point."""
        return float(self.starts[-1] - self.shifts[-1] + self.widths[-1] + self.rim - self.low)

    def shift(self, values: Floats) -> Floats:
        """Return what is subtracted from each coordinate."""
        return self.shifts[self._group(values)]

    def position(self, values: Floats) -> Floats:
        """Map coordinates; one that lies more than a rim away from every group is put at the rim of a near group."""
        group = self._group(values)
        shift = self.shifts[group]
        start = self.starts[group] - shift
        return np.clip(values - shift, start - self.rim, start + self.widths[group] + self.rim)

    def _group(self, values: Floats) -> NDArray[np.intp]:
        if len(self.starts) == 1:
            return np.zeros(1, dtype=np.intp)
        return np.maximum(np.searchsorted(self.starts - self.rim, values, side="right") - 1, 0)
