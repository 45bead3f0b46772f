"""The tracker that programs embed, and its one sentence.

    predict → crop the search region → cue: density map → mean shift: mode → scale → evidence → state → learn, if sure

`Tracker.update` is that sentence for one target; `MultiTracker` says it for several, which avoid each other between
its two halves: `SingleTarget.localize` finds and decides nothing, `SingleTarget.commit` decides and learns.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tracker.cues.base import NO_DISTRACTORS, NO_EVIDENCE, ColoredCue, Distractors, Response
from tracker.cues.registry import CUES
from tracker.cues.target_model import TargetModel
from tracker.density import DensityMap
from tracker.errors import NotInitialisedError
from tracker.geometry import Box
from tracker.image import Image, as_image, range_of
from tracker.tracking.admission import FrameSequence, visible_part
from tracker.tracking.confidence import StateMachine, TargetVerifier, UpdatePolicy, confidence_of, reason_of
from tracker.tracking.localization import Localization, ModeSeeker, Place, SearchRegion
from tracker.tracking.redetection import Redetector
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.scale import UNCHANGED, ScaleChange
from tracker.tracking.scale_registry import SCALE_ESTIMATORS

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig


class SingleTarget:
    """One target: everything that is remembered of it, in plain values, and its step from a frame to the next.

    Attributes:
        box: where it is, after the last frame.
        density: the density that was climbed in the last frame.
        first: the result of the first frame.
    """

    def __init__(self, config: TrackerConfig, image: Image, box: Box, model: TargetModel | None = None) -> None:
        """Learn the target at `box` of its first frame; colors from `model`, where one is given.

        Raises:
            TargetError: there is nothing to learn, or the model is over other colors.
        """
        self._config = config
        self._first_box = box
        self._cue: ColoredCue[Any] = CUES[config.cue](config, model)
        self._region = SearchRegion(box, config.search)
        self._scale = SCALE_ESTIMATORS[config.size.method](config.size)
        self._redetector = Redetector(config.redetection)
        self._states = StateMachine(config.confidence)
        self._policy = UpdatePolicy(config.gate)
        patch = self._region.crop(image, box)
        target = patch.geometry.box_to_patch(box)
        self._cue.init(patch, target)
        response = self._cue.respond(patch)
        self._seeker = ModeSeeker(self._region, response.cell, config)
        self._scale.init(response, target)
        self._verifier = TargetVerifier(config.recognition, self._cue.evidence(response, target))
        self.box = box
        self.density = DensityMap(response.density, patch.geometry.coarser(response.cell))
        self.first = TrackResult(box, TrackState.TRACKING, 1.0)

    @property
    def state(self) -> TrackState:
        """The state after the last frame."""
        return self._states.state

    @property
    def model(self) -> TargetModel:
        """The target's color model."""
        return self._cue.model

    def predict(self) -> Box:
        """Return where the target is expected in the next frame: where it was in the last one."""
        return self.box

    def reach(self, box: Box) -> Box:
        """Return the part of the frame in which a target expected at `box` is looked for."""
        return self._region.around(box).box

    def confidence(self, found: Localization) -> float:
        """Return how sure it is that the target was found, in [0, 1], by what is there alone."""
        return confidence_of(found.evidence, self._config.confidence)

    def localize(
        self, image: Image, box: Box, distractors: Distractors = NO_DISTRACTORS, *, looks: int | None = None
    ) -> Localization:
        """Find the target in the search region about `box`; nothing is decided and nothing learned.

        A target that turns out to be elsewhere is looked at again in the middle of what the cue attends to, where
        nothing is faded; one of another size in another region, so that `looks` regions are cropped at most.
        """
        predicted = box
        for remaining in reversed(range(looks or self._config.search.looks)):
            patch = self._region.crop(image, box)  # crop the search region
            response = self._cue.respond(patch, distractors)  # cue: density map
            place = self._seek(response, box)  # mean shift: mode
            if remaining and not place.is_empty and self._is_elsewhere(place, box):
                place = self._seek(self._recentered(image, place, distractors), place.box)
            if place.is_empty:
                return Localization(predicted, place.box, place, UNCHANGED, NO_EVIDENCE)
            growth = math.sqrt(box.area / self._first_box.area)
            change = self._scale.measure(place.response, place.target, growth)  # scale
            resized = self._resized(place.box, change)
            if not remaining or abs(math.log(resized.area / box.area)) / 2 <= self._config.search.resized:
                break
            box = resized
        evidence = self._cue.evidence(place.response, place.target)  # evidence
        return Localization(predicted, resized, place, change, evidence)

    def search_wider(
        self, image: Image, found: Localization, distractors: Distractors = NO_DISTRACTORS, elapsed: int = 1
    ) -> Localization:
        """Return the better of `found` and of what is found elsewhere, while the target is LOST or after a gap in time.

        While it is LOST, a part of the frame is searched. After `elapsed` usual frame intervals, above 1, it is a
        region about the prediction that is as many times as wide and high, `search.widening` times at most: where the
        target is doubtful at the prediction (below `tracking_above`), and only for what a LOST target would be found
        by.
        """
        factor = min(elapsed, self._config.search.widening)
        if self._states.state is TrackState.LOST:
            others = self._redetected(image, distractors)
        elif factor > 1 and self._verified(found) < self._config.confidence.tracking_above:
            others = self._found_wider(image, found.predicted, distractors, factor)
        else:
            return found
        return max([found, *others], key=self._verified)

    def commit(self, found: Localization, started: float, elapsed: int = 1, *, learn: bool = True) -> TrackResult:
        """Decide by what was found where the target is and how it stands, and learn from it only where that is sure.

        Args:
            found: what `localize` returned for this frame.
            started: the `time.perf_counter` that the result's `elapsed` counts from.
            elapsed: usual frame intervals since the frame before.
            learn: False keeps what is known of the target's looks.
        """
        was_lost = self._states.state is TrackState.LOST
        confidence = self._verified(found)
        state = self._states.step(confidence, elapsed)  # state
        if state is not TrackState.LOST:
            decision = self._policy.decide(found.evidence)
            held = state is TrackState.OCCLUDED or not decision.resize
            self.box = Box.around(*found.box.center, self.box.width, self.box.height) if held else found.box
            if state is TrackState.TRACKING:
                if learn and decision.learn:  # learn, if sure
                    self._cue.update(found.place.response, found.place.target)
                    self._scale.update(found.change)
                self._verifier.remember(found.evidence)
                if was_lost:
                    self._redetector.restart()
        self.density = found.density
        return self._result(found, state, confidence, started)

    def _result(self, found: Localization, state: TrackState, confidence: float, started: float) -> TrackResult:
        seen, mode = self.density.geometry, found.place.mode
        sure = state is TrackState.TRACKING
        return TrackResult(
            self.box,
            state,
            confidence,
            reason="" if sure else reason_of(found.evidence, self._config.confidence),
            rotated_box=None if state is TrackState.LOST else found.change.rotated,
            iterations=mode.iterations,
            search=found.place.response.patch.geometry.box,
            path=tuple([(seen.x + x * seen.step_x, seen.y + y * seen.step_y) for x, y in mode.path]),
            elapsed=time.perf_counter() - started,
        )

    def _verified(self, found: Localization) -> float:
        """The confidence, or none of it for what does not look as the target used to."""
        same = self._verifier.same(found.evidence, lost=self._states.state is TrackState.LOST)
        return self.confidence(found) if same else 0.0

    def _redetected(self, image: Image, distractors: Distractors) -> list[Localization]:
        """Localize a LOST target at the places proposed in the next part of the frame.

        The most confident of them is the prediction of one more: the sizes proposed lie far apart.
        """
        boxes = self._redetector.propose(image, self._cue, self.box, distractors)
        found = [self.localize(image, box, distractors, looks=1) for box in boxes]
        if found and self._config.redetection.refine:
            best = max(found, key=self.confidence)
            found.append(self.localize(image, best.box, distractors))
        return found

    def _found_wider(self, image: Image, near: Box, distractors: Distractors, factor: float) -> list[Localization]:
        """Localize the target in a region `factor` times as wide; return what a LOST target would be found by."""
        boxes = self._redetector.widened(image, self._cue, self._region.around(near), near, distractors, factor)
        found = [self.localize(image, box, distractors) for box in boxes]
        bar = self._config.confidence.found_above
        return [
            each for each in found if self.confidence(each) >= bar and self._verifier.same(each.evidence, lost=True)
        ]

    def _seek(self, response: Response, box: Box) -> Place:
        """Climb to the mode, looking for a target of the size of `box`."""
        mode = self._seeker.seek(response)
        cell, region = response.cell, self._region
        found = Box.around(mode.x * cell, mode.y * cell, region.target_width, region.target_height)
        target = shown = found
        taught, moved = self._config.search.teach_shift, self._config.search.box_shift
        if any(taught) or any(moved):
            x, y = self._cue.off_center(response, found)
            target, shown = found.moved(taught[0] * x, taught[1] * y), found.moved(moved[0] * x, moved[1] * y)
        x, y = response.patch.geometry.to_frame(*shown.center)
        return Place(response, mode, target, Box.around(x, y, box.width, box.height))

    def _is_elsewhere(self, place: Place, box: Box) -> bool:
        patch = place.response.patch.geometry
        (x0, y0), (x1, y1) = box.center, place.box.center
        moved = abs(x1 - x0) / patch.step_x + abs(y1 - y0) / patch.step_y
        return moved > self._config.search.look_again * place.response.cell

    def _recentered(self, image: Image, place: Place, distractors: Distractors) -> Any:
        """The response with the place in its middle; to a new patch where the place is not wholly in this one."""
        patch, target = place.response.patch.geometry, place.target
        if target.x < 0 or target.y < 0 or target.right > patch.width or target.bottom > patch.height:
            return self._cue.respond(self._region.crop(image, place.box), distractors)
        return self._cue.recentered(place.response, target, distractors)

    def _resized(self, still: Box, change: ScaleChange) -> Box:
        """The box at its new size, within the limits set."""
        first, low, high = self._first_box, self._config.size.min_scale, self._config.size.max_scale
        width = min(max(still.width * change.across, first.width * low), first.width * high)
        height = min(max(still.height * change.down, first.height * low), first.height * high)
        return Box.around(*still.center, width, height)


class Configured:
    """A tracker for which settings are enough to be made."""

    def __init__(self, config: str | Path | TrackerConfig | None = None) -> None:
        """Make a tracker with a preset's name, a path to a YAML file or settings; None means the default preset."""
        from tracker.config.reader import load_config  # see above

        self._config = load_config(config)

    @classmethod
    def from_config(cls, source: str | Path | TrackerConfig | None = None, overrides: Iterable[str] = ()) -> Self:
        """Make a tracker from a preset's name, a path to a YAML file or settings, changed by `key=value` words.

        Raises:
            ConfigError: unknown preset or key, unreadable file, wrong type or range.
        """
        from tracker.config.reader import load_config

        return cls(load_config(source, overrides))

    @property
    def config(self) -> TrackerConfig:
        """The settings in force, frozen."""
        return self._config


class Tracker(Configured):
    """Follows one target through a sequence of frames.

    Trackers share nothing: use one a target and one a thread. A tracker can be pickled and deep-copied at any time,
    and the same frames give the same results.

        tracker = Tracker()
        tracker.init(frame, (x, y, width, height))
        result = tracker.update(next_frame)
    """

    def __init__(self, config: str | Path | TrackerConfig | None = None) -> None:
        """Make a tracker with a preset's name, a path to a YAML file or settings; None means the default preset."""
        super().__init__(config)
        self._target: SingleTarget | None = None
        self._frames: FrameSequence | None = None

    def init(self, frame: Any, box: Iterable[float], *, model: TargetModel | None = None) -> TrackResult:
        """Start on a target; whatever was followed before is forgotten.

        Args:
            frame: picture, see `tracker.image.as_image`; neither changed nor kept. One of uint16, float or another
                real type is stretched over the range of its values (`ValueRange.of`), and so is every later one.
            box: the target as four numbers x, y, width, height in frame pixels; clipped to the frame.
            model: a target model learned earlier (`TargetModel.load`), instead of learning from this box.

        Returns:
            The result for this frame: the clipped box, TRACKING, confidence 1.

        Raises:
            FrameError: not a picture.
            BoxError: not four finite numbers, empty, or fewer than 3 x 3 pixels of it in the frame.
            TargetError: target and surroundings are nearly black, or the model is over other colors.
        """
        started = time.perf_counter()
        value_range = range_of(frame)
        image = as_image(frame, value_range)
        self._target = SingleTarget(self._config, image, visible_part(box, image), model)
        self._frames = FrameSequence(image, "call init again", value_range)
        return replace(self._target.first, elapsed=time.perf_counter() - started)

    def update(self, frame: Any, timestamp: float | None = None) -> TrackResult:
        """Find the target in the next frame.

        Args:
            frame: picture of the same size as the first; neither changed nor kept.
            timestamp: presentation time in seconds, where the caller has one; must not run backwards. After a gap in
                time the target is searched in a wider region, and a doubtful frame counts for the frames missed. None
                where it is unknown: the frames then count as evenly spaced, and the next time given may be any.

        Raises:
            NotInitialisedError: `init` has not been called.
            FrameError: not a picture, of another size than the first, or its time is not finite or before the last one.
        """
        started = time.perf_counter()
        if self._target is None or self._frames is None:
            raise NotInitialisedError(_NO_TARGET)
        image, elapsed = self._frames.admit(frame, timestamp)
        predicted = self._target.predict()
        found = self._target.localize(image, predicted)
        found = self._target.search_wider(image, found, elapsed=elapsed)
        return self._target.commit(found, started, elapsed)

    @property
    def state(self) -> TrackState | None:
        """The state after the last frame; None before `init`."""
        return None if self._target is None else self._target.state

    @property
    def density(self) -> DensityMap | None:
        """The density of the last frame's search region with its place in the frame; None before `init`."""
        return None if self._target is None else self._target.density

    @property
    def model(self) -> TargetModel:
        """The target's color model as it is now; `model.save(path)` keeps it.

        Raises:
            NotInitialisedError: `init` has not been called.
        """
        if self._target is None:
            raise NotInitialisedError(_NO_TARGET)
        return self._target.model


_NO_TARGET = "no target yet: call init(frame, box) with the first frame before anything else"
