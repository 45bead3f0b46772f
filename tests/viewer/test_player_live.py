"""Several targets on a live picture, which has no way back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.output.video_reading import boxes_of
from tests.video.live_fakes import HandFeed
from tests.viewer.helpers import FakeScreen, drag_in_view, right_click_in_view
from tracker.ffmpeg import finishing
from tracker.geometry import Box, iou
from tracker.image import Image
from tracker.session import Session, Step
from tracker.tracking.result import TrackState
from tracker.video.base import Frame
from tracker.video.live.slot import Feed
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.playback import LivePlayback
from tracker.viewer.display import PlayerDisplay
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


def test_a_lost_signal_is_seen_and_its_targets_are_lost() -> None:
    image = Camera().read()
    feed = HandFeed([image])
    steps: list[Step] = []
    players: list[Player] = []

    def shows(state: TrackState, warning: str) -> Callable[[], bool]:
        def look() -> bool:
            shown, display = players[0]._timeline.current, players[0]._display
            lost = shown is not None and bool(shown.tracks) and shown.tracks[0].result.state is state
            return lost and display._warning.startswith(warning) and bool(warning) == bool(display._warning)

        return look

    def give() -> bool:
        feed.give(image)
        return True

    screen = FakeScreen(lambda: bool(steps), *drag_in_view(Camera.THINGS[0], 1), give)
    screen.script += [lambda: len(steps) > 1, shows(TrackState.LOST, "no picture for 1 s"), give, give]
    screen.script += [shows(TrackState.TRACKING, ""), QUIT]
    policy = LivePolicy(open_timeout=60.0, read_timeout=60.0)
    with LiveSource("cam", lambda: feed, policy) as source:
        session = Session(source)
        players.append(Player(session, LivePlayback(source), screen, on_step=steps.append))
        players[0].run()
    assert session.summary.state is TrackState.TRACKING


def test_the_rate_falls_while_no_frame_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("tracker.viewer.display.time.perf_counter", lambda: now[0])
    display = PlayerDisplay(FakeScreen())
    for number in range(5):
        now[0] = number / 10
        display.take(Step(Frame(Camera().read(), number, now[0]), ()))
    assert display.fps == pytest.approx(10)
    now[0] += 20
    assert display.fps == pytest.approx(0.05)


@pytest.mark.parametrize("stopped", [True, False])
def test_a_recording_begun_by_a_key_ends_quickly_with_a_run_that_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    monkeypatch.setattr(finishing, "_QUICK", 0)
    steps: list[Step] = []
    screen = FakeScreen(lambda: len(steps) > 1, Command.RECORD, lambda: len(steps) > 8)
    with LiveSource("cam", Camera, LivePolicy()) as source:
        session = Session(source, Camera.THINGS[0])

        def stop() -> bool:
            session.stop()
            return True

        screen.script.append(stop if stopped else QUIT)
        Player(session, LivePlayback(source), screen, folder=tmp_path, on_step=steps.append).run()
    (recording,) = tmp_path.glob("recording*.mp4")
    assert ("moof" in boxes_of(recording)) == stopped
