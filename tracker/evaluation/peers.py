"""Trackers by name, to evaluate ours beside them: presets, the pipeline of OpenCV's tutorial, and OpenCV's trackers."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import cv2

from tracker.config.reader import load_config, preset_names
from tracker.errors import ConfigError
from tracker.evaluation.run import MakeTracker
from tracker.geometry import Box, RotatedBox
from tracker.image import Image
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.tracker import Tracker

_STOP = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 10, 1)


class OpenCvTracker:
    """A tracker of OpenCV. Its flag `found` is taken as state and confidence, since it has no others."""

    def __init__(self, create: Callable[[], Any]) -> None:
        """Keep the constructor: a tracker of OpenCV can be started only once, so `init` makes a new one."""
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
"""OpenCV's trackers: the function that makes one, and the wheel that contains it."""

TUTORIALS: Mapping[str, bool] = MappingProxyType({"meanshift": False, "camshift": True})
"""The tutorial's pipelines, and whether the window adapts (CAMShift)."""


def tracker_names() -> list[str]:
    """Return every name that `tracker_maker` knows, also of trackers that the installed OpenCV lacks."""
    return [*preset_names(), *TUTORIALS, *_OPENCV]


def tracker_maker(name: str) -> MakeTracker:
    """Return a function that makes new trackers of that name: a preset, a pipeline of the tutorial or one of OpenCV's.

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
