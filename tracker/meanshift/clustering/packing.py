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
        anchors: a coordinate at or near the beginning of each group, ascending.
        places: the position of each anchor. Anchors and places are multiples of a power of two, so that whole numbers
            stay whole.
        starts: from a group's anchor to its first coordinate.
        ends: from a group's anchor to its last coordinate.
        rim: two ball radii; coordinates are told apart up to this far from a group.
    """

    anchors: Floats
    places: Floats
    starts: Floats
    ends: Floats
    rim: float

    @classmethod
    def plain(cls, values: Floats, radius: float) -> Axis:
        """Return the map that takes all of `values` as one group."""
        low, high = float(values.min()), float(values.max())
        anchor = common_origin(low, high, power_of_two_above(radius))
        return cls(np.array([anchor]), np.zeros(1), np.array([low - anchor]), np.array([high - anchor]), 2 * radius)

    @classmethod
    def packed(cls, values: Floats, radius: float) -> Axis:
        """Return the map that cuts every void wider than four ball radii to little more than that."""
        ordered = np.unique(values)
        wide = np.flatnonzero(np.diff(ordered) > _VOID * radius)
        first, last = ordered[np.append(0, wide + 1)], ordered[np.append(wide, len(ordered) - 1)]
        unit = power_of_two_above(radius)
        anchors = np.floor(first / unit) * unit
        room = np.ceil((last - anchors + _VOID * radius) / unit) * unit
        return cls(anchors, np.append(0.0, np.cumsum(room[:-1])), first - anchors, last - anchors, 2 * radius)

    @property
    def low(self) -> float:
        """One rim before the first position of a point."""
        return float(self.places[0] + self.starts[0] - self.rim)

    @property
    def length(self) -> float:
        """From `low` to one rim behind the last position of a point."""
        return float(self.places[-1] + self.ends[-1] + self.rim - self.low)

    @property
    def is_shifted(self) -> bool:
        """Whether a position differs from its coordinate."""
        return bool(np.any(self.anchors != self.places))

    def shift(self, values: Floats) -> Floats:
        """Return by how much the position of each coordinate is less."""
        return np.broadcast_to((self.anchors - self.places)[self._group(values)], values.shape)

    def position(self, values: Floats) -> Floats:
        """Map coordinates; one that lies more than a rim away from every group is put at the rim of a near group."""
        group = self._group(values)
        inside = np.maximum(values - self.anchors[group], self.starts[group] - self.rim)
        np.minimum(inside, self.ends[group] + self.rim, out=inside)
        inside += self.places[group]
        return inside

    def _group(self, values: Floats) -> NDArray[np.intp]:
        if len(self.anchors) == 1:
            return np.zeros(1, dtype=np.intp)
        group = np.searchsorted(self.anchors + (self.starts - self.rim), values, side="right") - 1
        return np.maximum(group, 0)
