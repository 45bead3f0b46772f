"""Targets that start by themselves: when one is born, and when it dies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracker.config.automatic import PopulationSettings
from tracker.detection.base import Finder
from tracker.errors import BoxError, TargetError
from tracker.geometry import Box, iou
from tracker.image import Image
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackState
from tracker.tracking.rivals import overlap_of

_EDGE = 0.01
"""Share of the frame's longer side: a box as near as this to the edge touches it."""


class Newcomers(ABC):
    """Who comes and goes by itself.

    Attributes:
        expected: whether anybody may come.
    """

    expected: ClassVar[bool]

    @abstractmethod
    def renew(self, image: Image, tracker: MultiTracker) -> None:
        """Take from `tracker` who has gone, and add who has come, after it was updated with `image`."""


class NoNewcomers(Newcomers):
    """Nobody comes, nobody goes: all targets are named by a person."""

    expected = False

    def renew(self, image: Image, tracker: MultiTracker) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Something that was found in several frames in a row.

    Attributes:
        boxes: where, in the latest of them, oldest first.
        origin: where it was found first.
    """

    boxes: tuple[Box, ...]
    origin: Box

    @classmethod
    def at(cls, box: Box) -> _Candidate:
        return cls((box,), box)

    @property
    def box(self) -> Box:
        return self.boxes[-1]

    def seen(self, box: Box, length: int) -> _Candidate:
        """Return it with the box of one more frame; the latest `length` are kept."""
        return _Candidate((*self.boxes, box)[-length:], self.origin)

    @property
    def traveled(self) -> float:
        """How far it has come, in target sizes √(w·h)."""
        (x0, y0), (x1, y1) = self.origin.center, self.box.center
        return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / self.box.area**0.5)


class Population(Newcomers):
    """Adds what a finder finds to a `MultiTracker`, and removes it again when it is gone.

    Born is what was found steadily for some frames in a row, has traveled as far as the finder asks, and shares no
    place with anybody who is followed, seen or not. It dies when it has left the frame, was LOST for too long, or
    sits on an older target for too long. Targets that others added are never removed, and numbers never used twice.
    """

    expected = True

    def __init__(self, finder: Finder, settings: PopulationSettings | None = None) -> None:
        self._finder = finder
        self._settings = settings or PopulationSettings()
        self._candidates: tuple[_Candidate, ...] = ()
        self._born: set[int] = set()
        self._seen: dict[int, Box] = {}
        self._unseen: Counter[int] = Counter()
        self._lost: Counter[int] = Counter()
        self._sharing: Counter[int] = Counter()

    def renew(self, image: Image, tracker: MultiTracker) -> None:
        """See `Newcomers.renew`."""
        self._born.intersection_update(tracker.results)
        found = self._finder.find(image)
        for number in self._dead(image, tracker, found):
            tracker.remove(number)
            self._born.discard(number)
        followed = [result.box for result in tracker.results.values()]
        free = [box for box in found if not self._is_covered(box, followed)]
        self._candidates = self._continued(free)
        for candidate in self._candidates:
            if self._is_ready(candidate, image):
                self._bear(candidate.box, image, tracker)

    def _bear(self, box: Box, image: Image, tracker: MultiTracker) -> None:
        """Follow what is in `box`, unless there are too many, or a sibling just born has it."""
        followed = [result.box for result in tracker.results.values()]
        if len(tracker) >= self._settings.limit or self._is_covered(box, followed):
            return
        try:
            number = tracker.add(image, box, label=self._finder.name)
        except (BoxError, TargetError):  # too dark, too small: it is asked again in the next frame
            return
        self._born.add(number)
        self._seen[number] = box

    def _dead(self, image: Image, tracker: MultiTracker, found: Sequence[Box]) -> list[int]:
        results = tracker.results
        self._seen |= {number: results[number].box for number in self._born if results[number].ok}
        lost = [number for number in self._born if results[number].state is TrackState.LOST]
        sharing = [number for number in self._born if self._sits_on_an_older_one(number, tracker)]
        unseen = [number for number in self._born if not self._is_seen(results[number].box, found)]
        self._unseen = _counted_on(self._unseen, unseen)
        self._lost = _counted_on(self._lost, lost)
        self._sharing = _counted_on(self._sharing, sharing)
        return [
            number
            for number in sorted(self._born)
            if self._lost[number] > self._settings.patience
            or self._unseen[number] > self._settings.unseen
            or self._sharing[number] > self._settings.tolerance
            or (number in lost and _inside(self._seen[number], image) < self._settings.inside)
        ]

    def _sits_on_an_older_one(self, number: int, tracker: MultiTracker) -> bool:
        results = tracker.results
        return any(
            overlap_of(results[number].box, result.box) >= self._settings.shared
            for other, result in results.items()
            if other != number and (other < number or other not in self._born)
        )

    def _is_seen(self, target: Box, found: Iterable[Box]) -> bool:
        return any(_common(target, box) >= self._settings.covered * target.area for box in found)

    def _is_covered(self, box: Box, followed: Iterable[Box]) -> bool:
        return any(overlap_of(box, other) >= self._settings.covered for other in followed)

    def _continued(self, boxes: Sequence[Box]) -> tuple[_Candidate, ...]:
        """Return the candidates of this frame: each box goes on with the one of the last frame that it fits best."""
        pairs = sorted(
            (
                (overlap, old, new)
                for old, candidate in enumerate(self._candidates)
                for new, box in enumerate(boxes)
                if (overlap := iou(candidate.box, box)) >= self._settings.overlap
            ),
            key=lambda pair: (-pair[0], pair[1], pair[2]),
        )
        before: dict[int, int] = {}
        for _, old, new in pairs:
            if new not in before and old not in before.values():
                before[new] = old
        length = self._settings.steady
        return tuple(
            self._candidates[before[new]].seen(box, length) if new in before else _Candidate.at(box)
            for new, box in enumerate(boxes)
        )

    def _is_ready(self, candidate: _Candidate, image: Image) -> bool:
        settings = self._settings
        if len(candidate.boxes) < settings.steady or candidate.traveled < self._finder.travel:
            return False
        # What comes in grows until all of it is there; what stays cut off by the edge does not.
        allowed = settings.incoming if _touches_edge(candidate.box, image) else settings.change
        areas = [box.area for box in candidate.boxes]
        return max(areas) <= allowed * min(areas)


def _counted_on(counts: Counter[int], numbers: Iterable[int]) -> Counter[int]:
    """Return for how many frames in a row each of `numbers` has been there."""
    return Counter({number: counts[number] + 1 for number in numbers})


def _common(a: Box, b: Box) -> float:
    """Return the area that two boxes have in common."""
    return overlap_of(a, b) * min(a.area, b.area)


def _inside(box: Box, image: Image) -> float:
    """Return the share of `box` that lies in the frame."""
    return box.clipped(image.shape[1], image.shape[0]).area / box.area


def _touches_edge(box: Box, image: Image) -> bool:
    height, width = image.shape[:2]
    near = _EDGE * max(width, height)
    return bool(min(box.x, box.y, width - box.right, height - box.bottom) < near)
