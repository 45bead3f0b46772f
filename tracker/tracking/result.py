"""What the tracker says about one frame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tracker.density import DensityMap
from tracker.geometry import Box, RotatedBox


class TrackState(Enum):
    """Where a target stands."""

    TRACKING = "tracking"
    """Seen in this frame; the model may learn from it."""
    OCCLUDED = "occluded"
    """Doubtful in this frame (hidden, changed, left): the box is the best guess, nothing is learned."""
    LOST = "lost"
    """Not seen for a while: the box is the last known one, the search goes wider."""


@dataclass(frozen=True, slots=True)
class TrackResult:
    """The outcome of one `update`.

    Attributes:
        box: where the target is, frame pixels; the last known box while lost.
        state: TRACKING, OCCLUDED or LOST.
        confidence: how sure the tracker is that `box` holds the target, in [0, 1].
        reason: short code of why the state is not TRACKING ("" when it is).
        rotated_box: the target with its angle, where the preset measures one, else None.
        iterations: mean-shift iterations of this frame.
        elapsed: seconds spent in `update`.
        search: the part of the frame that was searched, None on the first frame.
        path: centers that mean shift went through in the frame, first to last.
    """

    box: Box
    state: TrackState
    confidence: float
    reason: str = ""
    rotated_box: RotatedBox | None = None
    iterations: int = 0
    elapsed: float = 0.0
    search: Box | None = None
    path: tuple[tuple[float, float], ...] = ()

    @property
    def ok(self) -> bool:
        """True while the target is TRACKING."""
        return self.state is TrackState.TRACKING


@dataclass(frozen=True, slots=True)
class Track:
    """One target in one frame, as the sinks see it.

    Attributes:
        id: 0-based number of the target, stable for the whole run.
        label: its name, "" where it has none.
        result: what the tracker said.
        density: the density it climbed, None where none was asked for or computed.
    """

    id: int
    label: str
    result: TrackResult
    density: DensityMap | None = None

    @property
    def name(self) -> str:
        """Label and number, for display."""
        return f"{self.label} #{self.id}" if self.label else f"#{self.id}"
