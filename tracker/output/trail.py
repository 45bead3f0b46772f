"""Where the targets have been, for drawing."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from tracker.output.base import Track
from tracker.tracking.result import TrackState


class Trails:
    """The last centres of each target, at most `length` of them; a target that is gone is forgotten."""

    def __init__(self, length: int = 48) -> None:
        """Remember `length` centres a target, in frames."""
        self._length = length
        self._centers: dict[int, deque[tuple[float, float] | None]] = {}

    def update(self, tracks: Sequence[Track]) -> None:
        """Take the targets of the next frame."""
        before = self._centers
        self._centers = {track.id: before.get(track.id, deque(maxlen=self._length)) for track in tracks}
        for track in tracks:
            lost = track.result.state is TrackState.LOST
            self._centers[track.id].append(None if lost else track.result.box.center)

    def of(self, track_id: int) -> tuple[tuple[float, float] | None, ...]:
        """Return the centres of a target, oldest first; None for a frame in which it was lost."""
        return tuple(self._centers.get(track_id, ()))
