"""The tracker that programs embed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from tracker.config.reader import load_config
from tracker.config.settings import TrackerConfig
from tracker.cues.registry import CUES
from tracker.cues.target_model import TargetModel
from tracker.density import DensityMap
from tracker.errors import BoxError, FrameError, NotInitialisedError
from tracker.geometry import Box
from tracker.image import Image, as_image
from tracker.tracking.confidence import Gate, Recognition, StateMachine, reason_of
from tracker.tracking.distractors import NO_RIVALS, Rivals
from tracker.tracking.localization import Look, Looker
from tracker.tracking.redetection import Redetector
from tracker.tracking.result import TrackResult, TrackState


class Configured:
    """A tracker for which settings are enough to be made."""

    def __init__(self, config: TrackerConfig | None = None) -> None:
        """Make a tracker with these settings; None means the default preset."""
        self._config = load_config(config)

    @classmethod
    def from_config(cls, source: str | Path | TrackerConfig | None = None, overrides: Iterable[str] = ()) -> Self:
        """Make a tracker from a preset's name, a path to a YAML file or settings, changed by `key=value` words.

        Raises:
            ConfigError: unknown preset or key, unreadable file, wrong type or range.
        """
        return cls(load_config(source, overrides))

    @property
    def config(self) -> TrackerConfig:
        """The settings in force, frozen."""
        return self._config


class Pursuit:
    """Follows one target. Holds everything that is remembered of it, in plain values: copies and pickles as it is."""

    def __init__(self, config: TrackerConfig, image: Image, box: Box, model: TargetModel | None) -> None:
        self._config = config
        self._cue = CUES[config.cue](config, model)
        self._looker = Looker(config, self._cue, box)
        self._redetector = Redetector(config.redetection, self._cue, self._looker)
        self._states = StateMachine(config.confidence)
        self._gate = Gate(config.gate)
        look = self._looker.begin(image)
        self._box = box
        self._motion = (0.0, 0.0)
        self._recognition = Recognition(config.recognition, look.evidence)
        self.density = look.density
        self.first = TrackResult(box, TrackState.TRACKING, 1.0)

    def step(self, image: Image, started: float) -> TrackResult:
        """Find the target in the next picture; `started` is the `time.perf_counter` that `elapsed` counts from."""
        return self.settle(self.look(image), started)

    def look(self, image: Image, expected: Box | None = None, rivals: Rivals = NO_RIVALS) -> Look:
        """Look for the target, about its `expected` box where the caller knows better; nothing is decided yet."""
        look = self._looker.look(image, expected or self._predicted(), rivals)
        if self._states.state is TrackState.LOST:
            look = self._wider(image, look, rivals)
        return look

    def settle(self, look: Look, started: float, *, learn: bool = True) -> TrackResult:
        """Decide by `look` where the target is and how it stands; `learn` False keeps what is known of its looks."""
        self.density = look.density
        confidence = self._recognized(look)
        state = self._states.step(confidence)
        self._take(look, state, learn)
        return TrackResult(
            self._box,
            state,
            confidence,
            reason="" if state is TrackState.TRACKING else reason_of(look.evidence, self._config.confidence),
            rotated_box=look.change.rotated if state is not TrackState.LOST else None,
            iterations=look.mode.iterations,
            elapsed=time.perf_counter() - started,
            search=look.view.patch.geometry.box,
            path=look.path,
        )

    def reach(self, box: Box) -> Box:
        """Return the part of the frame in which a target expected at `box` is looked for."""
        return self._looker.reach(box)

    @property
    def state(self) -> TrackState:
        """The state after the last frame."""
        return self._states.state

    @property
    def box(self) -> Box:
        """The box after the last frame."""
        return self._box

    @property
    def model(self) -> TargetModel:
        """The target's color model."""
        return self._cue.model

    def _predicted(self) -> Box:
        """The last box, moved on by the part of its motion that is expected again."""
        velocity = self._config.search.velocity
        box = self._box
        return Box(box.x + velocity * self._motion[0], box.y + velocity * self._motion[1], box.width, box.height)

    def _wider(self, image: Image, near: Look, rivals: Rivals) -> Look:
        """While lost, search another part of the frame as well and take the better look."""
        looks = [near, *self._redetector.search(image, self._box, rivals)]
        return max(looks, key=self._recognized)

    def _recognized(self, look: Look) -> float:
        """The confidence, or none of it for what does not look as the target used to."""
        same = self._recognition.same(look.evidence, lost=self._states.state is TrackState.LOST)
        return look.confidence if same else 0.0

    def _take(self, look: Look, state: TrackState, learn: bool) -> None:
        """Move to what was found; learn only while TRACKING; while LOST keep the last known box."""
        if state is TrackState.LOST:
            self._motion = (0.0, 0.0)
            return
        before, after = self._box.center, look.box.center
        self._motion = (after[0] - before[0], after[1] - before[1])
        admission = self._gate.admit(look.evidence)
        held = state is TrackState.OCCLUDED or not admission.resize
        self._box = Box.around(*look.box.center, self._box.width, self._box.height) if held else look.box
        if state is TrackState.TRACKING:
            self._redetector.restart()
            if learn and admission.learn:
                self._looker.learn(look)
            self._recognition.remember(look.evidence)


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
