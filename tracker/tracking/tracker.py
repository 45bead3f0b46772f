"""The tracker that programs embed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tracker.config.settings import TrackerConfig
from tracker.cues.target_model import TargetModel
from tracker.errors import BoxError, FrameError, NotInitialisedError
from tracker.geometry import Box
from tracker.image import DensityMap, Image, as_image
from tracker.tracking.configured import Configured
from tracker.tracking.pursuit import Pursuit
from tracker.tracking.result import TrackResult, TrackState

MIN_VISIBLE = 3
"""Pixels of the first box, across and down, that must lie in the frame."""


class Tracker(Configured):
    """Follows one target through a sequence of frames.

    Trackers share nothing: use one a target and one a thread. A tracker can be pickled and deep-copied at any time,
    and the same frames give the same results.

        tracker = Tracker()
        tracker.init(frame, (x, y, width, height))
        result = tracker.update(next_frame)
    """

    def __init__(self, config: TrackerConfig | None = None) -> None:
        """Make a tracker with these settings; None means the default preset."""
        super().__init__(config)
        self._pursuit: Pursuit | None = None
        self._frame_shape: tuple[int, ...] = ()

    def init(self, frame: Any, box: Iterable[float], *, model: TargetModel | None = None) -> TrackResult:
        """Start on a target; whatever was followed before is forgotten.

        Args:
            frame: picture, see `tracker.image.as_image`; neither changed nor kept.
            box: the target as four numbers x, y, width, height in frame pixels; clipped to the frame.
            model: a target model learnt earlier (`TargetModel.load`), instead of learning from this box.

        Returns:
            The result for this frame: the clipped box, TRACKING, confidence 1.

        Raises:
            FrameError: not a picture.
            BoxError: not four finite numbers, empty, or fewer than 3 x 3 pixels of it in the frame.
            TargetError: target and surroundings are nearly black, or the model is over other colours.
        """
        started = time.perf_counter()
        image = as_image(frame)
        self._pursuit = Pursuit(self._config, image, visible_part(box, image), model)
        self._frame_shape = image.shape
        return replace(self._pursuit.first, elapsed=time.perf_counter() - started)

    def update(self, frame: Any, timestamp: float | None = None) -> TrackResult:
        """Find the target in the next frame.

        Args:
            frame: picture of the same size as the first; neither changed nor kept.
            timestamp: presentation time in seconds, where the caller has one; must not run backwards.

        Raises:
            NotInitialisedError: `init` has not been called.
            FrameError: not a picture, or of another size than the first.
        """
        started = time.perf_counter()
        pursuit = self._started()
        image = as_image(frame)
        check_shape(image, self._frame_shape)
        return pursuit.step(image, started)

    @property
    def state(self) -> TrackState | None:
        """The state after the last frame; None before `init`."""
        return None if self._pursuit is None else self._pursuit.state

    @property
    def density(self) -> DensityMap | None:
        """The density of the last frame's search window with its place in the frame; None before `init`."""
        return None if self._pursuit is None else self._pursuit.density

    @property
    def model(self) -> TargetModel:
        """The target's colour model as it is now; `model.save(path)` keeps it.

        Raises:
            NotInitialisedError: `init` has not been called.
        """
        return self._started().model

    def _started(self) -> Pursuit:
        if self._pursuit is None:
            raise NotInitialisedError("no target yet: call init(frame, box) with the first frame before anything else")
        return self._pursuit


def check_shape(image: Image, first: tuple[int, ...], *, restart: str = "call init again") -> None:
    """Do nothing where the frame has the shape of the first one; `restart` says how to go on with another one.

    Raises:
        FrameError: it has not.
    """
    if image.shape != first:
        raise FrameError(
            f"the frame is {image.shape[1]}x{image.shape[0]}, the tracker was started on {first[1]}x{first[0]}: "
            f"resize the frame, or {restart}"
        )


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
