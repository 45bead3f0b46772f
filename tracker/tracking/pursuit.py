"""One target from its first box on: what is done with each look, and what is remembered."""

from __future__ import annotations

import time

from tracker.config.settings import TrackerConfig
from tracker.cues.registry import CUES
from tracker.cues.target_model import TargetModel
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.confidence import StateMachine, reason_of
from tracker.tracking.gate import Gate
from tracker.tracking.look import Look, Looker
from tracker.tracking.recognition import Recognition
from tracker.tracking.redetect import Redetector
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.rivals import NO_RIVALS, Rivals


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
