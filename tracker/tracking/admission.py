"""What a tracker accepts: frames of one size, times in order, and boxes with enough of the target to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.errors import BoxError, FrameError
from tracker.geometry import Box
from tracker.image import Image, as_image

MIN_VISIBLE = 3
"""Pixels of the first box, across and down, that must lie in the frame."""


class FrameSequence:
    """The frames that targets are followed through: all as large as the first one."""

    def __init__(self, first: Image, restart: str) -> None:
        """Begin with a frame; `restart` says in messages how to go on with frames of another size."""
        self._shape = first.shape
        self._restart = restart

    def admit(self, frame: Any) -> Image:
        """Return the next frame as a picture.

        Raises:
            FrameError: not a picture, or of another size than the first.
        """
        image = as_image(frame)
        if image.shape != self._shape:
            raise FrameError(
                f"the frame is {image.shape[1]}x{image.shape[0]}, the tracker was started on "
                f"{self._shape[1]}x{self._shape[0]}: resize the frame, or {self._restart}"
            )
        return image


def visible_part(box: Iterable[float], image: Image) -> Box:
    """Return the part of the first box that lies in the frame.

    Raises:
        BoxError: not four finite numbers, empty, or too little of it in the frame.
    """
    asked = Box.parse(box)
    height, width = image.shape[:2]
    visible = asked.clipped(width, height)
    given = "(" + ", ".join(f"{v:g}" for v in asked) + ")"
    if visible.area == 0.0:
        raise BoxError(f"box {given} lies outside the {width}x{height} frame: x, y, width, height in frame pixels")
    if visible.width < MIN_VISIBLE or visible.height < MIN_VISIBLE:
        raise BoxError(
            f"box {given} shows {visible.width:.3g}x{visible.height:.3g} pixels in the {width}x{height} frame: "
            f"at least {MIN_VISIBLE}x{MIN_VISIBLE} are needed"
        )
    return visible
