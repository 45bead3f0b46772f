"""Frames and targets for the sinks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tracker.density import DensityMap
from tracker.geometry import Box, RotatedBox
from tracker.patch import PatchGeometry
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


@pytest.fixture
def make_frame() -> MakeFrame:
    def make(index: int = 0, *, width: int = 64, height: int = 48, fps: float = 25.0, level: int = 90) -> Frame:
        return Frame(np.full((height, width, 3), level, np.uint8), index, index / fps)

    return make


@pytest.fixture
def make_track() -> MakeTrack:
    def make(
        box: Box = Box(10.25, 20.5, 12.0, 8.0),  # noqa: B008 - frozen
        *,
        state: TrackState = TrackState.TRACKING,
        id: int = 0,  # noqa: A002 - the field's name
        label: str = "",
        confidence: float = 0.875,
        reason: str = "",
        rotated: RotatedBox | None = None,
        density: bool = False,
    ) -> Track:
        result = TrackResult(
            box,
            state,
            confidence,
            reason,
            rotated,
            iterations=3,
            elapsed=0.0005,
            search=box.scaled(3),
            path=((box.x, box.y), box.center),
        )
        center_x, center_y = box.center
        values = np.zeros((20, 30), np.float32)
        values[8:12, 12:18] = 1.0
        geometry = PatchGeometry.around(center_x, center_y, max(box.width, 1) / 10, max(box.height, 1) / 7, 30, 20)
        return Track(id, label, result, DensityMap(values, geometry) if density else None)

    return make
