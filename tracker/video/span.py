"""Which frames of a recording are handed out: positions, start, end and stride."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TypeAlias

from tracker.errors import ConfigError

Position: TypeAlias = int | float
"""A place in a recording: an int is a 0-based frame number, a float is seconds from the start."""

TOLERANCE = 5e-4
"""Seconds by which a timestamp may miss a position and still count as there: containers store milliseconds."""

_FRAME = re.compile(r"\d+")
_SECONDS = re.compile(r"(\d+(?:\.\d*)?|\.\d+)s")
_CLOCK = re.compile(r"(?:(\d+):)?([0-5]?\d):([0-5]?\d(?:\.\d*)?)")


def parse_position(text: str) -> Position:
    """Read a position in one of its forms: `100` (frame), `12.5s` (seconds), `01:02.5` or `00:01:02.5` (clock).

    Raises:
        ConfigError: the text is none of these.
    """
    text = text.strip()
    if _FRAME.fullmatch(text):
        return int(text)
    if seconds := _SECONDS.fullmatch(text):
        return float(seconds[1])
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, rest = clock.groups()
        return int(hours or 0) * 3600.0 + int(minutes) * 60.0 + float(rest)
    raise ConfigError(
        f"{text!r} is no position in a video: write a frame number (100), seconds (12.5s) or a clock (00:01:02.5)"
    )


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open stretch [start, end) of a recording and the stride through it.

    Attributes:
        start: first frame wanted; None for the very first.
        end: first frame no longer wanted; None for as far as the recording goes.
        stride: hand out every `stride`-th frame, counted from the first one wanted; ≥ 1.

    Raises:
        ConfigError: a position is negative or not finite, the stride is below 1, or the end is not after the start.
    """

    start: Position | None = None
    end: Position | None = None
    stride: int = 1

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            _check_position(name, getattr(self, name))
        if self.stride < 1:
            raise ConfigError(f"stride {self.stride} is not possible: give a whole number of at least 1")
        first = 0 if self.start is None else self.start
        comparable = self.start is None or isinstance(first, int) == isinstance(self.end, int)
        if self.end is not None and comparable and self.end <= first:
            raise ConfigError(f"start {first} is not before end {self.end}: no frame lies between them")

    def starts_at(self, index: int, timestamp: float) -> bool:
        """Whether the frame is at or after the start."""
        return self.start is None or _reached(self.start, index, timestamp)

    def ends_at(self, index: int, timestamp: float) -> bool:
        """Whether the frame is at or after the end, that is, no longer wanted."""
        return self.end is not None and _reached(self.end, index, timestamp)

    def count(self, total: int | None, fps: float | None) -> int | None:
        """Return how many frames are handed out of `total`; None where that cannot be told.

        Args:
            total: frames in the recording, None where unknown.
            fps: nominal frames per second, for positions in seconds; None where unknown.
        """
        if total is None or (fps is None and (isinstance(self.start, float) or isinstance(self.end, float))):
            return None
        first = 0 if self.start is None else frame_at(self.start, fps or 1.0)
        last = total if self.end is None else min(frame_at(self.end, fps or 1.0), total)
        return max(0, math.ceil((last - first) / self.stride))


def frame_at(position: Position, fps: float) -> int:
    """Return the number of the first frame at or after a position, for a steady rate of `fps`."""
    return position if isinstance(position, int) else math.ceil((position - TOLERANCE) * fps)


def _check_position(name: str, value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{name} {value!r} is no position: give a frame number (int) or seconds (float)")
    if not math.isfinite(value) or value < 0:
        raise ConfigError(f"{name} {value} is not possible: positions count from 0, the first frame")


def _reached(position: Position, index: int, timestamp: float) -> bool:
    return index >= position if isinstance(position, int) else timestamp >= position - TOLERANCE
