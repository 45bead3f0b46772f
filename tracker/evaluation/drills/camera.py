"""Motion of the camera, put into pictures after the fact: the picture is shifted and enlarged within its frame.

A view (scale s, shift x, y) takes the point p of the picture to s·p + (x, y). What it uncovers is the mirrored picture,
or a border picture where the mirror would show the target a second time.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tracker.evaluation.drills.base import DrillClip
from tracker.evaluation.metrics import Array
from tracker.geometry import Box
from tracker.image import Image
from tracker.video.synthetic.scene import VISIBLE_FROM

_CLEAR = 4.0  # pixels between a target that has left and the edge of the frame


@dataclass(frozen=True, slots=True)
class CameraView:
    """Where the points of a picture go: p → scale · p + (x, y), in continuous pixels."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0

    @property
    def is_plain(self) -> bool:
        """Whether every point stays where it is."""
        return self == CameraView()

    def image(self, image: Image, border: Image | None = None) -> Image:
        """Return the picture in this view; `border` fills what it uncovers, the mirrored picture if it is None."""
        height, width = image.shape[:2]
        # OpenCV's pixel i has its center at i, ours at i + 0.5.
        half = 0.5 * (self.scale - 1)
        matrix = np.array([[self.scale, 0.0, self.x + half], [0.0, self.scale, self.y + half]])
        if self.is_plain:
            return image
        if border is None:
            return np.asarray(
                cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101), dtype=np.uint8
            )
        canvas = border.copy()
        cv2.warpAffine(image, matrix, (width, height), dst=canvas, borderMode=cv2.BORDER_TRANSPARENT)
        return canvas

    def box(self, values: Array, width: int, height: int) -> Array:
        """Return a true box `(4,)` as it is in this view: clipped to the frame, nan where hardly any of it is left."""
        if self.is_plain:
            return values
        x, y, w, h = values.tolist()
        moved = Box(self.scale * x + self.x, self.scale * y + self.y, self.scale * w, self.scale * h)
        seen = moved.clipped(width, height)
        if np.isnan(values).any() or seen.area < VISIBLE_FROM * moved.area:
            return np.full(4, np.nan)
        return np.array(tuple(seen))


@dataclass(frozen=True, slots=True)
class WayOut:
    """The shift that takes a target out of the frame.

    Attributes:
        x: px to the right.
        y: px down.
        mirrors: whether the mirrored picture would show the target again in what the shift uncovers.
    """

    x: float
    y: float
    mirrors: bool


def way_out(clip: DrillClip, begin: int, end: int) -> WayOut:
    """Return the shortest shift that takes the target out of rows [begin, end); one without a mirror if possible."""
    truth = clip.truth[begin:end]
    known = truth[~np.isnan(truth).any(axis=1)]
    if not len(known):  # absent there anyway: any way will do
        known = clip.truth[:1]
    left, top = known[:, :2].min(axis=0)
    right, bottom = (known[:, :2] + known[:, 2:]).max(axis=0)
    ways = []
    for near, far, side, axis in ((left, right, clip.width, (1, 0)), (top, bottom, clip.height, (0, 1))):
        back, forth = far + _CLEAR, side - near + _CLEAR
        # A shift by −d uncovers d pixels at the far end, in which the mirror shows the d pixels before it.
        ways.append((far > side - 1 - back, back, WayOut(-back * axis[0], -back * axis[1], far > side - 1 - back)))
        ways.append((near < forth + 1, forth, WayOut(forth * axis[0], forth * axis[1], near < forth + 1)))
    return min(ways, key=lambda way: way[:2])[2]
