"""The mouse: drags of boxes, and of the corners of one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from tracker.drawing.viewer_frame import handles
from tracker.drawing.viewport import Viewport
from tracker.geometry import Box

SMALLEST = 4.0
"""Frame pixels a side below which a drag is taken for a slip of the hand."""


class Touch(Enum):
    """What the mouse did; where nothing else is said, its left button."""

    PRESS = "press"
    MOVE = "move"
    RELEASE = "release"
    PRESS_RIGHT = "press right"
    PRESS_MIDDLE = "press middle"
    RELEASE_MIDDLE = "release middle"
    WHEEL_UP = "wheel up"
    WHEEL_DOWN = "wheel down"


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

    def outline(self, view: Viewport) -> Box | None:
        """Return the box dragged so far, in frame pixels; None where there is none."""
        if self._from is None or self._to is None:
            return None
        return view.box_between(self._from, self._to)

    def feed(self, pointer: Pointer, view: Viewport) -> Box | None:
        """Take what the mouse did; return the box once it is released, None before, and for a box that is too small."""
        point = pointer.x, pointer.y
        if pointer.touch is Touch.PRESS:
            self._from = self._to = point
            return None
        if self._from is None or pointer.touch not in {Touch.MOVE, Touch.RELEASE}:
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


_REACH = 8.0
"""View pixels from a handle within which it is taken."""
_ACROSS = 0.1
"""Share of a box below which a drag from its corner was across it: a new box from corner to corner, not a tiny one."""


class HandleDrag:
    """Moves a box by its center, or resizes it by a corner while the opposite one stays."""

    def __init__(self) -> None:
        """Begin without a box."""
        self._box: Box | None = None
        self._corner = ""
        self._from = self._to = (0.0, 0.0)
        self.box: Box | None = None

    @property
    def active(self) -> bool:
        """Whether a handle is held."""
        return self._box is not None

    def press(self, pointer: Pointer, box: Box, view: Viewport) -> bool:
        """Take the handle of `box`, in frame pixels, that is at the pointer; return whether there is one."""
        points = handles(view.placed(box))
        distances = {name: math.dist(point, (pointer.x + 0.5, pointer.y + 0.5)) for name, point in points.items()}
        nearest = min(distances, key=distances.__getitem__)
        if distances[nearest] > _REACH:
            return False
        # A mirrored view shows the left edge of a box on the right.
        swapped = {"left": "right", "right": "left"} if view.mirrored else {}
        self._corner = " ".join(swapped.get(word, word) for word in nearest.split())
        self._box = self.box = box
        self._from = self._to = pointer.x, pointer.y
        return True

    def move(self, pointer: Pointer, view: Viewport) -> None:
        """Follow the pointer."""
        if self._box is None or (pointer.x, pointer.y) == self._to:
            return
        self._to = pointer.x, pointer.y
        x, y = view.to_frame(pointer.x, pointer.y)
        if self._corner == "center":
            self.box = Box.around(x, y, self._box.width, self._box.height)
            return
        left, top, right, bottom = self._box.xyxy
        fixed_x = right if "left" in self._corner else left
        fixed_y = bottom if "top" in self._corner else top
        self.box = Box(min(x, fixed_x), min(y, fixed_y), abs(x - fixed_x), abs(y - fixed_y))

    def release(self) -> Box | None:
        """Return the box as it is now; None where it was not changed or is too small."""
        before, box = self._box, self.box
        self.cancel()
        if box is None or before is None or box == before or min(box.width, box.height) < SMALLEST:
            return None
        return box

    def redrawn(self, view: Viewport) -> Box | None:
        """Return the box that was dragged from the handle on, where it is that of a drag across the old one."""
        if self._box is None or self.box is None or self.box.area >= _ACROSS * self._box.area:
            return None
        box = view.box_between(self._from, self._to)
        return box if min(box.width, box.height) >= SMALLEST else None

    def cancel(self) -> None:
        """Let go of the handle, as if it had not been taken."""
        self._box = self.box = None
