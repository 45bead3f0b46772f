"""Several targets in one video: each with its own model, state and fate, none on another's place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from tracker.config.settings import TrackerConfig
from tracker.cues.target_model import TargetModel
from tracker.density import DensityMap
from tracker.errors import BoxError, TargetError, TargetIdError
from tracker.geometry import Box
from tracker.image import Image, as_image
from tracker.tracking.association import Claim, settle_disputes
from tracker.tracking.distractors import rivals_of
from tracker.tracking.motion import Member
from tracker.tracking.result import TrackResult
from tracker.tracking.tracker import Configured, Pursuit, check_shape, visible_part

_RESTART = "remove the targets and add them again"


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

    def __init__(self, config: TrackerConfig | None = None) -> None:
        """Make a tracker with these settings for all targets; None means the default preset."""
        super().__init__(config)
        self._members: dict[int, Member] = {}
        self._next_id = 0
        self._frame_shape: tuple[int, ...] = ()

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
            model: a target model learnt earlier, instead of learning from this box.

        Returns:
            The target's number.

        Raises:
            TargetIdError: the number is taken, or negative.
            FrameError: not a picture, or of another size than the one that the others are followed in.
            BoxError: not four finite numbers, empty, or fewer than 3 x 3 pixels of it in the frame.
            TargetError: target and surroundings are nearly black, or the model is over other colours.
        """
        number = self._next_id if id is None else self._free(id)
        image = as_image(frame)
        if self._members:
            check_shape(image, self._frame_shape, restart=_RESTART)
        pursuit = Pursuit(self._config, image, visible_part(box, image), model)
        self._members[number] = Member(pursuit, label or "")
        self._frame_shape = image.shape
        self._next_id = max(self._next_id, number + 1)
        return number

    def remove(self, id: int) -> None:  # noqa: A002 - as above
        """Follow a target no longer.

        Raises:
            TargetIdError: there is no such target.
        """
        self._member(id)
        del self._members[id]

    def move(self, frame: Any, id: int, box: Iterable[float]) -> None:  # noqa: A002 - as above
        """Go on with a target from `box` of a frame that need not follow the last one, with the colors learnt of it.

        Raises:
            TargetIdError: there is no such target.
            FrameError: not a picture, or of another size than the first.
            BoxError: as in `add`; the target goes on as it was.
            TargetError: as in `add`; the target goes on as it was.
        """
        member, image = self._member(id), as_image(frame)
        check_shape(image, self._frame_shape, restart=_RESTART)
        self._members[id] = Member(_renewed(member, self._config, image, visible_part(box, image)), member.label)

    def configure(self, frame: Any, config: TrackerConfig) -> None:
        """Go on with other settings, from each target's place in `frame`.

        The colors learnt of a target are kept where the settings ask for the same kind. A target that cannot begin anew
        there, since it is leaving the picture or has become too dark, goes on with the settings it had.

        Raises:
            FrameError: not a picture, or of another size than the first.
        """
        image = as_image(frame)
        if self._members:
            check_shape(image, self._frame_shape, restart=_RESTART)
        self._config = config
        for member in self._members.values():
            with contextlib.suppress(BoxError, TargetError):
                member.pursuit = _renewed(member, config, image, visible_part(member.pursuit.box, image))

    def update(self, frame: Any, timestamp: float | None = None) -> dict[int, TrackResult]:
        """Find every target in the next frame; without targets there is nothing to find.

        Args:
            frame: picture of the same size as the first; neither changed nor kept.
            timestamp: presentation time in seconds, where the caller has one; must not run backwards.

        Returns:
            The results by the targets' numbers, in the order in which they were added.

        Raises:
            FrameError: not a picture, or of another size than the first.
        """
        image = as_image(frame)
        if not self._members:
            return {}
        check_shape(image, self._frame_shape, restart=_RESTART)
        members = list(self._members.values())
        places = [member.whereabouts() for member in members]
        looks = [member.look(image, rivals) for member, rivals in zip(members, rivals_of(places), strict=True)]
        seen = [index for index, look in enumerate(looks) if look is not None]
        claims = [Claim(members[i], places[i], look) for i in seen if (look := looks[i]) is not None]
        for index, look in settle_disputes(image, claims).items():
            looks[seen[index]] = look
        return {
            number: member.settle(look) for (number, member), look in zip(self._members.items(), looks, strict=True)
        }

    @property
    def results(self) -> dict[int, TrackResult]:
        """What was last said of each target; for one just added, its first box."""
        return {number: member.result for number, member in self._members.items()}

    def label(self, id: int) -> str:  # noqa: A002 - as above
        """Return a target's name, "" where it has none.

        Raises:
            TargetIdError: there is no such target.
        """
        return self._member(id).label

    def density(self, id: int) -> DensityMap:  # noqa: A002 - as above
        """Return the density of a target's last search window with its place in the frame.

        Raises:
            TargetIdError: there is no such target.
        """
        return self._member(id).pursuit.density

    def model(self, id: int) -> TargetModel:  # noqa: A002 - as above
        """Return a target's colour model as it is now.

        Raises:
            TargetIdError: there is no such target.
        """
        return self._member(id).pursuit.model

    def __len__(self) -> int:
        """How many targets are followed."""
        return len(self._members)

    def __contains__(self, number: int) -> bool:
        """Whether a target of that number is followed."""
        return number in self._members

    def _member(self, number: int) -> Member:
        if number not in self._members:
            known = ", ".join(map(str, self._members)) or "none"
            raise TargetIdError(f"there is no target {number}: those followed are {known}")
        return self._members[number]

    def _free(self, number: int) -> int:
        if number < 0:
            raise TargetIdError(f"a target's number is 0 or more; got {number}: leave it out to get a free one")
        if number in self._members:
            raise TargetIdError(f"target {number} is being followed: remove it first, or leave the number out")
        return number


def _renewed(member: Member, config: TrackerConfig, image: Image, box: Box) -> Pursuit:
    try:
        return Pursuit(config, image, box, member.pursuit.model)
    except TargetError:  # what was learnt is over other colors
        return Pursuit(config, image, box, None)
