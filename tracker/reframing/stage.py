"""Reframing in the way of the frames from the tracker to a sink."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from tracker.errors import ConfigError
from tracker.geometry import Box, RotatedBox
from tracker.image import Image
from tracker.reframing.camera import ViewSettings, VirtualCamera
from tracker.tracking.result import Track
from tracker.video.base import Frame

_MEMORY = 512 * 2**20
"""Bytes of pictures that may wait; larger pictures are looked ahead of for fewer frames."""
_SMALLEST, _LARGEST = 16, 8192
"""Bounds of a picture's sides, px."""
_LEAST_SHIFT = 1 / 64
"""Fractions of a pixel below this cannot be seen."""
_MUCH_SMALLER = 1.5
"""How many pixels of a view become one of the picture before some of them would be passed over."""
_UNLIKE = 0.01
"""Aspects that differ by more than this share are two different wishes."""


@dataclass(frozen=True, slots=True)
class Reframing:
    """What picture is wanted.

    Attributes:
        aspect: its width over its height; None for that of `size`, or of the frames.
        size: its width and height in pixels, even; None for the pixels of the view.
        camera: how the view follows the target.
    """

    aspect: float | None = None
    size: tuple[int, int] | None = None
    camera: ViewSettings = field(default_factory=ViewSettings)

    def __post_init__(self) -> None:
        """Check that aspect and size belong together.

        Raises:
            ConfigError: they do not.
        """
        if self.aspect is not None and self.size is not None:
            shape = self.size[0] / self.size[1]
            if abs(math.log(shape / self.aspect)) > _UNLIKE:
                raise ConfigError(
                    f"a size of {self.size[0]}x{self.size[1]} has an aspect of {shape:.3f}, not {self.aspect:.3f}: "
                    "give one of the two"
                )

    def shape_in(self, width: int, height: int) -> float:
        """Return the view's width over its height in frames of `width` x `height`."""
        if self.size is not None:
            return self.size[0] / self.size[1]
        return self.aspect or width / height

    def size_in(self, width: int, height: int) -> tuple[int, int]:
        """Return the picture's width and height in frames of `width` x `height`, even numbers."""
        if self.size is not None:
            return self.size
        aspect = self.shape_in(width, height)
        high = min(height, width / aspect) * (1.0 if self.camera.fill else self.camera.crop)
        return max(2, 2 * round(aspect * high / 2)), max(2, 2 * round(high / 2))


class ReframeStage:
    """Cuts the frames of a video so that the target stays in view; hands each on when those ahead of it are known.

    Of several targets, the view follows the middle of those that are TRACKING. Targets are handed on in the pixels of
    the new picture, without what was searched for them.
    """

    def __init__(self, reframing: Reframing, *, live: bool = False) -> None:
        """Begin before the first frame; a `live` source must not wait, so nothing is looked ahead."""
        self._reframing = reframing
        self._live = live
        self._camera: VirtualCamera | None = None
        self._size = (0, 0)
        self._waiting: deque[tuple[Frame, tuple[Track, ...]]] = deque()

    def push(self, frame: Frame, tracks: Sequence[Track]) -> Iterator[tuple[Frame, tuple[Track, ...]]]:
        """Take the next frame; yield those that are done, in order."""
        if self._camera is None:
            self._camera = self._started(frame.image)
        self._waiting.append((frame, tuple(tracks)))
        for view in self._camera.push(frame.timestamp, _place(tracks)):
            yield self._done(view)

    def finish(self) -> Iterator[tuple[Frame, tuple[Track, ...]]]:
        """Yield the frames that are left."""
        if self._camera is not None:
            for view in self._camera.finish():
                yield self._done(view)

    def _started(self, image: Image) -> VirtualCamera:
        height, width = image.shape[:2]
        settings = self._reframing.camera
        ahead = 0 if self._live else min(settings.ahead, _MEMORY // max(1, image.nbytes))
        self._size = self._reframing.size_in(width, height)
        return VirtualCamera(width, height, self._reframing.shape_in(width, height), settings, ahead=ahead)

    def _done(self, view: Box) -> tuple[Frame, tuple[Track, ...]]:
        frame, tracks = self._waiting.popleft()
        image = cut(frame.image, view, self._size)
        return replace(frame, image=image), tuple(_moved(track, view, self._size) for track in tracks)


def cut(image: Image, view: Box, size: tuple[int, int]) -> Image:
    """Return what `view` shows of `image`, `size` = (width, height) pixels large: a new array.

    The view is placed to a fraction of a pixel, so that a slow camera does not tremble; its size is rounded.
    """
    height, width = image.shape[:2]
    across, down = min(width, max(1, round(view.width))), min(height, max(1, round(view.height)))
    left = min(max(view.center[0] - across / 2, 0.0), float(width - across))
    top = min(max(view.center[1] - down / 2, 0.0), float(height - down))
    column, row = int(left), int(top)
    # Rows and columns one after the other, and only where there is a fraction: four times the speed of getRectSubPix.
    part = _shifted(image[:, column : column + across + 1], left - column, 1)[:, :across]
    part = _shifted(part[row : row + down + 1], top - row, 0)[:down]
    # The mean over areas is slow, and only much smaller pictures need it.
    kind = cv2.INTER_AREA if across >= _MUCH_SMALLER * size[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, size, interpolation=kind), np.uint8)


def _shifted(image: Image, fraction: float, axis: int) -> Image:
    """Return the picture moved by a fraction of a pixel to the left (axis 1) or up (0): a pixel less of it there."""
    if fraction < _LEAST_SHIFT:
        return image
    before, after = (image[:, :-1], image[:, 1:]) if axis else (image[:-1], image[1:])
    return np.asarray(cv2.addWeighted(before, 1 - fraction, after, fraction, 0.0), np.uint8)


def _place(tracks: Sequence[Track]) -> Box | None:
    """Return the box about all targets that are seen; None where none is."""
    boxes = [track.result.box for track in tracks if track.result.ok]
    if not boxes:
        return None
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)


def _moved(track: Track, view: Box, size: tuple[int, int]) -> Track:
    """Return the target in the pixels of the new picture."""
    across, down = size[0] / view.width, size[1] / view.height
    box = track.result.box
    moved = Box((box.x - view.x) * across, (box.y - view.y) * down, box.width * across, box.height * down)
    turned = track.result.rotated_box
    if turned is not None:
        x, y = (turned.center_x - view.x) * across, (turned.center_y - view.y) * down
        turned = RotatedBox(x, y, turned.width * across, turned.height * across, turned.angle)
    result = replace(track.result, box=moved, rotated_box=turned, search=None, path=())
    return replace(track, result=result, density=None)


def parse_aspect(text: str) -> float:
    """Read an aspect, `9:16` or `0.5625`.

    Raises:
        ConfigError: it is none, or below 1:20 or above 20:1.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)(?:\s*[:/x]\s*(\d+(?:\.\d+)?))?\s*", text)
    height = float(match[2] or 1) if match else 0.0
    aspect = float(match[1]) / height if match and height else 0.0
    if not 1 / 20 <= aspect <= 20:
        raise ConfigError(f"{text!r} is no aspect: write WIDTH:HEIGHT, such as 9:16 or 1:1, from 1:20 to 20:1")
    return aspect


def parse_size(text: str) -> tuple[int, int]:
    """Read the size of a picture, `1080x1920`.

    Raises:
        ConfigError: it is none, or out of range.
    """
    match = re.fullmatch(r"\s*(\d+)\s*[xX]\s*(\d+)\s*", text)
    sides = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(_SMALLEST <= side <= _LARGEST and side % 2 == 0 for side in sides):
        raise ConfigError(
            f"{text!r} is no size of a video: write WIDTHxHEIGHT, even numbers from {_SMALLEST} to {_LARGEST}"
        )
    return sides
