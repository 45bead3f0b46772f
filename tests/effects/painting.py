"""What the tests of the effects share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tracker.effects import Area
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackResult, TrackState

T, O, L = TrackState.TRACKING, TrackState.OCCLUDED, TrackState.LOST  # noqa: E741 - one letter a frame


def noise(width: int = 160, height: int = 120, seed: int = 3) -> np.ndarray:
    """A picture in which every pixel tells its place."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def sight(box: Box, state: TrackState = T, number: int = 0) -> Track:
    return Track(number, "", TrackResult(box, state, 1.0 if state is T else 0.1))


def covered(areas: Sequence[Area], width: int, height: int) -> np.ndarray:
    """Which pixels of a picture lie in one of the areas."""
    found = np.zeros((height, width), bool)
    for area in areas:
        window = area.window(width, height)
        if window is not None:
            left, top, right, bottom = window
            found[top:bottom, left:right] |= area.mask(window) > 0
    return found


def holds(areas: Sequence[Area], box: Box, width: int, height: int) -> bool:
    """Whether every pixel of `box` that the picture shows lies in one of the areas."""
    left, top, across, down = box.clipped(width, height).rounded()
    return bool(covered(areas, width, height)[top : top + down, left : left + across].all())
