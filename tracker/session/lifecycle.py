"""Track management: when tracks that start by themselves begin and end.

A track goes through these states. The counts are of frames in a row and are settings
(`tracker.config.detection.TrackManagerSettings`). Lost is a confirmed track whose `TrackState` is LOST.

| state           | goes to    | when                                                                               |
|-----------------|------------|------------------------------------------------------------------------------------|
| (none)          | tentative  | a detection belongs to no tentative track                                          |
| tentative       | confirmed  | `n_init` detections, moved as far as the detector asks, of a steady size, on no    |
|                 |            | track and no suppressed region, and fewer than `limit` tracks                      |
| tentative       | removed    | a frame without a detection of it                                                  |
| confirmed       | lost       | the tracker says LOST                                                              |
| lost            | confirmed  | the tracker has found it again                                                     |
| lost            | removed    | LOST for more than `max_lost` frames                                               |
| confirmed, lost | removed    | it was leaving the frame, and has been away for `max_away` frames                  |
| confirmed, lost | removed    | the detector sees nothing in its box for more than `max_unseen` frames             |
| confirmed, lost | removed    | it is on an older track for more than `max_duplicate` frames                       |
| confirmed, lost | suppressed | the caller removes it                                                              |
| suppressed      | removed    | nothing is detected there for more than `max_lost` frames                          |

Targets that were named by the caller are confirmed for good, and older than all tracks that start by themselves.
"""

from __future__ import annotations

import logging
import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracker.config.detection import TrackManagerSettings
from tracker.detection.base import Detector
from tracker.errors import BoxError, TargetError
from tracker.geometry import Box, iou, overlap_of
from tracker.image import Image
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import TrackResult, TrackState

_log = logging.getLogger(__name__)


class TrackInitiation(ABC):
    """Starts and removes tracks of a `MultiTracker` by itself.

    Attributes:
        expected: whether a track may start.
    """

    expected: ClassVar[bool]

    @property
    @abstractmethod
    def ids(self) -> Collection[int]:
        """The tracks there are that started by themselves."""

    @abstractmethod
    def update(self, image: Image, tracker: MultiTracker) -> None:
        """Remove and add tracks of `tracker`, after it was updated with `image`."""


class NoInitiation(TrackInitiation):
    """Starts no track: all targets are named by the caller."""

    expected = False
    ids: Collection[int] = ()

    def update(self, image: Image, tracker: MultiTracker) -> None:
        """Do nothing."""


class TrackManager(TrackInitiation):
    """Starts tracks on what a detector finds, and removes them again; the states are in the table of this module.

    Targets that the caller added are never removed. Numbers are never used twice.
    """

    expected = True

    def __init__(self, detector: Detector, settings: TrackManagerSettings | None = None) -> None:
        """Begin without tracks; `detector` is asked once a frame."""
        self._detector = detector
        self._settings = settings or TrackManagerSettings()
        self._tentative: tuple[TentativeTrack, ...] = ()
        self._suppressed: tuple[SuppressedRegion, ...] = ()
        self._ages: dict[int, _TrackAge] = {}
        self._told = False

    @property
    def ids(self) -> Collection[int]:
        """See `TrackInitiation.ids`."""
        return self._ages.keys()

    def update(self, image: Image, tracker: MultiTracker) -> None:
        """See `TrackInitiation.update`."""
        detections = self._detector.detect(image, self._proven(tracker))
        self._suppress_removed(tracker, detections)
        self._terminate(image, tracker)
        free = [box for box in detections if not self._is_taken(box, tracker)]
        self._tentative = associated(self._tentative, [] if self._is_flooded(free) else free, self._settings)
        for track in self._tentative:
            if self._is_confirmed(track) and not self._is_taken(track.box, tracker):
                self._start(track, image, tracker)

    def _suppress_removed(self, tracker: MultiTracker, detections: Sequence[Box]) -> None:
        """Suppress where the caller has removed a track, until nothing is detected there any more."""
        gone = [number for number in self._ages if number not in tracker]
        regions = [*self._suppressed, *(SuppressedRegion(self._ages.pop(number).box) for number in gone)]
        moved = (region.updated(detections) for region in regions)
        self._suppressed = tuple(region for region in moved if region.unseen <= self._settings.max_lost)

    def _proven(self, tracker: MultiTracker) -> list[Box]:
        """Return the boxes of tracks that are no background."""
        results = tracker.results
        proven = [results[number] for number, age in self._ages.items() if age.proven and number in results]
        return [result.box for result in proven if result.state is not TrackState.LOST]

    def _terminate(self, image: Image, tracker: MultiTracker) -> None:
        results = tracker.results
        for number, age in self._ages.items():
            older = [
                result.box
                for other, result in results.items()
                if (other not in self._ages or other < number) and result.state is not TrackState.LOST
            ]
            box = results[number].box
            age.update(
                results[number],
                self._settings,
                seen=self._detector.is_present(box),
                certain=self._detector.certain,
                duplicate=_overlaps(box, older, self._settings.duplicate),
            )
        for number in [number for number, age in self._ages.items() if age.is_over(image, self._settings)]:
            tracker.remove(number)
            del self._ages[number]

    def _start(self, track: TentativeTrack, image: Image, tracker: MultiTracker) -> None:
        if len(tracker) >= self._settings.limit:
            return
        try:
            number = tracker.add(image, track.box, label=self._detector.name)
            self._ages[number] = _TrackAge(track.origin, track.box)
        except (BoxError, TargetError):  # too dark or too small: it is tried again in the next frame
            return

    def _is_flooded(self, free: Sequence[Box]) -> bool:
        """Return whether so much is detected that it is no thing but the picture; say so, once."""
        if len(free) < self._settings.flood:
            return False
        if not self._told:
            self._told = True
            _log.warning(
                "--auto %s finds %d things at once, and starts none of them: it is the picture itself; "
                "hold the camera still, give another color, or boxes with --roi",
                self._detector.name,
                len(free),
            )
        return True

    def _is_taken(self, box: Box, tracker: MultiTracker) -> bool:
        tracks = [result.box for result in tracker.results.values()]
        return _overlaps(box, [*tracks, *(region.box for region in self._suppressed)], self._settings.covered)

    def _is_confirmed(self, track: TentativeTrack) -> bool:
        settings = self._settings
        return (
            len(track.boxes) == settings.n_init
            and track.traveled >= self._detector.travel
            and track.pace >= settings.pace * self._detector.travel
            and track.change <= settings.change
            and track.growth <= settings.growth
        )


@dataclass(slots=True)
class _TrackAge:
    """The counts of a confirmed track that started by itself, in frames in a row.

    Attributes:
        origin: its first detection.
        box: its box when both the tracker and the detector saw it last.
        proven: whether it has come far enough from its origin to be no background.
        away: frames since then.
        lost: frames that it has been LOST.
        unseen: frames that the detector has not seen it.
        duplicate: frames that it has been on an older track.
    """

    origin: Box
    box: Box
    proven: bool = False
    away: int = 0
    lost: int = 0
    unseen: int = 0
    duplicate: int = 0

    def update(
        self, result: TrackResult, settings: TrackManagerSettings, *, seen: bool, certain: bool, duplicate: bool
    ) -> None:
        """Count one more frame."""
        self.lost = self.lost + 1 if result.state is TrackState.LOST else 0
        doubted = not seen and (certain or result.confidence < settings.sure)
        self.unseen = self.unseen + 1 if doubted else 0
        self.duplicate = self.duplicate + 1 if duplicate else 0
        self.away += 1
        if result.ok and seen:
            self.box, self.away = result.box, 0
            self.proven = self.proven or distance(self.origin, self.box) >= settings.proven

    def is_over(self, image: Image, settings: TrackManagerSettings) -> bool:
        """Whether the track is removed in this frame."""
        inside = self.box.clipped(image.shape[1], image.shape[0]).area / self.box.area
        return (
            (inside < settings.inside and self.away >= settings.max_away)
            or self.lost > settings.max_lost
            or self.unseen > settings.max_unseen
            or self.duplicate > settings.max_duplicate
        )


@dataclass(frozen=True, slots=True)
class TentativeTrack:
    """Detections in consecutive frames that belong together.

    Attributes:
        boxes: the latest of them, oldest first.
        origin: the first of them all.
    """

    boxes: tuple[Box, ...]
    origin: Box

    @property
    def box(self) -> Box:
        """The detection in the last frame."""
        return self.boxes[-1]

    @property
    def traveled(self) -> float:
        """The way from its origin, in target sizes √(w·h)."""
        return distance(self.origin, self.box)

    @property
    def pace(self) -> float:
        """The way in the frames that are kept, in target sizes."""
        return distance(self.boxes[0], self.box)

    @property
    def change(self) -> float:
        """The greatest area in the frames that are kept over the smallest, ≥ 1."""
        areas = [box.area for box in self.boxes]
        return max(areas) / min(areas)

    @property
    def growth(self) -> float:
        """The factor by which it has grown, or shrunk, since the oldest frame that is kept, ≥ 1."""
        last, first = self.box.area, self.boxes[0].area
        return max(last, first) / min(last, first)

    def extended(self, box: Box, memory: int) -> TentativeTrack:
        """Return the track with one more detection; `memory` of them are kept."""
        return TentativeTrack((*self.boxes, box)[-memory:], self.origin)


def associated(
    tracks: Sequence[TentativeTrack], detections: Sequence[Box], settings: TrackManagerSettings
) -> tuple[TentativeTrack, ...]:
    """Return the tentative tracks after a frame: each detection extends the one that it overlaps most, or starts one.

    Pairs are taken greedily, in the order of their intersection over union. A track without a detection is dropped.
    """
    pairs = [
        (overlap, old, new)
        for old, track in enumerate(tracks)
        for new, box in enumerate(detections)
        if (overlap := iou(track.box, box)) >= settings.overlap
    ]
    past: dict[int, TentativeTrack] = {}
    taken: set[int] = set()
    for _, old, new in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if new not in past and old not in taken:
            past[new] = tracks[old]
            taken.add(old)
    return tuple(
        past[new].extended(box, settings.n_init) if new in past else TentativeTrack((box,), box)
        for new, box in enumerate(detections)
    )


@dataclass(frozen=True, slots=True)
class SuppressedRegion:
    """Where the caller removed a track: no track starts there as long as something is detected.

    Attributes:
        box: the last detection there.
        unseen: frames since then.
    """

    box: Box
    unseen: int = 0

    def updated(self, detections: Iterable[Box]) -> SuppressedRegion:
        """Return the region after a frame with these detections: it moves with the one that lies on it."""
        near = max(detections, key=lambda box: overlap_of(box, self.box), default=self.box)
        if near is self.box or not overlap_of(near, self.box):
            return SuppressedRegion(self.box, self.unseen + 1)
        return SuppressedRegion(near)


def distance(before: Box, now: Box) -> float:
    """Return the distance of two boxes' centers in units of the size √(w·h) of the second one."""
    return math.dist(before.center, now.center) / math.sqrt(now.area)


def _overlaps(box: Box, others: Iterable[Box], share: float) -> bool:
    """Whether the smaller of `box` and one of `others` lies by `share` in the other one."""
    return any(overlap_of(box, other) >= share for other in others)
