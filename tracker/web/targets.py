"""The targets that are followed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.config.settings import TrackerConfig
from tracker.image import Image
from tracker.output.base import Track, tracks_of
from tracker.tracking.multi import MultiTracker
from tracker.tracking.tracker import Tracker


class Targets:
    """Targets by number, which can be told apart as long as the server lives: no number is given twice."""

    def __init__(self, config: TrackerConfig) -> None:
        """Begin without targets."""
        self._tracker = MultiTracker(config)
        self._next = 0

    def __len__(self) -> int:
        return len(self._tracker)

    @property
    def config(self) -> TrackerConfig:
        """The settings in force, for new targets too."""
        return self._tracker.config

    def tracks(self) -> tuple[Track, ...]:
        """Return what was found of each target in the last frame."""
        return tracks_of(self._tracker)

    def add(self, images: Sequence[Image], box: Iterable[float], label: str = "") -> int:
        """Follow the target in `box`, x, y, width, height in pixels of the first image, to the last one.

        Returns:
            Its number.

        Raises:
            BoxError: the box cannot be used.
            TargetError: nothing can be learnt from it.
        """
        # Alone through the images that the others have seen already.
        ahead = Tracker(self.config)
        found = ahead.init(images[0], box)
        for image in images[1:]:
            found = ahead.update(image)
        number = self._tracker.add(images[-1], found.box, self._next, label, model=ahead.model)
        self._next = number + 1
        return number

    def remove(self, target: int) -> bool:
        """Follow a target no longer; return whether there was one of this number."""
        if target not in self._tracker:
            return False
        self._tracker.remove(target)
        return True

    def clear(self) -> None:
        """Follow nothing."""
        self._tracker = MultiTracker(self.config)

    def update(self, image: Image) -> None:
        """Find every target in the next frame.

        Raises:
            FrameError: the frame is no picture, or of another size than the one before.
        """
        self._tracker.update(image)

    def configure(self, config: TrackerConfig, image: Image | None) -> None:
        """Go on with other settings in the newest frame, None where there is none yet; see `MultiTracker.configure`."""
        if image is None:
            self._tracker = MultiTracker(config)
        else:
            self._tracker.configure(image, config)
