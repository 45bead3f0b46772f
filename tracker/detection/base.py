"""The interface of detectors, and what they share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tracker.geometry import Box
from tracker.image import Image
from tracker.patch import Patch, PatchGeometry, cut_smooth_patch


@dataclass(frozen=True, slots=True)
class Foreground:
    """A mask `(h, w)`, not 0 where something is, with its place in the frame."""

    mask: NDArray[np.uint8]
    geometry: PatchGeometry

    def share_of(self, box: Box) -> float:
        """Return the share of a box, frame pixels, in which something is; 0 for one outside the frame."""
        part = self.mask[pixels_of(box, self.geometry)]
        return float(np.count_nonzero(part)) / part.size if part.size else 0.0


class Detector(ABC):
    """Returns the boxes of what might be tracked in each picture.

    It is given every frame of one source, in order, and may learn from each. The same calls give the same answers.

    Attributes:
        name: the label of the tracks that start on its detections.
        travel: least way, in target sizes √(w·h), that a detection must have moved before a track starts on it; 0 where
            one that stands still counts, too.
        certain: whether what it does not detect is gone, however confident the tracker is; else another light may hide
            it.
    """

    name: ClassVar[str]
    travel: ClassVar[float] = 0.0
    certain: ClassVar[bool] = False

    @abstractmethod
    def detect(self, image: Image, held: Sequence[Box] = ()) -> tuple[Box, ...]:
        """Return the boxes, frame pixels, of what is in the next picture; the picture is neither changed nor kept.

        Args:
            image: the picture.
            held: boxes of confirmed tracks, frame pixels: what the picture shows there is no background.
        """

    @abstractmethod
    def is_present(self, box: Box) -> bool:
        """Whether something is in a box of the last picture, frame pixels, whatever its size and number."""


def pixels_of(box: Box, geometry: PatchGeometry) -> tuple[slice, slice]:
    """Return the rows and columns of a patch that a box, frame pixels, covers in it; empty where it covers none."""
    left, top, right, bottom = (max(round(edge), 0) for edge in geometry.box_to_patch(box).xyxy)
    return slice(top, bottom), slice(left, right)


def whole_frame(image: Image, area: float) -> Patch:
    """Return all of `image` on about `area` working pixels, on fewer if it has no more itself."""
    height, width = image.shape[:2]
    step = max(1.0, math.sqrt(width * height / area))
    across, down = max(1, round(width / step)), max(1, round(height / step))
    geometry = PatchGeometry(0.0, 0.0, width / across, height / down, across, down)
    return cut_smooth_patch(image, geometry, exact=True)
