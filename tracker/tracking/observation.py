"""What a frame shows of one target, as yet undecided: values that go from looking to deciding."""

from __future__ import annotations

from tracker.geometry import Box
from tracker.tracking.localization import Localization
from tracker.tracking.scene import SceneChange
from tracker.values import value


@value
class Sighting:
    """A look by what was known before the doubt.

    Attributes:
        found: what was found.
        expected: whether the target was expected there, by its motion or by where it was last.
        searched: whether a new piece of the frame was searched for likely places.
        proposed: likely places of a piece of the frame, to be screened in the next one.
        next_best: another place that was promising among those screened.
        decisive: whether it need not be seen again in further frames, since the whole frame was searched.
    """

    found: Localization
    expected: bool
    searched: bool = False
    proposed: tuple[Box, ...] = ()
    next_best: Box | None = None
    decisive: bool = False


@value
class Observation:
    """What a frame shows of a target, as yet undecided and unlearned; one of the two looks at least.

    Attributes:
        scene: what the frame is to the one before.
        followed: what is followed, where it was found.
        sighting: in a doubt, the look of before it.
        rests: whether the target is so sure that the look need not be judged.
    """

    scene: SceneChange
    followed: Localization | None
    sighting: Sighting | None = None
    rests: bool = False

    @property
    def shown(self) -> Localization:
        """The look that the result tells of."""
        if self.followed is not None:
            return self.followed
        assert self.sighting is not None
        return self.sighting.found

    @property
    def box(self) -> Box:
        """Where that was, frame pixels."""
        return self.shown.box
