"""The tracker that programs embed, and its one sentence.

    predict → crop the search region → cue: density map → mean shift: mode → scale → evidence → state → learn, if sure

`Tracker.update` is that sentence for one target; `MultiTracker` says it for several, which avoid each other between
its two halves: `SingleTarget.observe` finds and decides nothing, `SingleTarget.commit` decides and learns.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.cues.base import NO_DISTRACTORS, NO_EVIDENCE, ColoredCue, Distractors, Response
from tracker.cues.registry import load_cue
from tracker.cues.target_model import TargetModel
from tracker.density import DensityMap
from tracker.errors import NotInitialisedError
from tracker.geometry import Box, RotatedBox
from tracker.image import Image, as_image, range_of
from tracker.tracking.admission import NO_TARGET, FrameSequence, first_box
from tracker.tracking.confidence import confidence_of
from tracker.tracking.configured import Configured
from tracker.tracking.hypothesis import Appearance, Hypothesis
from tracker.tracking.localization import Localization, ModeSeeker, Place, SearchRegion
from tracker.tracking.observation import Observation, Sighting
from tracker.tracking.redetection import Redetector, Scan
from tracker.tracking.rest import UsualLook
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.scale import UNCHANGED, ScaleChange
from tracker.tracking.scale_registry import load_scale_estimator
from tracker.tracking.scene import FrameDescriptor
from tracker.tracking.states import PresenceStates

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig


class SingleTarget:
    """One target: everything that is remembered of it, in plain values, and its step from a frame to the next.

    Attributes:
        first: the result of the first frame.
    """

    def __init__(self, config: TrackerConfig, image: Image, box: Box, model: TargetModel | None = None) -> None:
        """Learn the target at `box` of its first frame; colors from `model`, where one is given.

        Raises:
            TargetError: there is nothing to learn, or the model is over other colors.
        """
        self._config = config
        self._first_box = box
        self._region = SearchRegion(box, config.search)
        self._redetector = Redetector(config.redetection)
        scale = load_scale_estimator(config.size.method)(config.size)
        appearance = Appearance(load_cue(config.cue)(config, model), scale)
        patch = self._region.crop(image, box)
        target = patch.geometry.box_to_patch(box)
        appearance.cue.init(patch, target)
        response = appearance.cue.respond(patch)
        appearance.scale.init(response, target)
        self._seeker = ModeSeeker(self._region, response.cell, config)
        self._states = PresenceStates(config, image, Hypothesis(appearance, box), response)
        self._density = response.density, patch.geometry, response.cell
        self.first = TrackResult(box, TrackState.TRACKING, 1.0)

    @property
    def box(self) -> Box:
        """Where the target is, after the last frame."""
        return self._states.box

    @property
    def density(self) -> DensityMap:
        """The density that was climbed in the last frame."""
        values, geometry, cell = self._density
        return DensityMap(values, geometry.coarser(cell))

    @property
    def state(self) -> TrackState:
        """The state after the last frame."""
        return self._states.state

    @property
    def is_sought(self) -> bool:
        """Whether the target is looked for in the whole of the next frame."""
        return self._states.seeks

    @property
    def model(self) -> TargetModel:
        """The target's color model; while LOST, of before it was."""
        states = self._states
        known = states.known if states.state is TrackState.LOST else states.followed or states.known
        return known.appearance.cue.model

    def predict(self) -> Box:
        """Return where the target is expected in the next frame: where what is followed was in the last one."""
        return self._states.predicted or self._states.box

    def reach(self, box: Box) -> Box:
        """Return the part of the frame in which a target expected at `box` is looked for."""
        return self._region.around(box).box

    def confidence(self, seen: Observation) -> float:
        """Return how sure it is that the target was found, in [0, 1], by what is there alone."""
        return seen.shown.confidence

    def observe(
        self,
        image: Image,
        box: Box,
        distractors: Distractors = NO_DISTRACTORS,
        elapsed: int = 1,
        frame: FrameDescriptor | None = None,
    ) -> Observation:
        """Find what is followed about `box` and, in a doubt, what was known before it; nothing is decided or learned.

        After more than one of the usual frame intervals a wider region is searched. `frame` tells of the image.
        """
        states, followed, rests = self._states, None, False
        frame = states.judge.frame = frame or FrameDescriptor(image)
        scene = states.scenes.compare(frame)
        if states.followed is not None and states.predicted is not None:
            usual = states.rest.usual if elapsed < self._config.doubt.gap else None
            followed = self.localize(image, box, states.followed.appearance, distractors, usual=usual)
            followed = self._search_wider(image, followed, states.followed.appearance, distractors, elapsed)
            rests = states.may_rest(followed, elapsed)
        sighting = self.redetect(image, Distractors(distractors.everywhere)) if states.seeks else None
        return Observation(scene, followed, sighting, rests)

    def localize(
        self,
        image: Image,
        box: Box,
        appearance: Appearance,
        distractors: Distractors = NO_DISTRACTORS,
        *,
        looks: int | None = None,
        usual: UsualLook | None = None,
    ) -> Localization:
        """Find a target of this appearance in the search region about `box`.

        A target that turns out to be elsewhere is looked at again in the middle of what the cue attends to, where
        nothing is faded; one of another size in another region, so that `looks` regions are cropped at most. A look
        that goes on from the `usual` one repeats its evidence.
        """
        cue, predicted = appearance.cue, box
        for remaining in reversed(range(looks or self._config.search.looks)):
            patch = self._region.crop(image, box)  # crop the search region
            response = cue.respond(patch, distractors)  # cue: density map
            place = self._seek(cue, response, box)  # mean shift: mode
            if remaining and not place.is_empty and self._is_elsewhere(place, box):
                place = self._seek(cue, self._recentered(cue, image, place, distractors), place.box)
            if place.is_empty:
                return Localization(predicted, place.box, place, UNCHANGED, NO_EVIDENCE)
            growth = math.sqrt(box.area / self._first_box.area)
            zoom = cue.zoom(place.response, place.target)
            change = appearance.scale.measure(place.response, place.target, growth, zoom)  # scale
            resized = self._resized(place.box, change)
            if not remaining or abs(math.log(resized.area / box.area)) / 2 <= self._config.search.resized:
                break
            box = resized
        if usual is not None and cue.mass_tells and usual.goes_on(place):
            return Localization(predicted, resized, place, change, usual.evidence, usual.confidence, repeats=True)
        evidence = cue.evidence(place.response, place.target)  # evidence
        confidence = confidence_of(evidence, self._config.confidence)
        return Localization(predicted, resized, place, change, evidence, confidence)

    def redetect(self, image: Image, distractors: Distractors = NO_DISTRACTORS) -> Sighting:
        """Look for what was known before the doubt, at one more place.

        That is where it has just been seen, where it is expected, or the most promising place of a piece of the frame.
        While LOST a piece takes two frames, so that none costs much: the first proposes places, the next screens them.
        """
        states, known, doubt = self._states, self._states.known, self._states.doubt
        if doubt.seen is not None:
            return Sighting(self.localize(image, doubt.seen, known.appearance, distractors), doubt.expected)
        expected, lost, searched = states.expected(), states.state is TrackState.LOST, False
        proposed = [box for box in doubt.proposed if not distractors.cover(*box.center)]
        if expected is None and not lost:
            proposed, searched = self._propose(image, distractors), True
        if expected is None and proposed:
            best = self._most_promising(image, proposed)
            found = self.localize(image, best[0], known.appearance, distractors, looks=1)
            other = next((box for box in best if not best[0].contains(*box.center)), None)
            return Sighting(found, False, searched, next_best=other)
        place = expected or doubt.next_best or known.box
        found = self.localize(image, place, known.appearance, distractors, looks=1)
        if lost and not proposed:
            proposed, searched = self._propose(image, distractors), True
        return Sighting(found, place is not doubt.next_best, searched, tuple(proposed))

    def _propose(self, image: Image, distractors: Distractors) -> list[Box]:
        """The places of the next piece of the frame that are to be screened."""
        states, doubt = self._states, self._states.doubt
        reach = 1 + self._config.doubt.widening * doubt.frames
        scan = Scan(doubt.turns, states.coasting(), reach, states.judge.gallery.thumbnails)
        return self._redetector.propose(image, states.known.appearance.cue, scan, distractors)

    def search_frame(self, image: Image) -> Observation:
        """Return the best of all that is found in the whole frame, in a frame that does not follow the last one.

        The target is LOST until it is committed to; all places are compared before one of them is claimed.
        """
        states = self._states
        scene = states.jump(FrameDescriptor(image))
        known, thumbnails = states.known, states.judge.gallery.thumbnails
        boxes = [known.box]
        for turn in range(self._redetector.count(image, known.box)):
            scan = Scan(turn, known.box, 1.0, thumbnails)
            proposed = self._redetector.propose(image, known.appearance.cue, scan)
            boxes += self._most_promising(image, proposed)[:1]
        found = [self.localize(image, box, known.appearance) for box in boxes]
        sighting = Sighting(max(found, key=states.judge.score), False, decisive=True)
        return Observation(scene, None, sighting)

    def commit(
        self, seen: Observation, started: float, elapsed: int = 1, seconds: float = 0.04, *, learn: bool = True
    ) -> TrackResult:
        """Decide by what was seen where the target is and how it stands, and learn from it only where that is sure.

        Args:
            seen: what `observe` returned for this frame.
            started: the `time.perf_counter` that the result's `elapsed` counts from.
            elapsed: usual frame intervals since the frame before.
            seconds: the same in seconds.
            learn: False keeps what is known of the target's looks.
        """
        found, states = seen.shown, self._states
        lesson = states.step(seen, elapsed, seconds, learn=learn)  # state
        if lesson is not None:
            lesson.update(found, states.lesson_frames)  # learn, if sure
        states.put_by()
        response, mode, box = found.place.response, found.place.mode, states.box
        self._density = response.density, response.patch.geometry, response.cell
        to_frame, cell = response.patch.geometry.to_frame, response.cell
        turned = None if states.state is TrackState.LOST else found.change.turned
        return TrackResult(
            box,
            states.state,
            states.confidence,
            reason=states.reason(seen),
            rotated_box=None if turned is None else RotatedBox(*box.center, *turned),
            iterations=mode.iterations,
            search=response.patch.geometry.box,
            path=tuple([to_frame(x * cell, y * cell) for x, y in mode.path]),
            elapsed=time.perf_counter() - started,
        )

    def _search_wider(
        self, image: Image, found: Localization, appearance: Appearance, distractors: Distractors, elapsed: int
    ) -> Localization:
        """The better of `found` and of what is found in a wider region, after a gap in time.

        It is as many times as wide and high as usual frame intervals have passed, `search.widening` times at most:
        where the target is doubtful at the prediction (below `tracking_above`), and only for what a LOST target would
        be found by.
        """
        factor, recognized = min(elapsed, self._config.search.widening), self._states.recognized
        if factor <= 1 or recognized(found) >= self._config.confidence.tracking_above:
            return found
        near, region = found.predicted, self._region.around(found.predicted)
        boxes = self._redetector.widened(image, appearance.cue, region, near, distractors, factor)
        others = [self.localize(image, box, appearance, distractors) for box in boxes]
        return max([found, *filter(self._states.is_found, others)], key=recognized)

    def _most_promising(self, image: Image, boxes: Sequence[Box]) -> list[Box]:
        """The boxes that are most like the target, judged at a small part of the cost of localizing there."""
        if not boxes:
            return []
        part = self._config.doubt.screen
        patches = [self._region.close_up(image, box, part) for box in boxes]
        order = self._states.judge.most_promising(patches, patches[0].geometry.box_to_patch(boxes[0]))
        return [boxes[index] for index in order]

    def _seek(self, cue: ColoredCue[Any], response: Response, box: Box) -> Place:
        """Climb to the mode, looking for a target of the size of `box`."""
        mode = self._seeker.seek(response)
        cell, region = response.cell, self._region
        found = Box.around(mode.x * cell, mode.y * cell, region.target_width, region.target_height)
        offset = cue.off_center(response, found) if region.shifts else (0.0, 0.0)
        target, shown = region.shifted(found, offset, response)
        box = Box.around(*response.patch.geometry.to_frame(*shown.center), box.width, box.height)
        return Place(response, mode, target, box)

    def _is_elsewhere(self, place: Place, box: Box) -> bool:
        patch = place.response.patch.geometry
        (x0, y0), (x1, y1) = box.center, place.box.center
        moved = abs(x1 - x0) / patch.step_x + abs(y1 - y0) / patch.step_y
        return moved > self._config.search.look_again * place.response.cell

    def _recentered(self, cue: ColoredCue[Any], image: Image, place: Place, distractors: Distractors) -> Any:
        """The response with the place in its middle; to a new patch where the place is not wholly in this one."""
        patch, target = place.response.patch.geometry, place.target
        if target.x < 0 or target.y < 0 or target.right > patch.width or target.bottom > patch.height:
            return cue.respond(self._region.crop(image, place.box), distractors)
        return cue.recentered(place.response, target, distractors)

    def _resized(self, still: Box, change: ScaleChange) -> Box:
        """The box at its new size, within the limits set."""
        first, low, high = self._first_box, self._config.size.min_scale, self._config.size.max_scale
        width = min(max(still.width * change.across, first.width * low), first.width * high)
        height = min(max(still.height * change.down, first.height * low), first.height * high)
        return Box.around(*still.center, width, height)


class Tracker(Configured):
    """Follows one target through a sequence of frames.

    Trackers share nothing: use one a target and one a thread. A tracker can be pickled and deep-copied at any time,
    and the same frames give the same results.

        tracker = Tracker()
        tracker.init(frame, (x, y, width, height))
        result = tracker.update(next_frame)
    """

    def __init__(self, config: str | Path | TrackerConfig | None = None) -> None:
        """Make a tracker with a preset's name, a path to a YAML file, or settings; None means the default preset.

        Raises:
            ConfigError: unknown preset or key, unreadable file, wrong type or range.
        """
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
        self._target = SingleTarget(self._config, image, first_box(box, image), model)
        self._frames = FrameSequence(image, "call init again", value_range)
        return replace(self._target.first, elapsed=time.perf_counter() - started)

    def __repr__(self) -> str:
        state = "no target yet" if self._target is None else self._target.state.name
        return f"<Tracker: {self._config.cue}, {state}>"

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
            raise NotInitialisedError(NO_TARGET)
        image, elapsed = self._frames.admit(frame, timestamp)
        predicted = self._target.predict()
        seen = self._target.observe(image, predicted, elapsed=elapsed)
        return self._target.commit(seen, started, elapsed, elapsed * self._frames.interval)

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
        """The target's color model, which goes on learning; `model.save(path)` or `model.copied()` keeps it as it is.

        Raises:
            NotInitialisedError: `init` has not been called.
        """
        if self._target is None:
            raise NotInitialisedError(NO_TARGET)
        return self._target.model
