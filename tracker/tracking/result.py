"""What the tracker says about one frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.density import DensityMap
from tracker.geometry import Box, RotatedBox


class TrackState(StrEnum):
    """Where a target stands; compares as its value, `state == "tracking"`, and goes into JSON as it is."""

    TRACKING = "tracking"
    """Seen in this frame; the model may learn from it."""
    OCCLUDED = "occluded"
    """Doubtful by what is usual for this target (hidden, changed, left): the box is the best guess, and what was known
    before stays as it was."""
    LOST = "lost"
    """Not seen for a while, or in another scene: the box is the last sure one, the whole frame is searched."""


@dataclass(frozen=True, slots=True)
class TrackResult:
    """The outcome of one `update`.

    Attributes:
        box: where the target is, frame pixels; the last known box while lost.
        state: TRACKING, OCCLUDED or LOST.
        confidence: how sure the tracker is that `box` holds the target, in [0, 1]; at least 0.5 while TRACKING only.
        reason: short code of why the state is not TRACKING ("" when it is).
        rotated_box: the target with its angle, about the center of `box`; None where the preset measures none.
        iterations: mean-shift iterations of the look that counts; a frame may take more than one.
        elapsed: seconds spent in `update`.
        search: the part of the frame that was searched, None on the first frame.
        path: centers that mean shift went through in that look, frame pixels, first to last.
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

    def to_dict(self) -> dict[str, Any]:
        """Return what is told of the target as plain values for JSON or a table, by the names of the CSV's columns.

        `cx`, `cy` are the center, of `box` and of the rotated box alike; the other columns of the rotated box are None
        where there is none, and so is every number that is not finite. What was searched, and the path, are left out.
        """
        turned = self.rotated_box
        x, y = (turned.center_x, turned.center_y) if turned else self.box.center
        numbers = {
            "confidence": self.confidence,
            "x": self.box.x,
            "y": self.box.y,
            "w": self.box.width,
            "h": self.box.height,
            "cx": x,
            "cy": y,
            "angle": turned.angle if turned else None,
            "rw": turned.width if turned else None,
            "rh": turned.height if turned else None,
            "iterations": self.iterations,
            "elapsed_ms": 1e3 * self.elapsed,
        }
        told: dict[str, Any] = {"state": self.state.value, "reason": self.reason}
        return {**told, **{key: _plain(value) for key, value in numbers.items()}}

    def __repr__(self) -> str:
        box = ", ".join(f"{value:.1f}" for value in self.box)
        why = f", reason={self.reason!r}" if self.reason else ""
        return f"TrackResult({self.state.name}, box=({box}), confidence={self.confidence:.2f}{why})"


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


def _plain(value: float | None) -> float | None:
    """Return a number as JSON has it; None for what is no number."""
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, int) else float(value)
