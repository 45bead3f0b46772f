"""Who owns a place that several targets claim, or that two have exchanged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.distractors import Whereabouts, overlap_of, shared_areas
from tracker.tracking.localization import Look
from tracker.tracking.motion import Member

_SAME_PLACE = 0.6
"""Part of the smaller box from which two boxes are one place."""
_OUT_OF_REACH = 1e3
"""Cost of a place that a target cannot have got to; above any other."""


@dataclass(frozen=True)
class Claim:
    """What one target found in a frame.

    Attributes:
        member: the target.
        place: where it was expected.
        look: what it found.
    """

    member: Member
    place: Whereabouts
    look: Look

    def cost(self, other: Claim, image: Image) -> float:
        """Return how little what `other` found is like this target: distance in target sizes plus missing confidence.

        What it found itself has been looked at; elsewhere it looks now.
        """
        (x0, y0), (x1, y1) = self.place.expected.center, other.look.box.center
        distance = 0.0 if self.place.lost else math.hypot(x1 - x0, y1 - y0) / math.sqrt(self.place.expected.area)
        if other is self:
            return distance + 1.0 - self.look.confidence
        if not self.place.lost and overlap_of(self.place.reach, other.look.box) == 0.0:
            return _OUT_OF_REACH
        there = self.member.look_again(image, other.look.box, ())
        return distance + 1.0 - (there.confidence if there else 0.0)


def settle_disputes(image: Image, claims: Sequence[Claim]) -> dict[int, Look | None]:
    """Return the new looks of the targets that cannot keep what they found, by their index in `claims`.

    Places are shared out at the least cost in all (the assignment problem, Kuhn 1955); who is left without one looks
    again with the others' places left out.
    """
    disputed = _disputed(claims)
    if not disputed:
        return {}
    from scipy.optimize import linear_sum_assignment  # slow to import, and most runs never come here

    cost = np.array([[claims[i].cost(claims[j], image) for j in disputed] for i in disputed])
    _, shares = linear_sum_assignment(cost)
    surest_first = sorted(range(len(disputed)), key=lambda row: (cost[row, shares[row]], row))
    changed: dict[int, Look | None] = {}
    held: list[Box] = []
    for row in surest_first:
        index, owner = disputed[row], disputed[shares[row]]
        claim, box = claims[index], claims[owner].look.box
        taken = any(overlap_of(box, other) > _SAME_PLACE for other in held)
        if taken or owner != index:
            look = claim.member.look_again(image, claim.place.expected if taken else box, tuple(held))
            changed[index] = look
            box = box if look is None else look.box
        held.append(box)
    return changed


def _disputed(claims: Sequence[Claim]) -> list[int]:
    """Indices of the targets that came to one place without being expected there, or to each other's."""
    if len(claims) < 2:
        return []
    found = [claim.look.box for claim in claims]
    expected = [claim.place.expected for claim in claims]
    known = np.array([not claim.place.lost for claim in claims])
    met = (_overlaps(expected) > _SAME_PLACE) & known[:, None] & known[None, :]
    pairs = (_overlaps(found) > _SAME_PLACE) & ~met | _exchanged(expected, found) & known[:, None] & known[None, :]
    np.fill_diagonal(pairs, False)
    return [int(index) for index in np.flatnonzero(pairs.any(axis=1))]


def _overlaps(boxes: Sequence[Box]) -> NDArray[np.float64]:
    areas = np.array([box.area for box in boxes])
    part: NDArray[np.float64] = shared_areas(boxes, boxes) / np.minimum(areas[:, None], areas[None, :])
    return part


def _exchanged(expected: Sequence[Box], found: Sequence[Box]) -> NDArray[np.bool_]:
    """Whether two targets would both have had a shorter way to what the other one found."""
    start, end = (np.array([box.center for box in boxes]) for boxes in (expected, found))
    way = np.linalg.norm(end[None, :] - start[:, None], axis=2)
    own = np.diagonal(way)
    shorter: NDArray[np.bool_] = way < own[:, None]
    return shorter & shorter.T
