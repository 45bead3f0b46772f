"""The map between a frame and the part of a window that shows it: fitted, zoomed, moved, mirrored."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from tracker.geometry import Box, RotatedBox
from tracker.image import Image
from tracker.tracking.result import Track

LARGEST = (1600, 900)
"""Pixels, across and down, that a window begins with at most; bigger frames are scaled down."""
_SMALLEST = 640
"""Pixels that the longer side is enlarged to at most, so that small targets can be pointed at and the help be read."""
MOST_ZOOM = 16.0
"""How many times larger than fitted into the window a frame is shown at most."""
_FINE = 0.5
"""Scale below which a picture is averaged. Above it, interpolation looks the same and takes a fifth of the time."""
_COARSE = 2.0
"""Scale from which on pixels are shown as squares."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A frame of `width` x `height` pixels, shown at `scale` view pixels a frame pixel.

    Attributes:
        width: of the frame.
        height: of the frame.
        scale: view pixels a frame pixel.
        left: where the frame's left edge lies in the view, in its pixels; below 0 where it is zoomed.
        top: where the frame's top edge lies.
        window: width and height of the view; None for those of the frame at that scale.
        mirrored: whether left and right change places.
    """

    width: int
    height: int
    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0
    window: tuple[int, int] | None = None
    mirrored: bool = False

    @classmethod
    def fitting(cls, width: int, height: int, largest: tuple[int, int] = LARGEST) -> Viewport:
        """Return the view of a frame that fits into `largest` and is not tiny."""
        down = min(largest[0] / width, largest[1] / height)
        up = max(1, _SMALLEST // max(width, height))
        return cls(width, height, float(min(down, up)))

    @classmethod
    def within(cls, width: int, height: int, window: tuple[int, int], *, mirrored: bool = False) -> Viewport:
        """Return the view of a whole frame in the middle of a window, as large as it fits in."""
        scale = min(window[0] / width, window[1] / height)
        left, top = (window[0] - width * scale) / 2, (window[1] - height * scale) / 2
        return cls(width, height, scale, left, top, window, mirrored)

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the frame may be in the view."""
        return self.window is not None and self.scale > min(self.window[0] / self.width, self.window[1] / self.height)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the view in its own pixels, at least 1."""
        return self.window or (max(1, round(self.width * self.scale)), max(1, round(self.height * self.scale)))

    def zoomed(self, factor: float, x: float, y: float) -> Viewport:
        """Return the view `factor` times as large, from fitted to `MOST_ZOOM`, with its point (x, y) in place."""
        across, down = self.size
        fitted = min(across / self.width, down / self.height)
        scale = min(max(self.scale * factor, fitted), MOST_ZOOM * fitted)
        grown = scale / self.scale
        moved = replace(self, scale=scale, left=x - (x - self.left) * grown, top=y - (y - self.top) * grown)
        return moved.panned(0.0, 0.0)

    def panned(self, right: float, down: float) -> Viewport:
        """Return the view with the frame moved by so many view pixels; no farther than to its edges."""
        across, high = self.size
        left = _kept(self.left + right, self.width * self.scale, across)
        return replace(self, left=left, top=_kept(self.top + down, self.height * self.scale, high), window=self.size)

    def to_frame(self, x: float, y: float) -> tuple[float, float]:
        """Return the frame point below the middle of the view's pixel (`x`, `y`)."""
        step_x, step_y = self._steps
        across = (x + 0.5 - self.left) / step_x
        return self.width - across if self.mirrored else across, (y + 0.5 - self.top) / step_y

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the frame lies in the view, in its continuous coordinates."""
        step_x, step_y = self._steps
        across = self.width - x if self.mirrored else x
        return self.left + across * step_x, self.top + y * step_y

    def box_between(self, first: tuple[float, float], second: tuple[float, float]) -> Box:
        """Return the part of the frame between two points of the view, in whichever order they were made."""
        (ax, ay), (bx, by) = self.to_frame(*first), self.to_frame(*second)
        box = Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
        return box.clipped(self.width, self.height)

    def placed(self, box: Box) -> Box:
        """Return where a box of the frame lies in the view."""
        step_x, step_y = self._steps
        x, y = self.to_view(box.right if self.mirrored else box.x, box.y)
        return Box(x, y, box.width * step_x, box.height * step_y)

    def placed_points(self, points: Iterable[tuple[float, float] | None]) -> tuple[tuple[float, float] | None, ...]:
        """Return where points of the frame lie in the view."""
        return tuple(None if point is None else self.to_view(*point) for point in points)

    def placed_track(self, track: Track) -> Track:
        """Return a target with all that is drawn of it in view pixels; its density keeps its place in the frame."""
        result = track.result
        return replace(
            track,
            result=replace(
                result,
                box=self.placed(result.box),
                rotated_box=None if result.rotated_box is None else self._placed_rotated(result.rotated_box),
                search=None if result.search is None else self.placed(result.search),
                path=tuple(self.to_view(*point) for point in result.path),
            ),
        )

    def render(self, image: Image) -> Image:
        """Return the frame's picture as the view shows it, black beside it; the picture itself where it is that."""
        across, down = self.size
        if not self.mirrored and (image.shape[1], image.shape[0]) == (across, down) and self.scale == 1.0:
            return image
        (x0, x1), (y0, y1) = self._seen
        part = image[y0:y1, x0:x1]
        left, top = self._corner(x0, x1, y0)
        right, bottom = self._corner(x1, x0, y1)
        size = max(1, right - left), max(1, bottom - top)
        if size != (part.shape[1], part.shape[0]):
            part = np.asarray(cv2.resize(part, size, interpolation=_interpolation(self.scale)), dtype=np.uint8)
        if self.mirrored:
            part = np.asarray(cv2.flip(part, 1), dtype=np.uint8)
        if (left, top) == (0, 0) and size == (across, down):
            return part
        canvas = np.zeros((down, across, 3), np.uint8)
        shown = part[max(0, -top) : down - top, max(0, -left) : across - left]
        at_x, at_y = max(0, left), max(0, top)
        canvas[at_y : at_y + shown.shape[0], at_x : at_x + shown.shape[1]] = shown
        return canvas

    @property
    def _steps(self) -> tuple[float, float]:
        """View pixels a frame pixel across and down: a view without a window is a whole number of pixels."""
        if self.window is not None:
            return self.scale, self.scale
        across, down = self.size
        return across / self.width, down / self.height

    @property
    def _seen(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The columns and rows of the frame that are in the view, each a start and an end."""
        (ax, ay), (bx, by) = self.to_frame(-0.5, -0.5), self.to_frame(self.size[0] - 0.5, self.size[1] - 0.5)
        columns = max(0, math.floor(min(ax, bx))), min(self.width, math.ceil(max(ax, bx)))
        return columns, (max(0, math.floor(ay)), min(self.height, math.ceil(by)))

    def _corner(self, x: int, mirrored_x: int, y: int) -> tuple[int, int]:
        point = self.to_view(mirrored_x if self.mirrored else x, y)
        return round(point[0]), round(point[1])

    def _placed_rotated(self, box: RotatedBox) -> RotatedBox:
        center = self.to_view(box.center_x, box.center_y)
        angle = -box.angle if self.mirrored else box.angle
        return RotatedBox(*center, box.width * self.scale, box.height * self.scale, angle)


def _kept(edge: float, extent: float, room: float) -> float:
    """Return where an extent begins that is to begin at `edge`: so that it fills the room, in its middle if smaller."""
    return (room - extent) / 2 if extent <= room else min(0.0, max(room - extent, edge))


def _interpolation(scale: float) -> int:
    if scale < _FINE:
        return cv2.INTER_AREA
    return cv2.INTER_LINEAR if scale < _COARSE else cv2.INTER_NEAREST
