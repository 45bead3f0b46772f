"""Several trackers over the same frames, side by side."""

from __future__ import annotations

import importlib.metadata
import math
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np

from tracker.config.reader import load_config, preset_names
from tracker.errors import ConfigError, TrackerError
from tracker.evaluation.metrics import Array, center_errors, overlaps, precision, success_auc
from tracker.evaluation.run import MakeTracker, one_thread
from tracker.geometry import Box, RotatedBox
from tracker.image import Image
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame


@dataclass(frozen=True, slots=True)
class Standing:
    """How one tracker did.

    Attributes:
        name: the tracker's.
        frames: frames it was updated on.
        update_ms: median time of an update, milliseconds.
        sure: share of the frames in which it said it had the target.
        auc: success AUC against the truth, nan without one.
        precision: share of center errors within 20 px, nan without truth.
        error: why it ended early, "" if it did not.
    """

    name: str
    frames: int
    update_ms: float
    sure: float
    auc: float
    precision: float
    error: str


class Comparison:
    """Leads frames through several trackers by turns; one that fails is left out from there on.

    OpenCV uses one thread meanwhile, so that the times can be compared.
    """

    def __init__(self, makers: Mapping[str, MakeTracker]) -> None:
        """Make the trackers, in this order."""
        self._trackers = {name: make() for name, make in makers.items()}
        self._results: dict[str, list[TrackResult]] = {name: [] for name in makers}
        self._seconds: dict[str, list[float]] = {name: [] for name in makers}
        self._errors: dict[str, str] = {}

    def start(self, frame: Frame, box: Box) -> list[Track]:
        """Start every tracker on `box`; returns what is to be drawn.

        Raises:
            BoxError: the box cannot be followed.
        """
        with one_thread():
            for tracker in self._trackers.values():
                tracker.init(frame.image, box)
        first = TrackResult(box, TrackState.TRACKING, 1.0)
        return [Track(number, name, first) for number, name in enumerate(self._trackers)]

    def step(self, frame: Frame) -> list[Track]:
        """Update every tracker; returns what is to be drawn."""
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
        """Return how each tracker did, against `truth` `(n, 4)` (the first row belongs to the frame started on)."""
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


_STOP = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 10, 1)


class OpenCvTracker:
    """A tracker of OpenCV. Its word that it still has the target is taken for the state; it has no confidence."""

    def __init__(self, create: Callable[[], Any]) -> None:
        """Remember how one is made; OpenCV's are started once each."""
        self._create = create
        self._box = Box(0, 0, 1, 1)

    def init(self, frame: Image, box: Iterable[float]) -> None:
        """Start on `box`, rounded: OpenCV takes whole pixels."""
        self._tracker = self._create()
        self._box = Box.parse(box)
        self._tracker.init(frame, self._box.rounded())

    def update(self, frame: Image, timestamp: float | None = None) -> TrackResult:
        """Find the target in the next frame."""
        found, box = self._tracker.update(frame)
        if found and box[2] > 0 and box[3] > 0:
            self._box = Box(*(float(v) for v in box))
        return _result(self._box, bool(found))


class TutorialTracker:
    """The pipeline of OpenCV's tutorial: hue histogram under a fixed mask, whole-frame back-projection, mean shift."""

    _MASK = ((0, 60, 32), (180, 255, 255))

    def __init__(self, adapt: bool) -> None:
        """Use CAMShift if `adapt`, plain mean shift otherwise."""
        self._adapt = adapt
        self._window: Sequence[int] = (0, 0, 1, 1)

    def init(self, frame: Image, box: Iterable[float]) -> None:
        """Learn the hues in `box`."""
        x, y, w, h = self._window = Box.parse(box).rounded()
        hsv = cv2.cvtColor(frame[max(y, 0) : y + h, max(x, 0) : x + w], cv2.COLOR_BGR2HSV)
        mask = cv2.inRange(hsv, *self._MASK)
        self._histogram = cv2.calcHist([hsv], [0], mask, [16], [0, 180])
        cv2.normalize(self._histogram, self._histogram, 0, 255, cv2.NORM_MINMAX)

    def update(self, frame: Image, timestamp: float | None = None) -> TrackResult:
        """Find the target in the next frame."""
        hsv = cv2.cvtColor(frame, cv2.COLOR_BGR2HSV)
        density: Any = cv2.calcBackProject([hsv], [0], self._histogram, [0, 180], 1)
        density &= cv2.inRange(hsv, *self._MASK)
        if self._window[2] <= 0 or self._window[3] <= 0:
            return _result(Box(*map(float, self._window)), False)
        if not self._adapt:
            _, window = cv2.meanShift(density, self._window, _STOP)
            self._window = window
            return _result(Box(*map(float, window)), True)
        ((x, y), (w, h), angle), window = cv2.CamShift(density, self._window, _STOP)
        self._window = window
        rotated = RotatedBox(x, y, w, h, (angle + 90) % 180 - 90)
        return _result(Box(*map(float, window)), w > 0 and h > 0, rotated)


def _result(box: Box, found: bool, rotated: RotatedBox | None = None) -> TrackResult:
    state = TrackState.TRACKING if found else TrackState.LOST
    return TrackResult(box, state, float(found), "" if found else "not_found", rotated if found else None)


_OPENCV: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "csrt": ("TrackerCSRT_create", "opencv-contrib-python"),
        "kcf": ("TrackerKCF_create", "opencv-contrib-python"),
        "mil": ("TrackerMIL_create", "opencv-python"),
    }
)
"""OpenCV's trackers: what makes one, and the wheel that has it."""

TUTORIALS: Mapping[str, bool] = MappingProxyType({"meanshift": False, "camshift": True})
"""The tutorial's pipelines, and whether they adapt."""


def tracker_names() -> list[str]:
    """Return every name that `tracker_maker` knows, also of trackers that the installed OpenCV lacks."""
    return [*preset_names(), *TUTORIALS, *_OPENCV]


def tracker_maker(name: str) -> MakeTracker:
    """Return what makes fresh trackers of that name: a preset of ours, a tutorial's pipeline or one of OpenCV's.

    Raises:
        ConfigError: no such tracker, or the installed OpenCV does not have it; names the wheel that does.
    """
    if name in preset_names():
        return partial(Tracker, load_config(name))
    if name in TUTORIALS:
        return partial(TutorialTracker, TUTORIALS[name])
    if name not in _OPENCV:
        raise ConfigError(f"no tracker {name!r}: there are {', '.join(tracker_names())}")
    function, wheel = _OPENCV[name]
    create = getattr(cv2, function, None)
    if create is None:
        raise ConfigError(f"{name} is not in this OpenCV ({_installed()}): it comes with {wheel}, in place of it")
    return partial(OpenCvTracker, create)


def _installed() -> str:
    wheels = {d.metadata["Name"] for d in importlib.metadata.distributions() if d.metadata["Name"]}
    found = sorted(name for name in wheels if name.startswith("opencv"))
    return f"{', '.join(found) or 'no wheel'} {cv2.__version__}"
