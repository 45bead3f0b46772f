"""Several targets on a live picture, which has no way back."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from tests.viewer.helpers import FakeScreen, drag_in_view, right_click_in_view
from tracker.geometry import Box, iou
from tracker.image import Image
from tracker.session import Session, Step
from tracker.video.live.slot import Feed
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.playback import LivePlayback
from tracker.viewer.keys import Command
from tracker.viewer.player import Player

PAUSE, QUIT = Command.PAUSE, Command.QUIT


class Camera(Feed):
    """Two things that do not move, fifty pictures a second."""

    THINGS = (Box(100, 80, 60, 50), Box(420, 300, 60, 50))

    def __init__(self) -> None:
        self._image = np.full((480, 640, 3), 110, np.uint8)
        for box, color in zip(self.THINGS, ((40, 60, 220), (220, 120, 30)), strict=True):
            x, y, width, height = box.rounded()
            self._image[y : y + height, x : x + width] = color

    def read(self) -> Image:
        time.sleep(0.02)
        return self._image.copy()

    def close(self) -> None:
        pass


def test_targets_come_and_go_on_a_running_live_picture() -> None:
    steps: list[Step] = []
    screen = FakeScreen()

    def shows(*targets: int) -> Callable[[], bool]:
        return lambda: bool(steps) and [track.id for track in steps[-1].tracks] == list(targets)

    first, second = Camera.THINGS
    screen.script += [lambda: len(steps) > 2, *drag_in_view(first, 1), shows(0), *drag_in_view(second, 1), shows(0, 1)]
    screen.script += [right_click_in_view(*first.center, 1), shows(1), QUIT]
    with LiveSource("cam", Camera, LivePolicy()) as source:
        session = Session(source, targets=())
        Player(session, LivePlayback(source), screen, on_step=steps.append).run()
    assert iou(steps[-1].tracks[0].result.box, second) > 0.8


def test_a_target_dragged_on_a_past_live_picture_is_followed_in_the_newest_ones() -> None:
    steps: list[Step] = []
    first = Camera.THINGS[0]
    screen = FakeScreen(lambda: len(steps) > 4, PAUSE, Command.STEP_BACK, Command.STEP_BACK, *drag_in_view(first, 1))
    screen.script += [PAUSE, lambda: bool(steps[-1].tracks), Command.STEP_BACK, None, QUIT]
    with LiveSource("cam", Camera, LivePolicy()) as source:
        player = Player(Session(source, targets=()), LivePlayback(source), screen, on_step=steps.append)
        player.run()
    indices = [step.frame.index for step in steps]
    assert indices == sorted(set(indices))
    assert iou(steps[-1].tracks[0].result.box, first) > 0.8
    looked_at = player._timeline.current
    assert looked_at is not None
    assert looked_at.frame.index < indices[-1]
