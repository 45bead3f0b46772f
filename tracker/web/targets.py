"""The targets that are followed, each by a tracker of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tracker.config.settings import TrackerConfig
from tracker.errors import TargetError
from tracker.geometry import Box
from tracker.image import DensityMap, Image
from tracker.tracking.result import TrackResult
from tracker.tracking.tracker import Tracker


class Targets:
    """Trackers by number; a number is never given twice.

    Attributes:
        config: the settings in force, for new targets too.
    """

    def __init__(self, config: TrackerConfig) -> None:
        """Begin without targets."""
        self.config = config
        self._trackers: dict[int, Tracker] = {}
        self._results: dict[int, TrackResult] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._trackers)

    @property
    def results(self) -> Mapping[int, TrackResult]:
        """What was found of each target in the last frame."""
        return self._results

    def density(self, target: int) -> DensityMap | None:
        """Return the density that a target was last looked for in."""
        return self._trackers[target].density

    def add(self, images: Sequence[Image], box: Iterable[float]) -> int:
        """Follow the target in `box`, x, y, width, height in pixels of the first image, to the last one.

        Returns:
            Its number.

        Raises:
            BoxError: the box cannot be used.
            TargetError: nothing can be learnt from it.
        """
        tracker = Tracker(self.config)
        result = tracker.init(images[0], box)
        for image in images[1:]:
            result = tracker.update(image)
        number, self._next = self._next, self._next + 1
        self._trackers[number], self._results[number] = tracker, result
        return number

    def remove(self, target: int) -> bool:
        """Follow a target no longer; return whether there was one of this number."""
        self._results.pop(target, None)
        return self._trackers.pop(target, None) is not None

    def clear(self) -> None:
        """Follow nothing."""
        self._trackers.clear()
        self._results.clear()

    def update(self, image: Image) -> Mapping[int, TrackResult]:
        """Find every target in the next frame.

        Raises:
            FrameError: the frame is no picture, or of another size than the one before.
        """
        self._results = {number: tracker.update(image) for number, tracker in self._trackers.items()}
        return self._results

    def configure(self, config: TrackerConfig, image: Image | None) -> None:
        """Go on with other settings, and with what was learnt where the settings allow it; all targets or none.

        Raises:
            BoxError: a target is out of the picture.
            TargetError: nothing can be learnt of a target as it is now.
        """
        if image is not None:
            last = self._results
            self._trackers = {n: _restarted(old, config, image, last[n].box) for n, old in self._trackers.items()}
        self.config = config


def _restarted(old: Tracker, config: TrackerConfig, image: Image, box: Box) -> Tracker:
    tracker = Tracker(config)
    try:
        tracker.init(image, box, model=old.model)
    except TargetError:  # what was learnt is over other colours
        tracker.init(image, box)
    return tracker
