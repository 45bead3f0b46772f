"""A screen without pixels: says what the person does, keeps what they see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.geometry import Box
from tracker.image import Image
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer, Touch

Act = Command | Pointer | Callable[[], bool] | None
"""Something the person does; None lets a moment pass; a question waits until its answer is yes."""

PATIENCE = 3000
"""Moments that a question is waited with."""


class FakeScreen:
    """Plays a script, one act each time the player looks at the events; quits at its end."""

    def __init__(self, *script: Act) -> None:
        self.script = list(script)
        self._waited = 0
        self.shown: list[Image] = []
        self.closed = False
        self.full = False

    def show(self, image: Image) -> None:
        assert not self.closed
        self.shown.append(image)

    def events(self, seconds: float) -> Sequence[Command | Pointer]:
        if not self.script:
            return [Command.QUIT]
        act = self.script[0]
        if callable(act):
            self._waited += 1
            assert self._waited < PATIENCE, "waited in vain"
            if not act():
                return []
        self._waited = 0
        self.script.pop(0)
        return [act] if isinstance(act, Command | Pointer) else []

    def toggle_full_screen(self) -> None:
        self.full = not self.full

    def close(self) -> None:
        self.closed = True


def drag_in_view(box: Box, scale: float) -> list[Pointer]:
    """A drag around `box`, whose numbers are frame pixels, on a view of `scale`."""
    x, y, right, bottom = (v * scale for v in box.xyxy)
    return [
        Pointer(Touch.PRESS, x, y),
        Pointer(Touch.MOVE, (x + right) / 2, (y + bottom) / 2),
        Pointer(Touch.RELEASE, right, bottom),
    ]


def right_click_in_view(x: float, y: float, scale: float) -> Pointer:
    """A right click at a point of the frame, on a view of `scale`."""
    return Pointer(Touch.PRESS_RIGHT, x * scale, y * scale)
