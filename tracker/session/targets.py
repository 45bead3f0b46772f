"""What a session is asked to follow: targets with names, numbers and spans, and what becomes of unusable ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from tracker.errors import BoxError, TargetError
from tracker.geometry import Box
from tracker.region import Region
from tracker.video.base import Frame
from tracker.video.span import Span

_log = logging.getLogger(__name__)

Chooser: TypeAlias = Callable[[Frame], Iterable[float]]
"""Returns the target's box in the first frame: x, y, width, height in its pixels."""

Starter: TypeAlias = Callable[[Frame], Iterable[float] | None]
"""Returns a target's box in a frame, x, y, width, height in its pixels; None where the target is not there yet."""

WHOLE = Span()
"""The span of a target that is followed as long as there are frames."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a session.

    Attributes:
        roi: gives its first box; it is asked in each frame of the span until it does (`Region` is one).
        id: its number in the results, ≥ 0; None for the next free one.
        label: its name, "" for none.
        span: the frames in which it is followed; the stride is that of the source and must be 1.
    """

    roi: Starter
    id: int | None = None
    label: str = ""
    span: Span = WHOLE

    @classmethod
    def at(cls, label: str, roi: Iterable[float], start: int = 0) -> Self:
        """Return the target that is at `roi` (x, y, width, height in pixels) in frame `start`, or the first after it.

        Raises:
            BoxError: the box cannot be used.
        """
        return cls(Region.of(Box.parse(roi)), label=label, span=Span(start) if start else WHOLE)

    def is_due(self, frame: Frame) -> bool:
        """Whether a frame lies in the target's span."""
        return self.span.starts_at(frame.index, frame.timestamp) and not self.is_over(frame)

    def is_over(self, frame: Frame) -> bool:
        """Whether a frame lies after the target's span."""
        return self.span.ends_at(frame.index, frame.timestamp)


def targets_of(targets: Mapping[str, Iterable[float]] | Sequence[Target]) -> Sequence[Target]:
    """Return the targets that are given as boxes in the first frame by name, or as they are.

    Raises:
        BoxError: a box cannot be used.
    """
    return [Target.at(*item) for item in targets.items()] if isinstance(targets, Mapping) else targets


def chooser_of(roi: Iterable[float] | Chooser) -> Chooser:
    """Return what chooses `roi`: itself, or the same box in every frame."""
    return (lambda _: roi) if isinstance(roi, Iterable) else roi


@dataclass(frozen=True, slots=True)
class Refusal:
    """A target that cannot be followed.

    Attributes:
        target: the target.
        frame: 0-based number of the frame in which it was to start.
        error: why it cannot.
    """

    target: Target
    frame: int
    error: BoxError | TargetError


def raise_refusal(refusal: Refusal) -> None:
    """Let one target that cannot be followed end the session.

    Raises:
        BoxError: its box cannot be used.
        TargetError: nothing can be learned from it.
    """
    raise refusal.error


def warn_of_refusal(refusal: Refusal) -> None:
    """Go on with the other targets after a warning in the log."""
    _log.warning("%s is not followed: %s", refusal.target.label or "a target", refusal.error)
