"""Whether the camera moves: the corners of the picture shift together."""

from __future__ import annotations

from itertools import product
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.config.detection import CameraSettings
from tracker.image import Image

Grey: TypeAlias = NDArray[np.float32]


class CameraWatch:
    """Compares each picture with one some frames ago, quarter by quarter, by phase correlation (Kuglin & Hines 1975).

    Something that moves before a still camera shifts one quarter or two, and each its own way.
    """

    def __init__(self, settings: CameraSettings) -> None:
        """Begin without a picture."""
        self._settings = settings
        self._before: list[Grey] = []
        self._frames = 0

    def has_moved(self, image: Image) -> bool:
        """Take in the next picture, of the same size as the last; return whether the camera is seen to have moved."""
        self._frames += 1
        if self._frames % self._settings.frames:
            return False
        before, self._before = self._before, _quarters(image)
        return bool(before) and self._is_common([_shift(*pair) for pair in zip(before, self._before, strict=True)])

    def _is_common(self, shifts: list[tuple[float, float, float]]) -> bool:
        settings = self._settings
        ways = np.array([shift[:2] for shift in shifts])
        common = np.median(ways, axis=0)
        way = float(np.hypot(*common))
        clear = np.array([shift[2] for shift in shifts]) >= settings.response
        agree = np.hypot(*(ways - common).T) <= settings.tolerance * (1.0 + way)
        return way >= settings.shift and int((agree & clear).sum()) >= settings.quarters


def _quarters(image: Image) -> list[Grey]:
    """Return the quarters of a picture, grey, at half its size."""
    grey: Any = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    half: Any = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    height, width = (side // 2 for side in half.shape)
    corners = product((0, half.shape[0] - height), (0, half.shape[1] - width))
    return [half[y : y + height, x : x + width] for y, x in corners]


def _shift(before: Grey, now: Grey) -> tuple[float, float, float]:
    """Return how far a quarter has shifted, in pixels of the picture, and how clearly, 0 to 1."""
    window = cv2.createHanningWindow(before.shape[::-1], cv2.CV_32F)
    (x, y), response = cv2.phaseCorrelate(before, now, window)
    return 2.0 * x, 2.0 * y, response
