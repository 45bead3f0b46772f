"""What counts as a picture, the density map, and the geometry of a resampled patch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.errors import FrameError
from tracker.geometry import Box

Image: TypeAlias = NDArray[np.uint8]
"""`(H, W, 3) uint8`, channels blue, green, red."""

Density: TypeAlias = NDArray[np.float32]
"""`(h, w) float32`, finite, ≥ 0."""


def as_image(frame: Any) -> Image:
    """Return `frame` as an `Image`; the caller's array itself where it already is one, a new array otherwise.

    Accepts `(H, W)` and `(H, W, 1)` grey, `(H, W, 3)` BGR and `(H, W, 4)` BGRA, of dtype uint8 or uint16 (scaled by
    1/257, so that 65535 becomes 255).

    Raises:
        FrameError: anything else; the message says what was given and what to do.
    """
    if not isinstance(frame, np.ndarray):
        kind = "None (did the capture fail?)" if frame is None else type(frame).__name__
        raise FrameError(f"a frame is a numpy array (H, W, 3) of uint8; got {kind}")
    if frame.dtype == np.uint8 and frame.ndim == 3 and frame.shape[2] == 3 and frame.size:
        return frame
    return _converted(frame)


def _converted(frame: NDArray[Any]) -> Image:
    if frame.size == 0:
        raise FrameError(f"the frame is empty (shape {frame.shape}): check the capture")
    if frame.ndim not in (2, 3) or (frame.ndim == 3 and frame.shape[2] not in (1, 3, 4)):
        raise FrameError(f"a frame has shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4); got {frame.shape}")
    if frame.dtype == np.uint16:
        frame = ((frame.astype(np.uint32) + 128) // 257).astype(np.uint8)
    elif frame.dtype != np.uint8:
        raise FrameError(f"a frame holds uint8 or uint16; got {frame.dtype}: scale to 0..255 and use astype('uint8')")
    if frame.ndim == 2 or frame.shape[2] == 1:
        return np.repeat(frame.reshape(*frame.shape[:2], 1), 3, axis=2)
    return np.ascontiguousarray(frame[:, :, :3])


@dataclass(frozen=True, slots=True)
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
        """Return the geometry whose patch centre lies at the frame point (`center_x`, `center_y`)."""
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


@dataclass(frozen=True, slots=True)
class Patch:
    """A picture cut from a frame at a working size, and where it came from.

    `inside` is the part of the patch, as (left, top, right, bottom) in whole patch pixels, whose pixel centres lie in
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

    Nearest-neighbour by default: colours stay those of the frame, and neither target nor frame size costs time.
    """
    g = geometry
    # OpenCV's pixel i has its centre at i, ours at i + 0.5.
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


def cut_smooth_patch(image: Image, geometry: PatchGeometry) -> Patch:
    """Like `cut_patch`, but interpolated or averaged, so that gradients are the picture's; as bounded in cost."""
    g = geometry
    if g.step_x * g.step_y <= _SHRUNK**2:
        return cut_patch(image, g, cv2.INTER_LINEAR)
    finer = PatchGeometry(g.x, g.y, g.step_x / 2, g.step_y / 2, g.width * 2, g.height * 2)
    return cut_patch(image, finer).reduced(2)


_SHRUNK = 2.0
"""Frame pixels per patch pixel from which interpolation skips pixels and four samples are averaged instead."""


def _inside(origin: float, step: float, count: int, limit: int) -> tuple[int, int]:
    """First and past-the-last patch index whose centre origin + (i + 0.5)·step lies in [0, limit)."""
    first = math.ceil(-origin / step - 0.5)
    last = math.ceil((limit - origin) / step - 0.5)
    return min(max(first, 0), count), min(max(last, 0), count)


@dataclass(frozen=True, slots=True)
class DensityMap:
    """A density `(h, w) float32`, finite and ≥ 0, with its place in the frame."""

    values: Density
    geometry: PatchGeometry


class SummedDensity:
    """Summed-area table of a density (Crow 1984): the mass of any upright box in constant time."""

    def __init__(self, density: Density) -> None:
        table: Any = cv2.integral(density, sdepth=cv2.CV_64F)
        self._table: NDArray[np.float64] = table

    def windows(self, width: int, height: int) -> NDArray[np.float64]:
        """Return the masses of all whole-pixel windows of this size, (h − height + 1, w − width + 1) by top-left."""
        t = self._table
        down = t[height:] - t[:-height]
        return down[:, width:] - down[:, :-width]

    def mass(self, box: Box) -> float:
        """Return the mass under `box`, its edges rounded to whole pixels, nothing outside."""
        rows, columns = self._table.shape
        left, right = (min(max(round(v), 0), columns - 1) for v in (box.x, box.right))
        top, bottom = (min(max(round(v), 0), rows - 1) for v in (box.y, box.bottom))
        at = self._table.item
        return at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left)


class ConcentricBoxes:
    """Masses under boxes of fixed sizes about a common centre; edges fractional, nothing outside the density.

    A box's weights are a product, so one small matrix product sums over the rows of all boxes at once.
    """

    def __init__(self, shape: tuple[int, ...], widths: NDArray[np.float32], heights: NDArray[np.float32]) -> None:
        """Prepare for densities of this shape and boxes of these sizes, one a pair, in pixels."""
        rows, columns = shape
        self._columns = columns
        self._centers = np.concatenate([np.arange(columns), np.arange(rows)]).astype(np.float32) + np.float32(0.5)
        sizes = np.concatenate([np.repeat(widths[:, None], columns, 1), np.repeat(heights[:, None], rows, 1)], axis=1)
        # A pixel is covered by half + 0.5 − |offset|, at most by all of itself or of a box smaller than it.
        self._reach = (sizes / 2 + 0.5).astype(np.float32)
        self._most = np.minimum(sizes, 1.0).astype(np.float32)

    def masses(self, density: Density, x: float, y: float) -> NDArray[np.float32]:
        """Return the masses of the boxes centred at (x, y), in the order of their sizes."""
        offsets = self._centers.copy()
        offsets[: self._columns] -= x
        offsets[self._columns :] -= y
        np.abs(offsets, out=offsets)
        covered = self._reach - offsets
        np.maximum(covered, 0.0, out=covered)
        np.minimum(covered, self._most, out=covered)
        masses: NDArray[np.float32] = np.einsum(
            "ij,ij->i", covered[:, self._columns :] @ density, covered[:, : self._columns]
        )
        return masses
