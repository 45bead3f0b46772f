"""What the other targets hold of a frame, and what of it a target may not take for its own."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.cues.base import View
from tracker.geometry import Box


@dataclass(frozen=True, slots=True)
class Rivals:
    """The other targets near one target.

    A target sees none of its density where another one is expected. Where it is expected itself it sees everything,
    rivals or not: so two that overlap both keep the common part, and neither is pushed off its place.

    Attributes:
        boxes: where the others are expected, frame pixels.
        own: where the target itself is expected; None where that is unknown, as while it is lost.
    """

    boxes: tuple[Box, ...] = ()
    own: Box | None = None

    def exclude_from(self, view: View) -> None:
        """Clear what the others hold from the density of `view`."""
        if not self.boxes:
            return
        to_patch = view.patch.geometry.box_to_patch
        view.exclude([to_patch(box) for box in self.boxes], None if self.own is None else to_patch(self.own))


NO_RIVALS = Rivals()
"""A target that is alone."""
