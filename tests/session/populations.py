"""A population whose finder and tracker do what a test says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tracker import Box, MultiTracker, TrackResult, TrackState
from tracker.config.detection import PopulationSettings
from tracker.detection import Finder
from tracker.geometry import overlap_of
from tracker.image import Image
from tracker.session import Population

BLANK = np.zeros((180, 320, 3), np.uint8)


class Scripted(Finder):
    """Finds what it is told."""

    name = "thing"

    def __init__(self, travel: float = 0.0) -> None:
        self.boxes: tuple[Box, ...] = ()
        self.travel = travel
        self.certain = True
        self.held: tuple[Box, ...] = ()

    def find(self, image: Image, held: Sequence[Box] = ()) -> tuple[Box, ...]:
        self.held = tuple(held)
        return self.boxes

    def sees(self, box: Box) -> bool:
        return any(overlap_of(box, each) >= 0.3 and each.area >= 0.3 * box.area for each in self.boxes)


class FakeTracker(MultiTracker):
    """Targets are where they are put."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[int, TrackResult] = {}
        self.given: list[int] = []
        self.labels: dict[int, str] = {}

    def add(self, frame: Image, box: Iterable[float], id: int | None = None, label: str | None = None) -> int:  # noqa: A002
        number = len(self.given) if id is None else id
        self.given.append(number)
        self.labels[number] = label or ""
        self.places[number] = TrackResult(Box.parse(box), TrackState.TRACKING, 1.0)
        return number

    def put(self, number: int, box: Box, state: TrackState = TrackState.TRACKING, confidence: float = 1.0) -> None:
        self.places[number] = TrackResult(box, state, confidence)

    def remove(self, id: int) -> None:  # noqa: A002
        del self.places[id]

    @property
    def results(self) -> dict[int, TrackResult]:
        return dict(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, number: int) -> bool:
        return number in self.places


RULES = PopulationSettings(steady=3, patience=5, unseen=7, tolerance=4, leaving=2, growth=1.2, limit=3)
HERE = Box(100.0, 60.0, 30.0, 30.0)
LEAVING = Box(-12.0, 60.0, 30.0, 30.0)


class World:
    """A population with a finder and a tracker that do what the test says."""

    def __init__(self, travel: float = 0.0) -> None:
        self.finder = Scripted(travel)
        self.tracker = FakeTracker()
        self.population = Population(self.finder, RULES)

    def pass_by(self, *boxes: Box, frames: int = 1) -> list[int]:
        """Let the finder find `boxes` in some frames; return who is followed then."""
        self.finder.boxes = boxes
        for _ in range(frames):
            self.population.renew(BLANK, self.tracker)
        return list(self.tracker.places)
