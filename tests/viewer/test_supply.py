"""Where the player's frames come from, what it remembers of them, and choosing a box on one."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from tests.viewer.fakes import PATIENCE, FakeScreen, drag_in_view
from tracker.errors import SelectionCancelled, SourceError
from tracker.geometry import Box
from tracker.session import Step
from tracker.video.base import Frame, FrameSource
from tracker.video.clock import Clock
from tracker.video.live.slot import Feed
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.seekable import Seekable
from tracker.video.sources import open_source
from tracker.viewer.actions import free_name
from tracker.viewer.keys import Command
from tracker.viewer.select import select_box
from tracker.viewer.supply import FileSupply, LiveSupply
from tracker.viewer.timeline import History

IMAGES = [np.full((24, 32, 3), 10 * k, np.uint8) for k in range(20)]


def open_images(start: float | None = None) -> FrameSource:
    return open_source(IMAGES, start=start, fps=10.0)


def seekable() -> Seekable:
    return Seekable(open_images(), open_images)


def test_a_seekable_source_goes_on_from_where_it_was_sent() -> None:
    with seekable() as source:
        frames = iter(source)
        assert [next(frames).index for _ in range(3)] == [0, 1, 2]
        source.seek(1.5)
        assert [frame.index for frame in frames] == [15, 16, 17, 18, 19]
        source.seek(-3.0)
        assert next(iter(source)).index == 0


def test_a_jump_into_nothing_changes_nothing() -> None:
    with seekable() as source:
        frames = iter(source)
        next(frames)
        with pytest.raises(SourceError):
            source.seek(100.0)
        assert next(frames).index == 1


def test_a_closed_seekable_source_says_so() -> None:
    source = seekable()
    source.close()
    with pytest.raises(SourceError, match="is closed"):
        list(source)


def test_file_frames_come_when_they_are_due() -> None:
    supply = FileSupply(seekable(), Clock(1.0))
    first = supply.take()
    assert first is not None
    assert first.index == 0
    assert supply.take() is None
    assert 0.0 < supply.wait() <= 0.1
    time.sleep(0.12)
    second = supply.take()
    assert second is not None
    assert second.index == 1
    stepped = supply.take(at_once=True)
    assert stepped is not None
    assert stepped.index == 2
    supply.source.close()


def test_a_file_ends() -> None:
    supply = FileSupply(seekable(), Clock(0.0))
    while supply.take() is not None:
        assert not supply.ended
    assert supply.ended
    assert supply.seek(0.0).done
    assert not supply.ended
    supply.source.close()


def test_what_is_said_of_a_file() -> None:
    supply = FileSupply(seekable(), Clock())
    assert supply.status() == ""
    assert supply.faster().text == supply.status() == "speed x2"
    for _ in range(3):
        supply.slower()
    assert supply.status() == "speed x1/4"
    assert FileSupply(seekable(), Clock(0.0)).status() == "speed as fast as it goes"


class Steady(Feed):
    """Twenty pictures a second."""

    def read(self) -> np.ndarray:
        time.sleep(0.05)
        return IMAGES[3].copy()

    def close(self) -> None:
        pass


def test_a_live_supply() -> None:
    with LiveSource("cam", Steady, LivePolicy()) as source:
        supply = LiveSupply(source)
        frames = (frame for _ in range(PATIENCE) if (frame := supply.take()) is not None)
        assert next(frames).index < next(frames).index
        assert "age" in supply.status()
        assert "dropped" in supply.status()
        assert not any(outcome.done for outcome in (supply.faster(), supply.slower(), supply.seek(1.0)))
        assert supply.wait() == 0.0


def step(index: int) -> Step:
    return Step(Frame(IMAGES[0], index, index / 10), ())


def test_history_steps_back_and_forth() -> None:
    history = History()
    assert history.current is None
    assert not history.back()
    for index in range(4):
        history.add(step(index))
    assert history.back()
    assert history.back()
    assert history.in_past
    assert history.current is not None
    assert history.current.frame.index == 1
    assert history.forward()
    assert history.current.frame.index == 2
    history.catch_up()
    assert not history.in_past
    assert not history.forward()


def test_history_is_bounded_by_memory_and_keeps_at_least_two() -> None:
    picture = IMAGES[0].nbytes
    for limit, kept in ((10 * picture, 10), (0, 2)):
        history = History(limit)
        for index in range(50):
            history.add(step(index))
        assert sum(history.back() for _ in range(50)) == kept - 1


def test_the_same_frame_again_replaces_what_was_said_of_it() -> None:
    history = History()
    history.add(step(1))
    history.add(step(1))
    assert not history.back()


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
        select_box(Frame(IMAGES[0], 0, 0.0), screen)
    assert screen.closed


def test_a_free_name_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "a-1.png").touch()
    (tmp_path / "a-2.png").touch()
    assert free_name(tmp_path, "a", ".png") == tmp_path / "a-3.png"
