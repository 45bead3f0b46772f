"""Detection of motion before a camera that stands still."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import product
from typing import Any, ClassVar, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.config.detection import CameraSettings, ExtentSettings, MotionSettings
from tracker.detection.base import Detector, Foreground, pixels_of, whole_frame
from tracker.geometry import Box
from tracker.image import Image
from tracker.patch import Patch

_log = logging.getLogger(__name__)

Mask: TypeAlias = NDArray[np.uint8]
"""`(h, w)`: 255 where something is, else 0."""

_FOREGROUND = 255
"""What the subtractor marks things with; their shadows are 127."""


class MotionDetector(Detector):
    """Background subtraction by a mixture of Gaussians a pixel (Zivkovic 2004), without shadows.

    What stands still becomes background after some seconds, except where it is `held`.

    The first frames only teach it the background: what stands in them is found when it moves away. Whatever changes
    most of the picture (the light, the camera) is no thing, and the background is learned again; a camera that goes on
    moving is warned of, once, and trusted when it is clearly seen to stand still again. The uncovered place of
    something that went away looks like a thing for a while, but stays where it is: hence `travel`.
    """

    name = "motion"
    travel: ClassVar[float] = 0.3
    certain: ClassVar[bool] = True

    def __init__(self, settings: MotionSettings | None = None) -> None:
        self._settings = settings or MotionSettings()
        self._subtractor = self._fresh()
        self._camera = CameraWatch(self._settings.camera)
        self._learned = 0
        self._moves = 0
        self._restless = 0
        self._told = False
        self._foreground: Foreground | None = None

    def _fresh(self) -> Any:
        """Return a subtractor that knows no background: learned over a move, it would know little else for long."""
        settings = self._settings
        return cv2.createBackgroundSubtractorMOG2(settings.history, settings.distance, detectShadows=True)

    def detect(self, image: Image, held: Sequence[Box] = ()) -> tuple[Box, ...]:
        """Return what has changed against the background; see `Detector.detect`."""
        settings = self._settings
        patch = whole_frame(image, settings.extent.working_area)
        changed = self._changed(patch, held)
        moved = self._has_moved(patch.image)
        another = moved or np.count_nonzero(changed) > settings.extent.most * changed.size
        self._learned = 0 if another else self._learned + 1
        if moved:
            self._restless = min(self._restless + 1, settings.restless + 1)
            self._subtractor = self._fresh()
        elif self._camera.rests:
            self._restless = 0
        learning = settings.learning << max(0, self._restless - 1)
        if self._learned > 4 * learning:
            self._restless = 0
        if self._learned <= learning:
            self._foreground = None
            return ()
        mask = _cleaned(changed, settings.gap)
        self._foreground = Foreground(mask, patch.geometry)
        return tuple(patch.geometry.box_to_frame(box) for box in _blobs(mask, settings.extent))

    def is_present(self, box: Box) -> bool:
        """See `Detector.is_present`; while the background is being learned, something may be anywhere."""
        return self._foreground is None or self._foreground.share_of(box) >= self._settings.extent.filled

    def _has_moved(self, image: Image) -> bool:
        """Return whether the camera has moved; say so, once, where it goes on moving."""
        if not self._camera.has_moved(image):
            return False
        learning = self._settings.learning << max(0, self._restless - 1)
        self._moves = self._moves + 1 if self._learned <= learning else 1
        if self._moves == self._settings.camera.warned and not self._told:
            self._told = True
            _log.warning(
                "the camera moves, and nothing is found while it does: hold it still, or give boxes with --roi"
            )
        return True

    def _changed(self, patch: Patch, held: Sequence[Box]) -> Mask:
        """Return what is not background, and learn the background, but not from what is `held`."""
        marked: Any = self._subtractor.apply(patch.image, learningRate=0 if held else -1)
        if held:
            ground = self._subtractor.getBackgroundImage()
            empty = patch.image.copy()
            for box in held:
                there = pixels_of(box, patch.geometry)
                empty[there] = ground[there]
            self._subtractor.apply(empty)
        return np.asarray(marked == _FOREGROUND, np.uint8) * 255


def _cleaned(mask: Mask, gap: int) -> Mask:
    """Drop what is thinner than 3 pixels, which is noise, and join what is nearer than `gap`."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, disc), np.uint8)


def _blobs(mask: Mask, extent: ExtentSettings) -> list[Box]:
    """Return the boxes, in pixels of `mask`, of its connected parts that are neither too small nor too large."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    left, top, width, height, area = stats[1:].T.astype(float)
    fits = (area >= extent.min_area * mask.size) & (width * height <= extent.max_area * mask.size)
    return [Box(*row) for row in np.stack([left, top, width, height], axis=1)[fits].tolist()]


Gray: TypeAlias = NDArray[np.float32]


class CameraWatch:
    """Compares each picture with one some frames ago, quarter by quarter, by phase correlation (Kuglin & Hines 1975).

    Something that moves before a still camera shifts one quarter or two, and each its own way.
    """

    def __init__(self, settings: CameraSettings) -> None:
        """Begin without a picture."""
        self._settings = settings
        self._before: list[Gray] = []
        self._frames = 0
        self._anchor: list[Gray] = []
        self._resting = 0

    @property
    def rests(self) -> bool:
        """Whether it has moved, and was clearly seen to stand still since."""
        return self._resting >= self._settings.rest

    def has_moved(self, image: Image) -> bool:
        """Take in the next picture, of the same size as the last; return whether the camera is seen to have moved."""
        self._frames += 1
        if self._frames % self._settings.frames:
            return False
        before, self._before = self._before, _quarters(image)
        now = [quarter.copy() for quarter in self._before]  # the comparison below may change what it is given
        if not before:
            return False
        way = self._common(before, self._before)
        moved = way is not None and way >= self._settings.shift
        if moved:
            self._anchor, self._resting = now, 0
        elif self._anchor:
            self._rest(now)
        return moved

    def _rest(self, now: list[Gray]) -> None:
        """Count how long nothing has shifted; held against the picture at its beginning, a slow drift shows, too."""
        # By a transform of odd size, OpenCV finds half a pixel where nothing has moved. What is held against `shift`
        # has it in it, as that was measured so.
        x, y, _ = _shift(now[0].copy(), now[0].copy())
        way = self._common([quarter.copy() for quarter in self._anchor], [quarter.copy() for quarter in now], (x, y))
        if way is None:  # something fills much of the picture: that says nothing
            return
        if way >= self._settings.still:
            self._anchor, self._resting = now, 0
            return
        self._resting += self._settings.frames
        if self.rests:
            self._anchor = []

    def _common(self, before: list[Gray], now: list[Gray], nothing: tuple[float, float] = (0.0, 0.0)) -> float | None:
        """Return how far the whole picture has shifted, in pixels; None where its quarters do not say it clearly.

        `nothing` is what is found where nothing has shifted. The quarters may be changed.
        """
        settings = self._settings
        shifts = [_shift(*pair) for pair in zip(before, now, strict=True)]
        ways = np.array([shift[:2] for shift in shifts]) - nothing
        common = np.median(ways, axis=0)
        way = float(np.hypot(*common))
        clear = np.array([shift[2] for shift in shifts]) >= settings.response
        agree = np.hypot(*(ways - common).T) <= settings.tolerance * (1.0 + way)
        return way if int((agree & clear).sum()) >= settings.quarters else None


def _quarters(image: Image) -> list[Gray]:
    """Return the quarters of a picture, gray, at half its size."""
    gray: Any = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    half: Any = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    height, width = (side // 2 for side in half.shape)
    corners = product((0, half.shape[0] - height), (0, half.shape[1] - width))
    return [half[y : y + height, x : x + width] for y, x in corners]


def _shift(before: Gray, now: Gray) -> tuple[float, float, float]:
    """Return how far a quarter has shifted, in pixels of the picture, and how clearly, 0 to 1."""
    window = cv2.createHanningWindow(before.shape[::-1], cv2.CV_32F)
    (x, y), response = cv2.phaseCorrelate(before, now, window)
    return 2.0 * x, 2.0 * y, response
