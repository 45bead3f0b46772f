"""What a tracker accepts: frames of one size, times in order, and boxes with enough of the target to be seen."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Iterable
from typing import Any

from tracker.errors import BoxError, FrameError
from tracker.geometry import Box
from tracker.image import Image, as_image
from tracker.value_range import ValueRange

_log = logging.getLogger(__name__)

NO_TARGET = "no target yet: call init(frame, box) with the first frame before anything else"

MIN_VISIBLE = 3
"""Pixels of the first box, across and down, that must lie in the frame."""

_WHOLE = 0.9
"""Share of the frame from which on a first box leaves too little around the target to tell it from."""

DEFAULT_INTERVAL = 0.04
"""Seconds from frame to frame where no times are known: 25 frames a second."""

_INTERVALS = 15
"""Number of intervals between frames that the usual one is the median of: half of them may be gaps."""

_LONGEST_GAP = 1e6
"""Usual intervals that one may count as: beyond, a longer gap makes no difference."""


class FrameSequence:
    """The frames that targets are followed through: all as large as the first one, their times in order.

    Time is counted in usual frame intervals, so that nothing depends on a video's rate: the usual interval is the
    (lower) median of the last 15 between frames whose times were given. An interval counts as its ratio to that,
    rounded to a whole number, and as 1 at least: neither the jitter of a camera nor unknown times change anything.
    """

    def __init__(self, first: Image, restart: str, value_range: ValueRange | None = None) -> None:
        """Begin with a frame.

        Args:
            first: the frame as a picture.
            restart: says in messages how to go on with frames of another size.
            value_range: over which it was stretched, and all deep frames after it are; None where it needed none.
        """
        self._shape = first.shape
        self._restart = restart
        self._range = value_range
        self._time: float | None = None
        self._intervals: deque[float] = deque(maxlen=_INTERVALS)

    def admit(self, frame: Any, timestamp: float | None = None) -> tuple[Image, int]:
        """Return the next frame as a picture, and how many usual intervals it comes after the one before, at least 1.

        `timestamp` is in seconds; None where it is unknown, which makes the next interval unknown too.

        Raises:
            FrameError: not a picture, of another size than the first, or its time is not finite or before the last one.
        """
        image = self.sized(frame)
        if timestamp is None:
            self._time = None
            return image, 1
        before, self._time = self._time, self._in_order(timestamp)
        interval = 0.0 if before is None else self._time - before
        usual = self._usual if self._intervals else interval
        if interval > 0.0:
            self._intervals.append(interval)
        return image, max(round(min(interval / usual, _LONGEST_GAP)), 1) if usual > 0.0 else 1

    @property
    def interval(self) -> float:
        """The usual interval in seconds; `DEFAULT_INTERVAL` where no times are known."""
        return self._usual if self._intervals else DEFAULT_INTERVAL

    @property
    def _usual(self) -> float:
        return sorted(self._intervals)[(len(self._intervals) - 1) // 2]

    def sized(self, frame: Any) -> Image:
        """Return a frame as a picture, wherever it is from.

        Raises:
            FrameError: not a picture, or of another size than the first.
        """
        image = as_image(frame, self._range)
        if image.shape != self._shape:
            raise FrameError(
                f"the frame is {image.shape[1]}x{image.shape[0]}, the tracker was started on "
                f"{self._shape[1]}x{self._shape[0]}: resize the frame, or {self._restart}"
            )
        return image

    def resume(self) -> None:
        """Go on from another time: the next one given may be any."""
        self._time = None

    def _in_order(self, timestamp: float) -> float:
        try:
            time = float(timestamp)
        except (TypeError, ValueError) as error:
            raise FrameError(f"a timestamp is a number of seconds or None; got {timestamp!r}") from error
        if not math.isfinite(time):
            raise FrameError(
                f"a timestamp is a finite number of seconds; got {timestamp}: pass None where it is unknown"
            )
        if self._time is not None and time < self._time:
            raise FrameError(
                f"the timestamp {time:g} s is before the last frame's {self._time:g} s: give the frames in order, or "
                "None for the first one after a jump back"
            )
        return time


def first_box(box: Iterable[float], image: Image) -> Box:
    """Return the part of a new target's box that lies in the frame; warn where that is nearly all of the frame.

    Raises:
        BoxError: see `visible_part`.
    """
    visible = visible_part(box, image)
    height, width = image.shape[:2]
    share = visible.area / (width * height)
    if share >= _WHOLE:
        _log.warning(
            "the box covers %.0f %% of the frame, which leaves nothing to tell the target from: draw it closely around "
            "the target",
            100 * share,
        )
    return visible


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
