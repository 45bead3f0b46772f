"""What counts as a picture."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.errors import FrameError
from tracker.value_range import ValueRange

Image: TypeAlias = NDArray[np.uint8]
"""`(H, W, 3) uint8`, channels blue, green, red."""


def as_image(frame: Any, value_range: ValueRange | None = None) -> Image:
    """Return `frame` as an `Image`; the caller's array itself where it already is one, a new array otherwise.

    Args:
        frame: `(H, W)` and `(H, W, 1)` gray, `(H, W, 3)` BGR and `(H, W, 4)` BGRA, of dtype uint8; uint16 too, and with
            a `value_range` any other real type.
        value_range: what becomes black and white in a picture of another type than uint8; None for all of
            uint16.

    Raises:
        FrameError: anything else; the message says what was given and what to do.
    """
    if not isinstance(frame, np.ndarray):
        kind = "None (did the capture fail?)" if frame is None else type(frame).__name__
        raise FrameError(f"a frame is a numpy array (H, W, 3) of uint8; got {kind}")
    if frame.dtype == np.uint8 and frame.ndim == 3 and frame.shape[2] == 3 and frame.size:
        return frame
    return _converted(frame, value_range)


def is_deep(frame: Any) -> bool:
    """Whether `frame` is an array of numbers that need a range to become a picture of 8 bits."""
    return isinstance(frame, np.ndarray) and frame.dtype.kind in "uif" and frame.dtype != np.uint8


def range_of(frame: Any) -> ValueRange | None:
    """Return the range over which a deep first frame and all after it are stretched; None where it needs none."""
    return ValueRange.of([frame]) if is_deep(frame) else None


def _converted(frame: NDArray[Any], value_range: ValueRange | None) -> Image:
    if frame.size == 0:
        raise FrameError(f"the frame is empty (shape {frame.shape}): check the capture")
    if frame.ndim not in (2, 3) or (frame.ndim == 3 and frame.shape[2] not in (1, 3, 4)):
        raise FrameError(f"a frame has shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4); got {frame.shape}")
    if value_range is not None and is_deep(frame):
        frame = value_range.stretch(frame)
    elif frame.dtype == np.uint16:
        frame = ((frame.astype(np.uint32) + 128) // 257).astype(np.uint8)
    elif frame.dtype != np.uint8:
        raise FrameError(f"a frame holds uint8 or uint16; got {frame.dtype}: scale to 0..255 and use astype('uint8')")
    if frame.ndim == 2 or frame.shape[2] == 1:
        return np.repeat(frame.reshape(*frame.shape[:2], 1), 3, axis=2)
    return np.ascontiguousarray(frame[:, :, :3])
