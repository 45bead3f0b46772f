"""A sink that scores results against the truth while they are written: for one run, without a second pass."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.evaluation.sequences import TruthSequence
from tracker.geometry import Box, iou
from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame


class TruthMeter(Sink):
    """Keeps the time of each update and its overlap with the truth.

    Attributes:
        seconds: time of every update; the first frame starts the tracker and has none.
        overlaps: intersection over union of every frame in which the target is present.
    """

    def __init__(self, sequence: TruthSequence) -> None:
        """Measure against the truth of `sequence`."""
        self._sequence = sequence
        self.seconds: list[float] = []
        self.overlaps: list[float] = []

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Score the targets of one frame."""
        if frame.index == self._sequence.first_frame:
            return
        truth = Box(*self._sequence.truth[frame.index - self._sequence.first_frame].tolist())
        for track in tracks:
            self.seconds.append(track.result.elapsed)
            if truth.area > 0:  # false for the nan of an absent target
                self.overlaps.append(iou(track.result.box, truth))
