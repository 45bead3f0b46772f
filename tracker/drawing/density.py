"""The density as a picture."""

from __future__ import annotations

import cv2
import numpy as np

from tracker.density import DensityMap
from tracker.drawing.labels import Rect, overlap
from tracker.drawing.lines import Pen, draw_boxes
from tracker.drawing.style import WHITE, Color, Sizes
from tracker.geometry import Box
from tracker.image import Image

_SHARE = 0.3
"""Largest part of the frame's width and height that an inset takes."""
_SMALLEST = 16
"""An inset below this many pixels shows nothing and is left out."""


def density_picture(density: DensityMap, width: int, height: int) -> Image:
    """Return the density in false colors, its maximum the brightest, at `width` x `height` pixels."""
    colors = density_colors(density)
    return np.asarray(cv2.resize(colors, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def density_colors(density: DensityMap) -> Image:
    """Return the density in false colors, its maximum the brightest, a pixel an element."""
    values = density.values
    peak = float(values.max(initial=0.0))
    gray = cv2.convertScaleAbs(values, alpha=255.0 / peak if peak > 0 else 0.0)
    return np.asarray(cv2.applyColorMap(gray, cv2.COLORMAP_INFERNO), dtype=np.uint8)


def inset_size(density: DensityMap, width: int, height: int) -> tuple[int, int]:
    """Return width and height of the inset in a frame of `width` x `height`; (0, 0) where there is no room."""
    area = density.geometry.box
    if area.width <= 0 or area.height <= 0:
        return 0, 0
    scale = min(_SHARE * width / area.width, _SHARE * height / area.height)
    size = int(area.width * scale), int(area.height * scale)
    return size if min(size) >= _SMALLEST else (0, 0)


def free_corner(size: tuple[int, int], margin: int, frame: Rect, taken: list[Rect]) -> Rect:
    """Return the corner of the frame in which an inset hides the least of what is `taken`."""
    width, height = size
    right, bottom = frame[2] - margin - width, frame[3] - margin - height
    corners = [(right, margin), (right, bottom), (margin, margin), (margin, bottom)]
    rects = [(x, y, x + width, y + height) for x, y in corners]
    return min(rects, key=lambda rect: sum(overlap(rect, other) for other in taken))


def draw_inset(image: Image, density: DensityMap, rect: Rect, box: Box, color: Color, sizes: Sizes) -> None:
    """Draw the density into `rect`, with the target's box on it and a rim around it."""
    left, top, right, bottom = rect
    picture = density_picture(density, right - left, bottom - top)
    zoom_x, zoom_y = picture.shape[1] / density.geometry.width, picture.shape[0] / density.geometry.height
    b = density.geometry.box_to_patch(box)
    shown = Box(b.x * zoom_x, b.y * zoom_y, b.width * zoom_x, b.height * zoom_y)
    draw_boxes(picture, [shown], Pen(color, sizes.thin, 1))
    image[top:bottom, left:right] = picture
    draw_boxes(image, [Box(left, top, right - left, bottom - top)], Pen(WHITE, sizes.thin, sizes.halo))
