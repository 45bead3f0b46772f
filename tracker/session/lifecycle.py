"""Targets that start by themselves: when one is born, and when it dies."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracker.config.detection import PopulationSettings
from tracker.detection.base import Finder
from tracker.errors import BoxError, TargetError
from tracker.geometry import Box, iou, overlap_of
from tracker.image import Image
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackResult, TrackState


class Newcomers(ABC):
    """Who comes and goes by itself.

    Attributes:
        expected: whether anybody may come.
    """

    expected: ClassVar[bool]

    @property
    @abstractmethod
    def numbers(self) -> Collection[int]:
        """Which of those that are followed came by themselves."""

    @abstractmethod
    def renew(self, image: Image, tracker: MultiTracker) -> None:
        """Take from `tracker` who has gone, and add who has come, after it was updated with `image`."""


class NoNewcomers(Newcomers):
    """Nobody comes, nobody goes: all targets are named by a person."""

    expected = False
    numbers: Collection[int] = ()

    def renew(self, image: Image, tracker: MultiTracker) -> None:
        """Do nothing."""


@dataclass(slots=True)
class _Life:
    """What is remembered of a target that started by itself; all counts are of frames in a row.

    Attributes:
        origin: where the finder found it first.
        box: where it was when both the tracker and the finder saw it last.
        proven: whether it has come far enough from its origin to be a thing for certain.
        away: how long since then.
        lost: how long it has been LOST.
        unseen: how long the finder has not seen it.
        sharing: how long it has been sitting on an older target.
    """

    origin: Box
    box: Box
    proven: bool = False
    away: int = 0
    lost: int = 0
    unseen: int = 0
    sharing: int = 0

    def age(self, result: TrackResult, rules: PopulationSettings, *, seen: bool, certain: bool, sharing: bool) -> None:
        """Take in one more frame."""
        self.lost = self.lost + 1 if result.state is TrackState.LOST else 0
        doubted = not seen and (certain or result.confidence < rules.sure)
        self.unseen = self.unseen + 1 if doubted else 0
        self.sharing = self.sharing + 1 if sharing else 0
        self.away += 1
        if result.ok and seen:
            self.box, self.away = result.box, 0
            self.proven = self.proven or distance(self.origin, self.box) >= rules.proven

    def is_over(self, image: Image, rules: PopulationSettings) -> bool:
        """Whether it ends in this frame."""
        part = self.box.clipped(image.shape[1], image.shape[0]).area / self.box.area
        return (
            (part < rules.inside and self.away >= rules.leaving)
            or self.lost > rules.patience
            or self.unseen > rules.unseen
            or self.sharing > rules.tolerance
        )


class Population(Newcomers):
    """Adds what a finder finds to a `MultiTracker`, and removes it again when it is gone.

    Born is what was found steadily for some frames in a row, has traveled as far as the finder asks, and shares no
    place with anybody who is followed, seen or not. It dies when it has left the frame, when it was LOST or nothing was
    in its place for too long, or when it sits on an older target for too long: crossing each other takes a while, so a
    moment of it ends nobody. Targets that others added are never removed; one that others removed does not come again
    while it can be seen. Numbers are never used twice.
    """

    expected = True

    def __init__(self, finder: Finder, settings: PopulationSettings | None = None) -> None:
        """Begin without anybody; `finder` is asked once a frame."""
        self._finder = finder
        self._settings = settings or PopulationSettings()
        self._candidates: tuple[Candidate, ...] = ()
        self._outcasts: tuple[Outcast, ...] = ()
        self._lives: dict[int, _Life] = {}

    @property
    def numbers(self) -> Collection[int]:
        """See `Newcomers.numbers`."""
        return self._lives.keys()

    def renew(self, image: Image, tracker: MultiTracker) -> None:
        """See `Newcomers.renew`."""
        found = self._finder.find(image, self._held(tracker))
        self._cast_out(tracker, found)
        self._bury(image, tracker)
        free = [box for box in found if not self._is_taken(box, tracker)]
        self._candidates = continued(self._candidates, free, self._settings)
        for candidate in self._candidates:
            if self._is_ready(candidate) and not self._is_taken(candidate.box, tracker):
                self._bear(candidate, image, tracker)

    def _cast_out(self, tracker: MultiTracker, found: Sequence[Box]) -> None:
        """Remember whom somebody else has removed, and forget those who are out of sight."""
        gone = [number for number in self._lives if number not in tracker]
        outcasts = [*self._outcasts, *(Outcast(self._lives.pop(number).box) for number in gone)]
        moved = (outcast.among(found) for outcast in outcasts)
        self._outcasts = tuple(outcast for outcast in moved if outcast.unseen <= self._settings.patience)

    def _held(self, tracker: MultiTracker) -> list[Box]:
        """Return where there are things for certain."""
        results = tracker.results
        proven = [results[number] for number, life in self._lives.items() if life.proven and number in results]
        return [result.box for result in proven if result.state is not TrackState.LOST]

    def _bury(self, image: Image, tracker: MultiTracker) -> None:
        results = tracker.results
        for number, life in self._lives.items():
            older = [
                result.box
                for other, result in results.items()
                if (other not in self._lives or other < number) and result.state is not TrackState.LOST
            ]
            box = results[number].box
            life.age(
                results[number],
                self._settings,
                seen=self._finder.sees(box),
                certain=self._finder.certain,
                sharing=_overlaps(box, older, self._settings.shared),
            )
        for number in [number for number, life in self._lives.items() if life.is_over(image, self._settings)]:
            tracker.remove(number)
            del self._lives[number]

    def _bear(self, candidate: Candidate, image: Image, tracker: MultiTracker) -> None:
        if len(tracker) >= self._settings.limit:
            return
        try:
            number = tracker.add(image, candidate.box, label=self._finder.name)
            self._lives[number] = _Life(candidate.origin, candidate.box)
        except (BoxError, TargetError):  # too dark or too small: it is tried again in the next frame
            return

    def _is_taken(self, box: Box, tracker: MultiTracker) -> bool:
        followed = [result.box for result in tracker.results.values()]
        return _overlaps(box, [*followed, *(outcast.box for outcast in self._outcasts)], self._settings.covered)

    def _is_ready(self, candidate: Candidate) -> bool:
        settings = self._settings
        return (
            len(candidate.boxes) == settings.steady
            and candidate.traveled >= self._finder.travel
            and candidate.pace >= settings.pace * self._finder.travel
            and candidate.change <= settings.change
            and candidate.growth <= settings.growth
        )


def _overlaps(box: Box, others: Iterable[Box], share: float) -> bool:
    """Whether the smaller of `box` and one of `others` lies by `share` in the other one."""
    return any(overlap_of(box, other) >= share for other in others)


def distance(before: Box, now: Box) -> float:
    """Return how far something has come, in its size √(w·h) now."""
    return math.dist(before.center, now.center) / math.sqrt(now.area)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that was found in several frames in a row.

    Attributes:
        boxes: where, in the latest of them, oldest first.
        origin: where it was found first.
    """

    boxes: tuple[Box, ...]
    origin: Box

    @property
    def box(self) -> Box:
        """Where it is."""
        return self.boxes[-1]

    @property
    def traveled(self) -> float:
        """How far it has come from its origin, in target sizes √(w·h)."""
        return distance(self.origin, self.box)

    @property
    def pace(self) -> float:
        """How far it has come in these frames, in target sizes."""
        return distance(self.boxes[0], self.box)

    @property
    def change(self) -> float:
        """Its greatest area in these frames over its smallest, ≥ 1."""
        areas = [box.area for box in self.boxes]
        return max(areas) / min(areas)

    @property
    def growth(self) -> float:
        """By what factor it has grown, or shrunk, since the oldest of these frames, ≥ 1."""
        last, first = self.box.area, self.boxes[0].area
        return max(last, first) / min(last, first)

    def seen_at(self, box: Box, memory: int) -> Candidate:
        """Return it with its box in one more frame; `memory` frames are kept."""
        return Candidate((*self.boxes, box)[-memory:], self.origin)


def continued(
    candidates: Sequence[Candidate], boxes: Sequence[Box], rules: PopulationSettings
) -> tuple[Candidate, ...]:
    """Return the candidates of the next frame: each of `boxes` goes on with the one that it fits best, or begins.

    A candidate of the frame before that no box fits is forgotten.
    """
    pairs = [
        (fit, old, new)
        for old, candidate in enumerate(candidates)
        for new, box in enumerate(boxes)
        if (fit := iou(candidate.box, box)) >= rules.overlap
    ]
    past: dict[int, Candidate] = {}
    taken: set[int] = set()
    for _, old, new in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if new not in past and old not in taken:
            past[new] = candidates[old]
            taken.add(old)
    return tuple(
        past[new].seen_at(box, rules.steady) if new in past else Candidate((box,), box) for new, box in enumerate(boxes)
    )


@dataclass(frozen=True, slots=True)
class Outcast:
    """Something that a person sent away: it does not come again while it can be seen.

    Attributes:
        box: where it was found last.
        unseen: for how many frames it has not been found.
    """

    box: Box
    unseen: int = 0

    def among(self, found: Iterable[Box]) -> Outcast:
        """Return it as it is after a frame in which `found` was found."""
        near = max(found, key=lambda box: overlap_of(box, self.box), default=self.box)
        if near is self.box or not overlap_of(near, self.box):
            return Outcast(self.box, self.unseen + 1)
        return Outcast(near)
