"""`segment`: a picture cut into regions by mean shift in the joint domain of place and color."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError
from tracker.image import Image, as_image, range_of
from tracker.segmentation.filtering import COLOR_SPACES, ColorName, climb_pixels, to_image, to_planes
from tracker.segmentation.regions import find_regions

MAX_PIXELS = 1_500_000
"""Pixels of the largest picture that is worked on as it is: a climb holds about 150 bytes a pixel, and takes 5 µs."""
_LARGEST_WINDOW = 200  # pixels; a step looks at (2·hs + 1)² of them about each pixel
_LARGEST_RADIUS = 1000.0  # above the distance of any two colors


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A picture cut into k connected regions.

    Attributes:
        labels: `(H, W) int32`, the region of each pixel, from 0 to k − 1 in the order of their first pixels.
        sizes: `(k,)` pixels of each region.
        colors: `(k, 3) float32` the region's mode in color, in the space named by `color`.
        places: `(k, 2) float32` its mode in place, x and y in continuous coordinates.
        filtered: the picture with each pixel in the color of its own mode: smooth within regions, sharp between.
        flat: the picture with each region in one color.
        color: name of the color space.
        working_size: width and height at which the modes were sought: those of the picture, or smaller.
    """

    labels: NDArray[np.int32]
    sizes: NDArray[np.intp]
    colors: NDArray[np.float32]
    places: NDArray[np.float32]
    filtered: Image
    flat: Image
    color: ColorName
    working_size: tuple[int, int]

    @property
    def count(self) -> int:
        """How many regions there are."""
        return len(self.sizes)


def segment(
    image: Any,
    *,
    hs: int = 7,
    hr: float = 6.5,
    min_size: int = 20,
    color: ColorName = "luv",
    max_pixels: int = MAX_PIXELS,
) -> Segmentation:
    """Cut a picture into regions of like color (Comaniciu & Meer 2002, section 4).

    Every pixel climbs to a mode of the density in the joint domain of place and color; neighboring pixels whose
    modes are alike form a region; regions below `min_size` are joined to the neighbor of the nearest color. Pixels
    whose paths meet share the rest of the way, so modes are those of the full climb to within a fraction of `hr`.

    Args:
        image: as `tracker.image.as_image` takes it.
        hs: half the side of the window in place, in pixels, from 1 to 200. Time grows with its square.
        hr: radius of the window in color, above 0, in units of the space: L goes from 0 to 100, B, G, R to 255.
        min_size: smallest region, in pixels, ≥ 1.
        color: `luv`, `lab` or `bgr`.
        max_pixels: a picture of more is made smaller before, which bounds memory and time; hs and min_size stay in
            pixels of the picture, and each of its pixels belongs to the region of the pixel it is in, ≥ 1.

    Raises:
        ConfigError: a setting is out of range.
        FrameError: the array is not a picture.
    """
    _check(hs, hr, min_size, color)
    if not _is_number(max_pixels) or max_pixels < 1:
        raise ConfigError(f"max_pixels is a number of pixels of at least 1; got {max_pixels!r}")
    picture = as_image(image, range_of(image))
    height, width = picture.shape[:2]
    scale = min(1.0, math.sqrt(max_pixels / (height * width)))
    if scale == 1.0:
        return _segment(picture, int(hs), float(hr), int(min_size), color)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    smaller = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    across, area = max(1, round(hs * scale)), max(1, round(min_size * scale**2))
    return _enlarged(_segment(smaller, across, float(hr), area, color), height, width)


def _segment(picture: Image, hs: int, hr: float, min_size: int, color: ColorName) -> Segmentation:
    space = COLOR_SPACES[color]
    height, width = picture.shape[:2]
    modes = climb_pixels(to_planes(picture, space), hs, hr)
    regions = find_regions(modes, height, width, hr, min_size)
    return Segmentation(
        labels=regions.labels,
        sizes=regions.sizes,
        colors=regions.colors,
        places=regions.places,
        filtered=to_image(modes.color.reshape(height, width, 3), space),
        flat=to_image(regions.colors[None], space)[0][regions.labels],
        color=color,
        working_size=(width, height),
    )


def _enlarged(found: Segmentation, height: int, width: int) -> Segmentation:
    """Return a segmentation of a larger picture, each pixel as the one of the smaller picture that it lies in.

    Regions stay connected, and in the order of their first pixels.
    """
    small_width, small_height = found.working_size
    rows, columns = np.arange(height) * small_height // height, np.arange(width) * small_width // width
    pixels = np.ix_(rows, columns)
    labels = found.labels[pixels]
    return replace(
        found,
        labels=labels,
        sizes=np.bincount(labels.ravel(), minlength=found.count),
        places=found.places * np.array([width / small_width, height / small_height], np.float32),
        filtered=found.filtered[pixels],
        flat=found.flat[pixels],
    )


def _check(hs: Any, hr: Any, min_size: Any, color: Any) -> None:
    if not _is_number(hs) or int(hs) != hs or not 1 <= hs <= _LARGEST_WINDOW:
        raise ConfigError(f"hs is a whole number of pixels from 1 to {_LARGEST_WINDOW}; got {hs!r}")
    if not _is_number(hr) or not 0 < hr <= _LARGEST_RADIUS:
        raise ConfigError(f"hr is a number above 0 and at most {_LARGEST_RADIUS:g}; got {hr!r}")
    if not _is_number(min_size) or int(min_size) != min_size or min_size < 1:
        raise ConfigError(f"min_size is a whole number of pixels of at least 1; got {min_size!r}")
    if not isinstance(color, str) or color not in COLOR_SPACES:
        raise ConfigError(f"color is one of {', '.join(COLOR_SPACES)}; got {color!r}")


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return number and bool(np.isfinite(value))
