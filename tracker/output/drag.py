"""Choosing a target with the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tracker.geometry import Box
from tracker.output.view import View

SMALLEST = 4.0
"""Frame pixels a side below which a drag is taken for a slip of the hand."""


class Touch(Enum):
    """What the mouse did; where nothing else is said, its left button."""

    PRESS = "press"
    MOVE = "move"
    RELEASE = "release"
    PRESS_RIGHT = "press right"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The mouse at a pixel of the view."""

    touch: Touch
    x: float
    y: float


class Drag:
    """Follows a drag from its press to its release, in any direction."""

    def __init__(self) -> None:
        self._from: tuple[float, float] | None = None
        self._to: tuple[float, float] | None = None

    @property
    def active(self) -> bool:
        """Whether the button is down."""
        return self._from is not None

    def outline(self, view: View) -> Box | None:
        """Return the box dragged so far, in frame pixels; None where there is none."""
        if self._from is None or self._to is None:
            return None
        return view.box_between(self._from, self._to)

    def feed(self, pointer: Pointer, view: View) -> Box | None:
        """Take what the mouse did; return the box once it is released, None before, and for a box that is too small."""
        point = pointer.x, pointer.y
        if pointer.touch is Touch.PRESS:
            self._from = self._to = point
            return None
        if self._from is None or pointer.touch is Touch.PRESS_RIGHT:
            return None
        self._to = point
        if pointer.touch is Touch.MOVE:
            return None
        box = self.outline(view)
        self.cancel()
        return box if box is not None and min(box.width, box.height) >= SMALLEST else None

    def cancel(self) -> None:
        """Forget the drag under way."""
        self._from = self._to = None
