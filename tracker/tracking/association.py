"""Which place belongs to which target, where several claim one or two have exchanged theirs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tracker.geometry import Box, overlap_of, overlaps_of
from tracker.image import Image
from tracker.tracking.distractors import Prediction
from tracker.tracking.observation import Observation

_OUT_OF_REACH = 1e3
"""Cost of a place that a target cannot have got to; above any other."""


class Claimant(Protocol):
    """A target that can be localized elsewhere."""

    def localize_at(self, image: Image, box: Box, taken: tuple[Box, ...]) -> Observation | None:
        """Localize it about `box`, leaving out the boxes that are `taken`; None where that fails."""

    def confidence(self, found: Observation) -> float:
        """Return how sure it is that `found` is this target, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was found for one target in a frame.

    Attributes:
        target: the target.
        prediction: where it was expected.
        found: where it was localized.
    """

    target: Claimant
    prediction: Prediction
    found: Observation

    def cost(self, other: Candidate, image: Image) -> float:
        """Return how little the place of `other` is like this target's: distance in target sizes + 1 − confidence.

        Its own place has been looked at; at another one's it is localized now. A LOST target takes no place that
        another has found: a neighbor of the same look must not explain where it is.
        """
        expected, lost = self.prediction.box, self.prediction.lost
        (x0, y0), (x1, y1) = expected.center, other.found.box.center
        distance = 0.0 if lost else math.hypot(x1 - x0, y1 - y0) / math.sqrt(expected.area)
        if other is self:
            return distance + 1.0 - self.target.confidence(self.found)
        if lost or overlap_of(self.prediction.reach, other.found.box) == 0.0:
            return _OUT_OF_REACH
        there = self.target.localize_at(image, other.found.box, ())
        return distance + 1.0 - (self.target.confidence(there) if there else 0.0)


def reassign(image: Image, candidates: Sequence[Candidate], same_place: float) -> dict[int, Observation | None]:
    """Return the new observations of the targets that cannot keep theirs, by their index in `candidates`.

    Places are shared out at the least cost in all (the assignment problem, Kuhn 1955); a target that is left without
    one is localized again with the others' places left out. Two boxes are one place where the smaller one lies by more
    than `same_place` in the other.
    """
    disputed = _disputed(candidates, same_place)
    if not disputed:
        return {}
    from scipy.optimize import linear_sum_assignment  # slow to import, and most runs never come here

    cost = np.array([[candidates[i].cost(candidates[j], image) for j in disputed] for i in disputed])
    _, shares = linear_sum_assignment(cost)
    # Those that are LOST come last: the others have a history in which they did not leave their places.
    lost = [candidates[index].prediction.lost for index in disputed]
    surest_first = sorted(range(len(disputed)), key=lambda row: (lost[row], cost[row, shares[row]], row))
    changed: dict[int, Observation | None] = {}
    held: list[Box] = []
    for row in surest_first:
        index, owner = disputed[row], disputed[shares[row]]
        candidate, box = candidates[index], candidates[owner].found.box
        taken = any(overlap_of(box, other) > same_place for other in held)
        if taken or owner != index:
            start = candidate.prediction.box if taken else box
            found = candidate.target.localize_at(image, start, tuple(held))
            changed[index] = found
            box = box if found is None else found.box
        held.append(box)
    return changed


def _disputed(candidates: Sequence[Candidate], same_place: float) -> list[int]:
    """Indices of the targets that came to one place without being expected there, or to each other's."""
    if len(candidates) < 2:
        return []
    found = [candidate.found.box for candidate in candidates]
    expected = [candidate.prediction.box for candidate in candidates]
    known = np.array([not candidate.prediction.lost for candidate in candidates])
    both_known = known[:, None] & known[None, :]
    met = (overlaps_of(expected) > same_place) & both_known
    pairs = (overlaps_of(found) > same_place) & ~met | _exchanged(expected, found) & both_known
    np.fill_diagonal(pairs, False)
    return [int(index) for index in np.flatnonzero(pairs.any(axis=1))]


def _exchanged(expected: Sequence[Box], found: Sequence[Box]) -> NDArray[np.bool_]:
    """Whether two targets would both have had a shorter way to what the other one found."""
    start, end = (np.array([box.center for box in boxes]) for boxes in (expected, found))
    way = np.square(end[:, 0] - start[:, :1])
    way += np.square(end[:, 1] - start[:, 1:])  # the square of the distance, which has the same order
    own = np.diagonal(way)
    shorter: NDArray[np.bool_] = way < own[:, None]
    return shorter & shorter.T
