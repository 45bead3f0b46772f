"""One size for all pictures of a stream."""

from __future__ import annotations

import logging

import cv2
import numpy as np

from tracker.image import Image

_log = logging.getLogger(__name__)


class SizeKeeper:
    """Scales pictures to the size of the first one, since boxes and targets are in its pixels."""

    def __init__(self, name: str) -> None:
        """Speak of the stream as `name`."""
        self._name = name
        self._size: tuple[int, int] | None = None
        self._told: tuple[int, int] | None = None

    def fit(self, image: Image) -> Image:
        """Return the picture at the first size; each other size is spoken of once, when it begins."""
        size = image.shape[1], image.shape[0]
        if self._size is None:
            self._size = size
        if size == self._size:
            self._told = None
            return image
        if size != self._told:
            self._told = size
            _log.warning("%s changed its size to %dx%d: scaled to %dx%d", self._name, *size, *self._size)
        return np.asarray(cv2.resize(image, self._size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
