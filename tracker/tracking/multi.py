"""Several targets in one video: each with its own model and state, none on another's place."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.cues.base import NO_DISTRACTORS, Distractors
from tracker.cues.target_model import TargetModel
from tracker.density import DensityMap
from tracker.errors import BoxError, TargetError, TargetIdError
from tracker.geometry import Box
from tracker.image import Image, as_image, range_of
from tracker.tracking.admission import DEFAULT_INTERVAL, FrameSequence, first_box, visible_part
from tracker.tracking.association import Candidate, reassign
from tracker.tracking.configured import Configured
from tracker.tracking.distractors import Prediction, distractors_of
from tracker.tracking.motion import ConstantVelocity
from tracker.tracking.observation import Observation
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.scene import FrameDescriptor
from tracker.tracking.tracker import SingleTarget

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig

_log = logging.getLogger(__name__)

FAILED = "failed"
"""Reason of a target that could not be looked for."""


class TrackedTarget:
    """A target among others. One that fails is LOST for that frame, and changes nothing for the others.

    Attributes:
        label: its name.
        single: the target itself.
        result: the result of the last frame.
    """

    def __init__(self, single: SingleTarget, config: TrackerConfig, label: str) -> None:
        """Begin where `single` begins."""
        self.label = label
        self.single = single
        self._settings = config.several
        self._elapsed = 1
        self._seconds = DEFAULT_INTERVAL
        self._spent = 0.0
        self._frame: FrameDescriptor | None = None
        self.restart()

    def restart(self) -> None:
        """Go on from where `single` begins: whatever was said of the target before is forgotten."""
        self.result = self.single.first
        self._motion = ConstantVelocity(self._settings.velocity_rate)
        self._distractors = NO_DISTRACTORS

    def predict(self, elapsed: int = 1, interval: float = DEFAULT_INTERVAL) -> Prediction:
        """Return where the target is expected in the next frame, `elapsed` usual intervals after the last one."""
        self._elapsed = elapsed
        self._seconds = elapsed * interval
        lost = self.single.state is TrackState.LOST
        box = self.single.box if lost else self._motion.predict(self.single.box, elapsed)
        return Prediction(box, self.single.reach(box), lost, self.single.is_sought)

    def localize(self, image: Image, distractors: Distractors, frame: FrameDescriptor) -> Observation | None:
        """Localize the target; None where that fails. Without distractors it is as if alone."""
        self._distractors = distractors
        self._frame = frame
        self._spent = 0.0
        return self._attempt(image, distractors.own or self.single.predict(), distractors)

    def localize_at(self, image: Image, box: Box, taken: tuple[Box, ...]) -> Observation | None:
        """See `Claimant.localize_at`."""
        everywhere = self._distractors.everywhere
        return self._attempt(image, box, Distractors(taken, everywhere=(*everywhere, *taken)))

    def confidence(self, found: Observation) -> float:
        """See `Claimant.confidence`."""
        return self.single.confidence(found)

    def commit(self, found: Observation | None) -> TrackResult:
        """Decide by what was found last where the target is; by nothing, that it is LOST."""
        if found is None:
            self.result = TrackResult(self.single.box, TrackState.LOST, 0.0, FAILED, elapsed=self._spent)
            return self.result
        before, overlap, was_sure = self.single.box, self._distractors.overlap, self.result.ok
        started = time.perf_counter() - self._spent
        learn = overlap < self._settings.touching_overlap
        self.result = self.single.commit(found, started, self._elapsed, self._seconds, learn=learn)
        if self.result.state is TrackState.LOST:
            self._motion.stop()
        elif was_sure and self.result.ok and overlap < self._settings.hidden_overlap:
            self._motion.update(before, self.result.box, self._elapsed)
        return self.result

    def search_frame(self, image: Image) -> None:
        """Look for the target in the whole of a frame that does not follow the last one."""
        self._distractors, self._elapsed, self._spent = NO_DISTRACTORS, 1, 0.0
        started = time.perf_counter()
        try:
            found = self.single.search_frame(image)
        except Exception:
            self.commit(None)
            return
        self.result = self.single.commit(found, started, learn=False)
        self._motion = ConstantVelocity(self._settings.velocity_rate)

    def renew(self, config: TrackerConfig, image: Image, box: Box) -> None:
        """Begin anew at `box` of `image`, with the colors learned where the settings ask for their kind.

        Raises:
            TargetError: there is nothing to learn; the target goes on as it was.
        """
        try:
            self.single = SingleTarget(config, image, box, self.single.model)
        except TargetError:  # what was learned is over other colors
            self.single = SingleTarget(config, image, box)
        self._settings = config.several

    def _attempt(self, image: Image, box: Box, distractors: Distractors) -> Observation | None:
        started = time.perf_counter()
        try:
            return self.single.observe(image, box, distractors, self._elapsed, self._frame)
        except Exception:  # whatever it is, the other targets have to go on
            _log.exception("a target could not be looked for in this frame")
            return None
        finally:
            self._spent += time.perf_counter() - started


class MultiTracker(Configured):
    """Follows any number of targets through a sequence of frames.

    A target that is far from the others is followed exactly as `Tracker` does. Two that come near each other leave
    out of their search what the other one is expected to hold, and go on as they went while one hides the other. A
    target that is lost, or fails, never stops the rest. Trackers share nothing, can be pickled and deep-copied at any
    time, and the same calls give the same results.

        tracker = MultiTracker()
        ann = tracker.add(frame, (x, y, width, height))
        results = tracker.update(next_frame)
        results[ann].box
    """

    def __init__(self, config: str | Path | TrackerConfig | None = None) -> None:
        """Make a tracker for any number of targets; `config` is as for `Tracker`, and the same for all of them.

        Raises:
            ConfigError: unknown preset or key, unreadable file, wrong type or range.
        """
        super().__init__(config)
        self._targets: dict[int, TrackedTarget] = {}
        self._next_id = 0
        self._frames: FrameSequence | None = None

    def add(
        self,
        frame: Any,
        box: Iterable[float],
        id: int | None = None,  # noqa: A002 - the word that the formats and the sinks use
        label: str | None = None,
        *,
        model: TargetModel | None = None,
    ) -> int:
        """Start on one more target; it is part of `update` from the next frame on.

        Args:
            frame: picture, see `tracker.image.as_image`; neither changed nor kept.
            box: the target as four numbers x, y, width, height in frame pixels; clipped to the frame.
            id: its number, ≥ 0; None for one above all that there have been, so that none is used twice.
            label: its name.
            model: a target model learned earlier, instead of learning from this box.

        Returns:
            The target's number.

        Raises:
            TargetIdError: the number is taken, or negative.
            FrameError: not a picture, or of another size than the one that the others are followed in.
            BoxError: not four finite numbers, empty, or fewer than 3 x 3 pixels of it in the frame.
            TargetError: target and surroundings are nearly black, or the model is over other colors.
        """
        number = self._next_id if id is None else self._free(id)
        image = self._admitted(frame)
        single = SingleTarget(self._config, image, first_box(box, image), model)
        if not self._targets:
            self._frames = FrameSequence(image, "start anew on frames of this size", range_of(frame))
        self._targets[number] = TrackedTarget(single, self._config, label or "")
        self._next_id = max(self._next_id, number + 1)
        return number

    def reserve(self, below: int) -> None:
        """Give no number below `below` to a target that is added without one."""
        self._next_id = max(self._next_id, below)

    def remove(self, id: int) -> None:  # noqa: A002 - as above
        """Follow a target no longer.

        Raises:
            TargetIdError: there is no such target.
        """
        self._followed(id)
        del self._targets[id]

    def move(self, frame: Any, id: int, box: Iterable[float]) -> None:  # noqa: A002 - as above
        """Go on with a target from `box` of a frame that need not follow the last one, with the colors learned of it.

        Raises:
            TargetIdError: there is no such target.
            FrameError: not a picture, or of another size than the first.
            BoxError: as in `add`; the target goes on as it was.
            TargetError: as in `add`; the target goes on as it was.
        """
        target, image = self._followed(id), self._admitted(frame)
        target.renew(self._config, image, visible_part(box, image))
        target.restart()
        self._resume()

    def search(self, frame: Any) -> dict[int, TrackResult]:
        """Look for every target in the whole of a frame that need not follow the last one, after a jump.

        Returns:
            The results by the targets' numbers; LOST where nothing is surely the target.

        Raises:
            FrameError: not a picture, or of another size than the first.
        """
        image = self._admitted(frame)
        self._resume()
        for target in self._targets.values():
            target.search_frame(image)
        return self.results

    def configure(self, frame: Any, config: TrackerConfig) -> None:
        """Go on with other settings, from each target's place in `frame`.

        The colors learned of a target are kept where the settings ask for the same kind. A target that cannot begin
        anew there, since it is leaving the picture or has become too dark, goes on with the settings it had.

        Raises:
            FrameError: not a picture, or of another size than the first.
        """
        image = self._admitted(frame)
        self._resume()
        self._config = config
        for target in self._targets.values():
            with contextlib.suppress(BoxError, TargetError):
                target.renew(config, image, visible_part(target.single.box, image))

    def update(self, frame: Any, timestamp: float | None = None) -> dict[int, TrackResult]:
        """Find every target in the next frame; without targets there is nothing to find.

        Args:
            frame: picture of the same size as the first; neither changed nor kept.
            timestamp: presentation time in seconds, where the caller has one; must not run backwards. See
                `Tracker.update`.

        Returns:
            The results by the targets' numbers, in the order in which they were added.

        Raises:
            FrameError: not a picture, of another size than the first, or its time is not finite or before the last one.
        """
        if self._frames is None or not self._targets:
            as_image(frame, range_of(frame))
            return {}
        image, elapsed = self._frames.admit(frame, timestamp)
        targets = list(self._targets.values())
        predictions = [target.predict(elapsed, self._frames.interval) for target in targets]
        described = FrameDescriptor(image)  # once for all
        found = [
            target.localize(image, distractors, described)
            for target, distractors in zip(targets, distractors_of(predictions), strict=True)
        ]
        candidates = {
            index: Candidate(target, prediction, each)
            for index, (target, prediction, each) in enumerate(zip(targets, predictions, found, strict=True))
            if each is not None
        }
        indices = list(candidates)
        for place, each in reassign(image, list(candidates.values()), self._config.several.same_place).items():
            found[indices[place]] = each
        return {
            number: target.commit(each) for (number, target), each in zip(self._targets.items(), found, strict=True)
        }

    @property
    def results(self) -> dict[int, TrackResult]:
        """What was last said of each target; for one just added, its first box."""
        return {number: target.result for number, target in self._targets.items()}

    def label(self, id: int) -> str:  # noqa: A002 - as above
        """Return a target's name, "" where it has none.

        Raises:
            TargetIdError: there is no such target.
        """
        return self._followed(id).label

    def density(self, id: int) -> DensityMap:  # noqa: A002 - as above
        """Return the density of a target's last search region with its place in the frame.

        Raises:
            TargetIdError: there is no such target.
        """
        return self._followed(id).single.density

    def model(self, id: int) -> TargetModel:  # noqa: A002 - as above
        """Return a target's color model as it is now.

        Raises:
            TargetIdError: there is no such target.
        """
        return self._followed(id).single.model

    def __repr__(self) -> str:
        states = ", ".join(f"{number}: {result.state.name}" for number, result in self.results.items())
        return f"<MultiTracker: {self._config.cue}, {states or 'no targets'}>"

    def __len__(self) -> int:
        """How many targets are followed."""
        return len(self._targets)

    def __contains__(self, number: int) -> bool:
        """Whether a target of that number is followed."""
        return number in self._targets

    def _admitted(self, frame: Any) -> Image:
        """The frame as a picture, as large as the one that the targets are followed in."""
        if self._frames is not None and self._targets:
            return self._frames.sized(frame)
        return as_image(frame, range_of(frame))

    def _resume(self) -> None:
        """Go on from a frame that need not follow the last one."""
        if self._frames is not None:
            self._frames.resume()

    def _followed(self, number: int) -> TrackedTarget:
        if number not in self._targets:
            known = ", ".join(map(str, self._targets)) or "none"
            raise TargetIdError(f"there is no target {number}: those followed are {known}")
        return self._targets[number]

    def _free(self, number: int) -> int:
        if number < 0:
            raise TargetIdError(f"a target's number is 0 or more; got {number}: leave it out to get a free one")
        if number in self._targets:
            raise TargetIdError(f"target {number} is being followed: remove it first, or leave the number out")
        return number
