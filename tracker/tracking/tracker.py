"""The tracker that programs embed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig
from tracker.cues.target_model import TargetModel
from tracker.errors import NotInitialisedError
from tracker.geometry import Box
from tracker.image import DensityMap, Image, as_image
from tracker.tracking.pursuit import Pursuit
from tracker.tracking.result import TrackResult

MIN_VISIBLE = 3
"""Pixels of the first box, across and down, that must lie in the frame."""


class Tracker:
    """Follows one target through a sequence of frames."""

    def __init__(self, config: TrackerConfig | None = None) -> None:
        self.config = load_config(config)
        self._pursuit: Pursuit | None = None
        self._frame_size = (0, 0)

    @classmethod
    def from_config(cls, source: str | Path | TrackerConfig | None = None, overrides: Iterable[str] = ()) -> Self:
        return cls(load_config(source, overrides))

    def init(self, frame: Any, box: Iterable[float], *, model: TargetModel | None = None) -> TrackResult:
        image = as_image(frame)
        started = time.perf_counter()
        self._pursuit = Pursuit(self.config, image, visible_part(box, image), model)
        self._frame_size = image.shape[:2]
        return replace(self._pursuit.first, elapsed=time.perf_counter() - started)

    def update(self, frame: Any, timestamp: float | None = None) -> TrackResult:
        started = time.perf_counter()
        pursuit = self._running()
        image = as_image(frame)
        result = pursuit.step(image)
        return replace(result, elapsed=time.perf_counter() - started)

    @property
    def density(self) -> DensityMap | None:
        return None if self._pursuit is None else self._pursuit.density

    def _running(self) -> Pursuit:
        if self._pursuit is None:
            raise NotInitialisedError("update() came before init(): call init(frame, box) with the first frame")
        return self._pursuit


def visible_part(box: Iterable[float], image: Image) -> Box:
    asked = Box.parse(box)
    height, width = image.shape[:2]
    visible = asked.clipped(width, height)
    return visible
