"""Whether a frame may be learnt from. A template that learns an occluder is lost with it."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.config.settings import GateSettings
from tracker.cues.base import Evidence


@dataclass(frozen=True, slots=True)
class Admission:
    """What a frame may change.

    Attributes:
        learn: the target's model.
        resize: the box's size.
    """

    learn: bool
    resize: bool


class Gate:
    """Compares the height and the sharpness of the template's response with what they usually are.

    High and sharp responses come from an undisturbed target (Wang, Liu & Huang 2017, "Large margin object tracking with
    circulant feature maps", section 3.4). The means follow rejected frames as well, only slower: if they waited for
    better frames, the gate would stay shut for good after a lasting change.
    """

    def __init__(self, settings: GateSettings) -> None:
        """Know nothing yet."""
        self._settings = settings
        self._frames = 0
        self._response = 0.0
        self._sharpness = 0.0

    def admit(self, evidence: Evidence) -> Admission:
        """Judge a frame by its `evidence`, and take it into the means."""
        s = self._settings
        quality = min(
            evidence.response / max(s.response_part * self._response, 1e-9),
            evidence.sharpness / max(s.sharpness_part * self._sharpness, 1e-9),
        )
        self._frames += 1
        passed = self._frames < s.settle or quality > 1
        rate = max(1 / self._frames, s.rate) if passed else s.rate / 2
        self._response += rate * (evidence.response - self._response)
        self._sharpness += rate * (evidence.sharpness - self._sharpness)
        whole = evidence.coverage >= s.min_coverage
        return Admission(learn=passed and whole, resize=passed or quality >= s.hold_below)
