"""Patches: pictures cut from a frame at a working size, and the geometry between the two."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from tracker.geometry import Box
from tracker.image import Image
from tracker.values import value


@value
class PatchGeometry:
    """Where a resampled patch lies in the frame: patch point (u, v) is frame point (x + u·step_x, y + v·step_y).

    Both in continuous coordinates (see `tracker.geometry`). `step_x` and `step_y` are frame pixels per patch pixel,
    `width` and `height` the patch's size in its own pixels.
    """

    x: float
    y: float
    step_x: float
    step_y: float
    width: int
    height: int

    @classmethod
    def around(
        cls, center_x: float, center_y: float, step_x: float, step_y: float, width: int, height: int
    ) -> PatchGeometry:
        """Return the geometry whose patch center lies at the frame point (`center_x`, `center_y`)."""
        return cls(center_x - step_x * width / 2, center_y - step_y * height / 2, step_x, step_y, width, height)

    @property
    def box(self) -> Box:
        """The part of the frame plane that the patch covers."""
        return Box(self.x, self.y, self.width * self.step_x, self.height * self.step_y)

    def coarser(self, factor: int) -> PatchGeometry:
        """Return the geometry with `factor` x `factor` pixels in one; rows and columns that fill none are left out."""
        return PatchGeometry(
            self.x, self.y, self.step_x * factor, self.step_y * factor, self.width // factor, self.height // factor
        )

    def to_frame(self, u: float, v: float) -> tuple[float, float]:
        """Map a patch point to the frame."""
        return self.x + u * self.step_x, self.y + v * self.step_y

    def to_patch(self, x: float, y: float) -> tuple[float, float]:
        """Map a frame point to the patch."""
        return (x - self.x) / self.step_x, (y - self.y) / self.step_y

    def box_to_frame(self, box: Box) -> Box:
        """Map a box in patch pixels to the frame."""
        return Box(*self.to_frame(box.x, box.y), box.width * self.step_x, box.height * self.step_y)

    def box_to_patch(self, box: Box) -> Box:
        """Map a box in the frame to patch pixels."""
        return Box(*self.to_patch(box.x, box.y), box.width / self.step_x, box.height / self.step_y)


@value
class Patch:
    """A picture cut from a frame at a working size, and where it came from.

    `inside` is the part of the patch, as (left, top, right, bottom) in whole patch pixels, whose pixel centers lie in
    the frame; beyond it the frame's edge is repeated and carries no evidence.
    """

    image: Image
    geometry: PatchGeometry
    inside: tuple[int, int, int, int]

    def reduced(self, factor: int) -> Patch:
        """Return the same view with `factor` x `factor` pixels averaged into one."""
        g = self.geometry.coarser(factor)
        pixels: Any = cv2.resize(
            self.image[: g.height * factor, : g.width * factor], (g.width, g.height), interpolation=cv2.INTER_AREA
        )
        left, top, right, bottom = self.inside
        # Only pixels wholly inside the frame.
        return Patch(pixels, g, (-(-left // factor), -(-top // factor), right // factor, bottom // factor))


def cut_patch(image: Image, geometry: PatchGeometry, interpolation: int = cv2.INTER_NEAREST) -> Patch:
    """Resample the part of `image` that `geometry` describes; cost depends on the patch's size alone.

    Nearest neighbor by default: colors stay those of the frame, and neither target nor frame size costs time.
    """
    g = geometry
    # OpenCV's pixel i has its center at i, ours at i + 0.5.
    to_source = np.array(
        [[g.step_x, 0.0, g.x + g.step_x / 2 - 0.5], [0.0, g.step_y, g.y + g.step_y / 2 - 0.5]], dtype=np.float64
    )
    pixels: Any = cv2.warpAffine(
        image,
        to_source,
        (g.width, g.height),
        flags=interpolation | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    left, right = _inside(g.x, g.step_x, g.width, image.shape[1])
    top, bottom = _inside(g.y, g.step_y, g.height, image.shape[0])
    return Patch(pixels, g, (left, top, right, bottom))


def cut_smooth_patch(image: Image, geometry: PatchGeometry, *, exact: bool = False) -> Patch:
    """Like `cut_patch`, but interpolated or averaged, so that gradients are the picture's; as bounded in cost.

    Unless it must be `exact`, it is moved by half a pixel of the frame or half a sample, whichever is finer (see the
    patch's geometry), so that what is read begins at a whole pixel: resizing takes a third of the time of mapping.
    """
    g, cut = geometry, cut_patch if exact else _cut_at_pixel
    if g.step_x * g.step_y <= _SHRUNK**2:
        return cut(image, g, cv2.INTER_LINEAR)
    finer = PatchGeometry(g.x, g.y, g.step_x / 2, g.step_y / 2, g.width * 2, g.height * 2)
    return cut(image, finer, cv2.INTER_NEAREST).reduced(2)


_SHRUNK = 2.0
"""Frame pixels per patch pixel from which interpolation skips pixels and four samples are averaged instead."""


def _cut_at_pixel(image: Image, geometry: PatchGeometry, interpolation: int) -> Patch:
    """Resample the part of `image` that begins at the pixel of the frame next to where `geometry` does."""
    g = geometry
    # OpenCV's nearest neighbor is that of a sample's corner, half a step before its center.
    early = 0.5 if interpolation == cv2.INTER_NEAREST else 0.0
    across = _whole_pixels(g.x + early * g.step_x, g.step_x, g.width, image.shape[1])
    down = _whole_pixels(g.y + early * g.step_y, g.step_y, g.height, image.shape[0])
    if across is None or down is None:
        return cut_patch(image, g, interpolation)
    (x, columns, before_x, taken_x), (y, rows, before_y, taken_y) = across, down
    pixels: Any = cv2.resize(image[rows, columns], None, fx=1 / g.step_x, fy=1 / g.step_y, interpolation=interpolation)
    pixels = pixels[taken_y, taken_x]
    after_x, after_y = g.width - before_x - pixels.shape[1], g.height - before_y - pixels.shape[0]
    if before_x or before_y or after_x or after_y:
        pixels = cv2.copyMakeBorder(pixels, before_y, after_y, before_x, after_x, cv2.BORDER_REPLICATE)
    moved = PatchGeometry(x - early * g.step_x, y - early * g.step_y, g.step_x, g.step_y, g.width, g.height)
    left, right = _inside(moved.x, g.step_x, g.width, image.shape[1])
    top, bottom = _inside(moved.y, g.step_y, g.height, image.shape[0])
    return Patch(pixels, moved, (left, top, right, bottom))


def _whole_pixels(origin: float, step: float, count: int, limit: int) -> tuple[float, slice, int, slice] | None:
    """One side of what `_cut_at_pixel` reads, for `count` samples from `origin` on, of `limit` pixels.

    Returns:
        Where it begins; the pixels to read; how many samples lie before the frame; and those to take of what is read.
        None where the frame has none.
    """
    before = max(math.ceil(-origin / step), 0)
    start = max(origin + before * step, 0.0)  # rounding may put it a hair before the frame
    first = math.floor(start) if step < 1 else round(start)
    # Samples are finer than pixels: those that are left out move it further.
    skipped = round((start - first) / step) if step < 1 else 0
    last = min(first + math.ceil((skipped + count - before) * step), limit)
    taken = min(round((last - first) / step) - skipped, count - before)
    if taken <= 0:
        return None
    return first + (skipped - before) * step, slice(first, last), before, slice(skipped, skipped + taken)


def _inside(origin: float, step: float, count: int, limit: int) -> tuple[int, int]:
    """First and past-the-last patch index whose center origin + (i + 0.5)·step lies in [0, limit)."""
    if origin >= 0.0 and origin + count * step <= limit:
        return 0, count
    first = math.ceil(-origin / step - 0.5)
    last = math.ceil((limit - origin) / step - 0.5)
    return min(max(first, 0), count), min(max(last, 0), count)
