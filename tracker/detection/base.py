"""What a finder is."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

from tracker.geometry import Box
from tracker.image import Image, Patch, PatchGeometry, cut_smooth_patch


class Finder(ABC):
    """Says where in each picture something is that might be followed.

    It is shown every frame of one source, in order, may learn from each, and knows nothing of what is followed
    already. The same frames give the same answers.

    Attributes:
        name: what its targets are labelled with.
        travel: how far, in target sizes √(w·h), a thing must have moved before it is believed; 0 where a thing that
            stands still is one too.
    """

    name: ClassVar[str]
    travel: ClassVar[float] = 0.0

    @abstractmethod
    def find(self, image: Image) -> tuple[Box, ...]:
        """Return the boxes, frame pixels, of what there is in the next picture; it is neither changed nor kept."""


def whole_frame(image: Image, area: float) -> Patch:
    """Return all of `image` on about `area` working pixels, on fewer if it has no more itself."""
    height, width = image.shape[:2]
    step = max(1.0, math.sqrt(width * height / area))
    across, down = max(1, round(width / step)), max(1, round(height / step))
    return cut_smooth_patch(image, PatchGeometry(0.0, 0.0, width / across, height / down, across, down))
