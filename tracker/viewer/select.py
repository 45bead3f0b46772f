"""Choosing a box on one picture."""

from __future__ import annotations

from tracker.errors import SelectionCancelled
from tracker.geometry import Box
from tracker.session import Step
from tracker.video.base import Frame
from tracker.viewer.display import PlayerDisplay, Screen
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer

_IDLE = 0.05
_INVITATION = "drag a box; Enter or space takes it, Esc cancels"


def select_box(frame: Frame, screen: Screen) -> Box:
    """Show a frame and return the box that is dragged on it, the last one when Enter or space is pressed.

    Args:
        frame: the picture.
        screen: where it is shown; it will be closed.

    Returns:
        The box in frame pixels.

    Raises:
        SelectionCancelled: the window was closed, or Esc pressed.
    """
    display = PlayerDisplay(screen)
    display.invite(_INVITATION)
    chosen: Box | None = None
    step = Step(frame, ())
    try:
        while True:
            display.show(step, "")
            for event in display.events(_IDLE):
                if isinstance(event, Pointer):
                    box = display.point(event)
                    if box is not None:
                        chosen = box
                        display.mark(box)
                elif event in {Command.ACCEPT, Command.PAUSE} and chosen is not None:
                    return chosen
                elif event in {Command.QUIT, Command.CANCEL}:
                    raise SelectionCancelled("no box was chosen: drag one and press Enter")
    finally:
        display.close()
