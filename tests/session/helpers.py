"""A scene, a source and a sink that note what happens to them, and a world in which a test is detector and tracker."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tracker import MultiTracker, TrackResult, TrackState
from tracker.config.detection import TrackManagerSettings
from tracker.detection import Detector
from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.image import Image
from tracker.output.base import Sink
from tracker.session import TrackManager
from tracker.tracking.distractors import overlap_of
from tracker.tracking.result import Track
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.sources import open_source

SCENE = "synth:smooth:frames=12:size=160x120"


@functools.cache
def scene() -> tuple[list[np.ndarray], Box]:
    """The frames of the scene, and where its target is in the first."""
    with open_source(SCENE) as source:
        return [frame.image for frame in source], source.truth(0)


class Source(FrameSource):
    """A source that knows whether it was closed; an exception among its images is raised in its place."""

    def __init__(self, images: Sequence[np.ndarray | Exception]) -> None:
        self.info = SourceInfo("fake", 160, 120, 25.0, len(images))
        self.images = images
        self.closed = False

    def __iter__(self) -> Iterator[Frame]:
        for index, image in enumerate(self.images):
            if isinstance(image, Exception):
                raise image
            yield Frame(image, index, index / 25)

    def close(self) -> None:
        self.closed = True


class Notes(Sink):
    """A sink that notes what it gets, and fails when told to."""

    def __init__(self, fail_at: int = -1, fail_to_close: bool = False) -> None:
        self.frames: list[int] = []
        self.tracks: list[Track] = []
        self.closed = False
        self._fail_at, self._fail_to_close = fail_at, fail_to_close

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        if frame.index == self._fail_at:
            raise OutputError("disk full")
        self.frames.append(frame.index)
        self.tracks.extend(tracks)

    def close(self) -> None:
        first, self.closed = not self.closed, True
        if first and self._fail_to_close:
            raise OutputError("cannot finish")


BLANK = np.zeros((180, 320, 3), np.uint8)


class Scripted(Detector):
    """Finds what it is told."""

    name = "thing"

    def __init__(self, travel: float = 0.0) -> None:
        self.boxes: tuple[Box, ...] = ()
        self.travel = travel
        self.certain = True
        self.held: tuple[Box, ...] = ()

    def detect(self, image: Image, held: Sequence[Box] = ()) -> tuple[Box, ...]:
        self.held = tuple(held)
        return self.boxes

    def is_present(self, box: Box) -> bool:
        return any(overlap_of(box, each) >= 0.3 and each.area >= 0.3 * box.area for each in self.boxes)


class FakeTracker(MultiTracker):
    """Targets are where they are put."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[int, TrackResult] = {}
        self.given: list[int] = []
        self.labels: dict[int, str] = {}

    def add(self, frame: Image, box: Iterable[float], id: int | None = None, label: str | None = None) -> int:  # noqa: A002 - the name
        number = len(self.given) if id is None else id
        self.given.append(number)
        self.labels[number] = label or ""
        self.places[number] = TrackResult(Box.parse(box), TrackState.TRACKING, 1.0)
        return number

    def put(self, number: int, box: Box, state: TrackState = TrackState.TRACKING, confidence: float = 1.0) -> None:
        self.places[number] = TrackResult(box, state, confidence)

    def remove(self, id: int) -> None:  # noqa: A002 - the name
        del self.places[id]

    @property
    def results(self) -> dict[int, TrackResult]:
        return dict(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, number: int) -> bool:
        return number in self.places


RULES = TrackManagerSettings(n_init=3, max_lost=5, max_unseen=7, max_duplicate=4, max_away=2, growth=1.2, limit=3)
HERE = Box(100.0, 60.0, 30.0, 30.0)
LEAVING = Box(-12.0, 60.0, 30.0, 30.0)


class World:
    """A track manager with a detector and a tracker that do what the test says."""

    def __init__(self, travel: float = 0.0) -> None:
        self.detector = Scripted(travel)
        self.tracker = FakeTracker()
        self.manager = TrackManager(self.detector, RULES)

    def pass_by(self, *boxes: Box, frames: int = 1) -> list[int]:
        """Let the detector find `boxes` in some frames; return who is followed then."""
        self.detector.boxes = boxes
        for _ in range(frames):
            self.manager.update(BLANK, self.tracker)
        return list(self.tracker.places)
