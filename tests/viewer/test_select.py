"""Choosing a box on one frame."""

from __future__ import annotations

import numpy as np
import pytest

from tests.viewer.helpers import FakeScreen, drag_in_view
from tracker.errors import SelectionCancelled
from tracker.geometry import Box
from tracker.video.base import Frame
from tracker.viewer.keys import Command
from tracker.viewer.select import select_box


def test_a_box_is_taken_with_enter() -> None:
    frame = Frame(np.full((240, 320, 3), 90, np.uint8), 0, 0.0)
    screen = FakeScreen(
        Command.ACCEPT,
        *drag_in_view(Box(9, 9, 20, 20), 2),
        *drag_in_view(Box(100, 50, 40, 30), 2),
        None,
        Command.ACCEPT,
    )
    assert tuple(select_box(frame, screen)) == pytest.approx((100.25, 50.25, 40, 30))
    assert screen.closed


@pytest.mark.parametrize("way", [Command.QUIT, Command.CANCEL])
def test_a_selection_can_be_cancelled(way: Command) -> None:
    screen = FakeScreen(*drag_in_view(Box(9, 9, 20, 20), 20), way)
    with pytest.raises(SelectionCancelled, match="no box was chosen: drag one and press Enter"):
        select_box(Frame(np.zeros((24, 32, 3), np.uint8), 0, 0.0), screen)
    assert screen.closed
