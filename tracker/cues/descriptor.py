"""Appearance descriptors of a box, from so few pixels that they can be taken of every frame: color layout, thumbnail.

They are the same for every cue, and know nothing of what a cue has learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.geometry import Box
from tracker.patch import Patch

ColorLayout: TypeAlias = NDArray[np.float32]
"""`(4, 512)`: square roots of the color histograms of a box's quarters, each summing to its part in the frame."""

Thumbnail: TypeAlias = NDArray[np.float32]
"""`(14, 14)`: gray levels of a box and of a margin of one thumbnail pixel around it."""

_LEVELS = 8
"""Levels of a channel."""
_BINS = 4 * _LEVELS**3
"""Bins of a layout."""
_LEAK = 0.08
"""Part of a bin that each neighbor gets, along each channel: a little more light must not move all from bin to bin."""
_SIDE = 14
"""Pixels that the inner box is averaged to, per side: texture would scatter over the bins. Even, for the quarters."""
_INNER = 0.875
"""Part of the box, per side, that is looked at: the edge is often background."""
THUMBNAIL_SIDE = 14
"""Pixels of a thumbnail, per side, with its margin."""

_Flags = NDArray[np.float32]


def color_layout(patch: Patch, target: Box, gain: float = 1.0) -> ColorLayout:
    """Return the colors of the quarters of `target`, patch pixels, as they would be with their light changed by `gain`.

    What lies outside the frame does not count.
    """
    small: Any
    small, across, down = _averaged(patch, target, _INNER, _SIDE)
    if gain != 1.0:
        small = cv2.convertScaleAbs(small, alpha=gain)
    numbers: Any = cv2.transform(cv2.LUT(small, _LEVEL_OF), _STRIDES)
    bins = (numbers + _QUARTERS).astype(np.intp).ravel()
    shown = None if across is None or down is None else np.outer(down, across).ravel()
    counts = np.bincount(bins, shown, minlength=_BINS).astype(np.float32)
    leaked = _TWO_CHANNELS @ (counts.reshape(-1, _LEVELS) @ _CHANNEL).reshape(4, _LEVELS**2, _LEVELS)
    layout: ColorLayout = np.sqrt(leaked.reshape(4, -1) * np.float32(4 / _SIDE**2))
    return layout


def color_layouts(patches: Sequence[Patch], target: Box) -> NDArray[np.float32]:
    """Return the `color_layout` of the same `target` in each of several patches, `(n, 4, 512)`; sooner together."""
    smalls, shown = [], []
    for patch in patches:
        small, across, down = _averaged(patch, target, _INNER, _SIDE)
        smalls.append(small)
        shown.append(None if across is None or down is None else np.outer(down, across))
    stacked: Any = np.concatenate(smalls)
    numbers: Any = cv2.transform(cv2.LUT(stacked, _LEVEL_OF), _STRIDES)
    bins = (numbers.reshape(-1, _SIDE, _SIDE) + _QUARTERS).astype(np.intp)
    bins += np.arange(0, len(patches) * _BINS, _BINS)[:, None, None]
    weights = None
    if any(each is not None for each in shown):
        weights = np.concatenate([(_ALL if each is None else each).ravel() for each in shown])
    counts = np.bincount(bins.ravel(), weights, minlength=len(patches) * _BINS).astype(np.float32)
    leaked = _TWO_CHANNELS @ (counts.reshape(-1, _LEVELS) @ _CHANNEL).reshape(-1, _LEVELS**2, _LEVELS)
    layouts: NDArray[np.float32] = np.sqrt(leaked.reshape(len(patches), 4, -1) * np.float32(4 / _SIDE**2))
    return layouts


def thumbnail(patch: Patch, target: Box) -> Thumbnail:
    """Return a small gray picture of `target`, patch pixels."""
    small, _, _ = _averaged(patch, target, THUMBNAIL_SIDE / (THUMBNAIL_SIDE - 2), THUMBNAIL_SIDE)
    gray: Any = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return np.asarray(gray, np.float32)


def _averaged(patch: Patch, box: Box, part: float, side: int) -> tuple[NDArray[np.uint8], _Flags | None, _Flags | None]:
    """The pixels under `part` of `box`, `side` x `side`; and which columns and rows are in the frame, if not all."""
    rows, columns = patch.image.shape[:2]
    width, height = box.width * part, box.height * part
    x0, y0 = box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2
    left, right = min(max(round(x0), 0), columns - 1), min(max(round(x0 + width), 1), columns)
    top, bottom = min(max(round(y0), 0), rows - 1), min(max(round(y0 + height), 1), rows)
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    small: Any = cv2.resize(patch.image[top:bottom, left:right], (side, side), interpolation=cv2.INTER_AREA)
    first_x, first_y, last_x, last_y = patch.inside
    if left >= first_x and top >= first_y and right <= last_x and bottom <= last_y:
        return small, None, None
    x = left + (np.arange(side, dtype=np.float32) + np.float32(0.5)) * np.float32((right - left) / side)
    y = top + (np.arange(side, dtype=np.float32) + np.float32(0.5)) * np.float32((bottom - top) / side)
    across = ((x >= first_x) & (x < last_x)).astype(np.float32)
    return small, across, ((y >= first_y) & (y < last_y)).astype(np.float32)


def _leak() -> NDArray[np.float32]:
    """What each bin of a channel passes to each, (8, 8), symmetric; nothing passes beyond the ends."""
    neighbors = np.eye(_LEVELS, k=1) + np.eye(_LEVELS, k=-1)
    return (np.diag(1 - _LEAK * neighbors.sum(axis=0)) + _LEAK * neighbors).astype(np.float32)


QUARTER_TURNS = ((0, 1, 2, 3), (1, 3, 0, 2), (3, 2, 1, 0), (2, 0, 3, 1))
"""Which quarters come to stand at top left, top right, bottom left and bottom right, by quarter turns to the left."""

_LEVEL_OF: NDArray[np.float32] = (np.arange(256) * _LEVELS // 256).astype(np.float32)
_STRIDES = np.array([[_LEVELS**2, _LEVELS, 1]], np.float32)
_CHANNEL = _leak()
_TWO_CHANNELS: NDArray[np.float32] = np.kron(_CHANNEL, _CHANNEL)
_SECOND = (np.arange(_SIDE) >= _SIDE // 2).astype(np.float32)
_QUARTERS: NDArray[np.float32] = (np.add.outer(2 * _SECOND, _SECOND) * _LEVELS**3).astype(np.float32)
_ALL = np.ones((_SIDE, _SIDE), np.float32)
