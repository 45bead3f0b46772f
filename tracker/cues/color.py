"""Color spaces and their division into bins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.image import Image

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import ColorSettings

BinMap: TypeAlias = NDArray[np.intp]
"""`(h, w)`: the number of each pixel's color bin."""


@dataclass(frozen=True, slots=True)
class ColorSpace:
    """How a color space is reached from BGR (None: it is BGR) and how many values each of its channels takes."""

    code: int | None
    levels: tuple[int, ...]
    has_hue: bool = False


COLOR_SPACES: Mapping[str, ColorSpace] = MappingProxyType(
    {
        "bgr": ColorSpace(None, (256, 256, 256)),
        "hsv": ColorSpace(cv2.COLOR_BGR2HSV, (180, 256, 256), has_hue=True),
        "hs": ColorSpace(cv2.COLOR_BGR2HSV, (180, 256), has_hue=True),
        "lab": ColorSpace(cv2.COLOR_BGR2LAB, (256, 256, 256)),
        "ycrcb": ColorSpace(cv2.COLOR_BGR2YCrCb, (256, 256, 256)),
        "gray": ColorSpace(cv2.COLOR_BGR2GRAY, (256,)),
    }
)
"""The color spaces by name. A new one is a line here (and its name in `ColorSettings`)."""

GRAY_BINS = 16
"""Gray levels kept apart for pixels without a dependable hue."""


class Quantizer:
    """Maps pictures to color-bin numbers.

    In spaces with a hue, dark or unsaturated pixels, whose hue is noise, go to `GRAY_BINS` bins of their own by
    brightness; so black, gray and white targets have a model like any other. The first and the last hue bin are
    neighbors; a color on the seam fills both.
    """

    def __init__(self, settings: ColorSettings) -> None:
        self._space = COLOR_SPACES[settings.space]
        self._settings = settings
        channels = len(self._space.levels)
        self.color_bins = int(np.prod(settings.bins))
        self.size = self.color_bins + (GRAY_BINS if self._space.has_hue else 0)
        table = np.zeros((1, 256, channels), np.float32)
        for channel, (levels, bins) in enumerate(zip(self._space.levels, settings.bins, strict=True)):
            table[0, :, channel] = np.minimum(np.arange(256), levels - 1) * bins // levels
        # One table for all channels, where they are divided alike, is looked up in almost half the time.
        self._bin_of = table[..., 0] if (table == table[..., :1]).all() else table
        # Row-major: the last channel counts by one.
        self._strides = np.array([[np.prod(settings.bins[i + 1 :]) for i in range(channels)]], np.float32)

    def bins(self, image: Image) -> BinMap:
        """Return the color-bin number of each pixel, in [0, `size`)."""
        space = self._space
        converted: Any = image if space.code is None else cv2.cvtColor(image, space.code)
        channels = np.ascontiguousarray(converted[..., : len(space.levels)]) if space.has_hue else converted
        per_channel: Any = cv2.LUT(channels, self._bin_of)
        # A matrix product per pixel in C; float32 counts exactly to 2^24, beyond the greatest number of bins.
        bins: BinMap = np.asarray(cv2.transform(per_channel, self._strides)).astype(np.intp)
        if not space.has_hue:
            return bins
        saturation, value = converted[..., 1], converted[..., 2]
        faint = (saturation < self._settings.min_saturation) | (value < self._settings.min_value)
        return np.where(faint, self.color_bins + value.astype(np.intp) * GRAY_BINS // 256, bins)
