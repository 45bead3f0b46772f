"""Choosing a box on one picture."""

from __future__ import annotations

from tracker.errors import SelectionCancelled
from tracker.geometry import Box
from tracker.session import Step
from tracker.video.base import Frame
from tracker.viewer.display import Screen, Stage
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer

_IDLE = 0.05
_INVITATION = "drag a box; Enter or space takes it, Esc cancels"


def select_box(frame: Frame, screen: Screen) -> Box:
    """Let a person drag a box on a frame, as often as they like, and take it with Enter or space.

    Args:
        frame: the picture.
        screen: where it is shown; it will be closed.

    Returns:
        The box in frame pixels.

    Raises:
        SelectionCancelled: the person closed the window, or cancelled.
    """
    stage = Stage(screen)
    stage.invitation = _INVITATION
    chosen: Box | None = None
    step = Step(frame, ())
    try:
        while True:
            stage.show(step, "")
            for event in stage.events(_IDLE):
                if isinstance(event, Pointer):
                    box = stage.point(event)
                    if box is not None:
                        chosen = stage.chosen = box
                elif event in {Command.ACCEPT, Command.PAUSE} and chosen is not None:
                    return chosen
                elif event in {Command.QUIT, Command.CANCEL}:
                    raise SelectionCancelled("no box was chosen: drag one and press Enter")
    finally:
        stage.close()
