"""Several trackers over the same frames, side by side: their tracks to draw, their times and scores."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from tracker.errors import TrackerError
from tracker.evaluation.metrics import Array, center_errors, overlaps, precision, success_auc
from tracker.evaluation.run import MakeTracker, one_thread
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures of one tracker.

    Attributes:
        name: name of the tracker.
        frames: frames it was updated on.
        update_ms: median time of an update, milliseconds.
        sure: share of the frames in which it claimed to have the target.
        auc: success AUC against the truth, nan without one.
        precision: share of center errors within 20 px, nan without truth.
        error: reason why it ended early, "" if it did not.
    """

    name: str
    frames: int
    update_ms: float
    sure: float
    auc: float
    precision: float
    error: str


class Comparison:
    """Runs several trackers over the same frames by turns; one that fails is left out from there on.

    OpenCV uses one thread meanwhile, so that the times can be compared.
    """

    def __init__(self, makers: Mapping[str, MakeTracker]) -> None:
        """Make the trackers, in this order."""
        self._trackers = {name: make() for name, make in makers.items()}
        self._results: dict[str, list[TrackResult]] = {name: [] for name in makers}
        self._seconds: dict[str, list[float]] = {name: [] for name in makers}
        self._errors: dict[str, str] = {}

    def start(self, frame: Frame, box: Box) -> list[Track]:
        """Start every tracker on `box`; return their tracks.

        Raises:
            BoxError: the box cannot be followed.
        """
        with one_thread():
            for tracker in self._trackers.values():
                tracker.init(frame.image, box)
        first = TrackResult(box, TrackState.TRACKING, 1.0)
        return [Track(number, name, first) for number, name in enumerate(self._trackers)]

    def step(self, frame: Frame) -> list[Track]:
        """Update every tracker; return their tracks."""
        tracks = []
        with one_thread():
            for number, name in enumerate(self._trackers):
                result = self._update(name, frame)
                if result is not None:
                    tracks.append(Track(number, name, result))
        return tracks

    def _update(self, name: str, frame: Frame) -> TrackResult | None:
        if name in self._errors:
            return None
        started = time.perf_counter()
        try:
            result = self._trackers[name].update(frame.image, frame.timestamp)
        except (TrackerError, cv2.error) as error:
            self._errors[name] = " ".join(str(error).split())
            return None
        self._seconds[name].append(time.perf_counter() - started)
        self._results[name].append(result)
        return result

    def standings(self, truth: Array | None = None) -> list[Standing]:
        """Return the figures of each tracker, scored against `truth` `(n, 4)`, whose first row is that of the start."""
        return [self._standing(name, truth) for name in self._trackers]

    def _standing(self, name: str, truth: Array | None) -> Standing:
        results, seconds = self._results[name], self._seconds[name]
        auc = within = math.nan
        if truth is not None and results:
            boxes = np.array([tuple(result.box) for result in results])[: len(truth) - 1]
            rows = truth[1 : 1 + len(boxes)]
            auc, within = success_auc(overlaps(boxes, rows)), precision(center_errors(boxes, rows))
        return Standing(
            name,
            len(results),
            1e3 * statistics.median(seconds) if seconds else math.nan,
            sum(result.ok for result in results) / len(results) if results else math.nan,
            auc,
            within,
            self._errors.get(name, ""),
        )
