"""When a frame of a recording is due in a window."""

from __future__ import annotations

import pytest

from tracker.errors import ConfigError
from tracker.video.clock import FASTEST, SLOWEST, Clock


def test_frames_are_due_by_their_timestamps() -> None:
    clock = Clock()
    assert clock.wait(10.0, 100.0) == 0.0
    assert clock.wait(10.5, 100.1) == pytest.approx(0.4)
    assert clock.wait(10.5, 100.6) == 0.0


@pytest.mark.parametrize(("speed", "wait"), [(0.5, 2.0), (2.0, 0.5), (0.0, 0.0)])
def test_speed_stretches_time(speed: float, wait: float) -> None:
    clock = Clock(speed)
    clock.wait(0.0, 0.0)
    assert clock.wait(1.0, 0.0) == pytest.approx(wait)


def test_a_long_delay_is_not_caught_up_with() -> None:
    clock = Clock()
    clock.wait(0.0, 0.0)
    assert clock.wait(0.04, 5.0) == 0.0
    assert clock.wait(0.08, 5.0) == pytest.approx(0.04)


def test_a_pause_does_not_count() -> None:
    clock = Clock()
    clock.wait(0.0, 0.0)
    clock.restart()
    assert clock.wait(1.0, 60.0) == 0.0
    assert clock.wait(1.5, 60.0) == pytest.approx(0.5)


def test_speed_doubles_and_halves_within_bounds() -> None:
    clock = Clock()
    clock.faster()
    assert clock.speed == 2.0
    for _ in range(20):
        clock.faster()
    assert clock.speed == FASTEST
    for _ in range(20):
        clock.slower()
    assert clock.speed == SLOWEST


def test_slower_than_as_fast_as_it_goes_is_paced() -> None:
    clock = Clock(0.0)
    clock.slower()
    assert clock.speed == FASTEST


@pytest.mark.parametrize("speed", [-1.0, float("nan"), float("inf")])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ConfigError, match=r"speed .* is not possible: 1 is the true speed"):
        Clock(speed)
