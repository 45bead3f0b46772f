"""Live sources that break, fall silent or never come: made again or given up, and nothing ever hangs."""

from __future__ import annotations

import logging
import math
import re
import threading
import time
from pathlib import Path

import pytest

from tests.video.live_fakes import (
    QUICK,
    DeafFeed,
    HandFeed,
    Open,
    connect_in_turn,
    number_of,
    picture,
    wait_until,
)
from tracker.errors import SourceError
from tracker.video.live import source as live_source
from tracker.video.live.source import LivePolicy, LiveSource, attempt_text
from tracker.video.playback import LivePlayback


def test_a_broken_connection_is_made_again(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    first, second = HandFeed([picture(0), None]), HandFeed([picture(1)])
    source = opened(connect_in_turn(first, second))
    frames = iter(source)
    with caplog.at_level(logging.WARNING):
        numbers = [number_of(next(frames).image)]
        if numbers == [0]:  # else it was replaced already
            numbers.append(number_of(next(frames).image))
    assert numbers[-1] == 1
    wait_until(lambda: source.stats.reconnects == 1)
    assert first.closed
    assert "the fake is gone; connecting again (1 of 3)" in caplog.text


def test_a_silent_connection_is_broken_and_made_again(opened: Open) -> None:
    silent, second = HandFeed([picture(0)]), HandFeed([picture(1)])
    policy = LivePolicy(open_timeout=5.0, read_timeout=0.2, reconnects=3)
    frames = iter(opened(connect_in_turn(silent, second), policy))
    assert number_of(next(frames).image) == 0
    assert number_of(next(frames).image) == 1
    assert silent.closed


def test_a_source_that_does_not_come_back_says_so(opened: Open) -> None:
    source = opened(connect_in_turn(HandFeed([picture(0), None])))
    with pytest.raises(SourceError, match=r"nobody there; 3 attempts to get it back failed: check the source"):
        list(source)


def test_without_reconnection_the_first_loss_is_the_end(opened: Open) -> None:
    policy = LivePolicy(reconnects=0)
    source = opened(lambda: HandFeed([picture(0), None]), policy)
    with pytest.raises(SourceError, match=r"^the fake is gone$"):
        list(source)


def test_a_source_that_was_never_there_fails_at_once() -> None:
    with pytest.raises(SourceError, match=r"^nobody there$"):
        LiveSource("fake", connect_in_turn(), QUICK)


def test_no_first_picture_in_time_is_an_error_and_leaves_no_thread() -> None:
    threads = threading.active_count()
    feed = HandFeed()
    with pytest.raises(SourceError, match=r"fake gave no picture within 0\.3 s: check that it is on"):
        LiveSource("fake", lambda: feed, LivePolicy(open_timeout=0.3))
    assert feed.closed
    assert threading.active_count() == threads


def test_a_read_that_cannot_be_interrupted_hangs_nobody(
    opened: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(live_source, "_GRACE", 0.2)
    feed = DeafFeed([picture(0)])
    source = opened(lambda: feed, LivePolicy(read_timeout=0.2))
    frames = iter(source)
    next(frames)
    try:
        with pytest.raises(SourceError, match="fake hangs and cannot be interrupted: unplug it"):
            next(frames)
        source.close()
        assert "hangs in its driver" in caplog.text
    finally:
        feed.release()
    wait_until(lambda: feed.closed)


def test_closing_does_not_wait_for_the_next_attempt(opened: Open) -> None:
    policy = LivePolicy(reconnects=5, first_pause=30.0, longest_pause=30.0)
    source = opened(connect_in_turn(HandFeed([picture(0), None])), policy)
    next(iter(source))
    time.sleep(0.1)
    started = time.perf_counter()
    source.close()
    assert time.perf_counter() - started < 20.0


def test_pauses_double_up_to_a_bound() -> None:
    policy = LivePolicy(first_pause=0.5, longest_pause=3.0)
    assert [policy.pause(attempt) for attempt in (1, 2, 3, 4, 5, 1000)] == [0.0, 0.5, 1.0, 2.0, 3.0, 3.0]


def test_a_thousand_cycles_leave_nothing_behind() -> None:
    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = handles(), threading.active_count()
    for _ in range(1000):
        with LiveSource("fake", lambda: HandFeed([picture(0)]), QUICK) as source:
            next(iter(source))
    assert (handles(), threading.active_count()) == before


def test_a_silent_source_says_since_when_and_which_attempt(opened: Open) -> None:
    first = HandFeed([picture(0)])
    policy = LivePolicy(open_timeout=5.0, read_timeout=60.0, reconnects=20, first_pause=0.01, longest_pause=0.01)
    playback = LivePlayback(opened(connect_in_turn(first), policy))
    source = playback.source
    assert source.poll(5.0) is not None
    wait_until(lambda: playback.outage.startswith("no picture for 1 s"))
    young = source.age
    first.give(None)
    wait_until(lambda: source.signal.attempt > 1)
    assert re.fullmatch(r"no picture for \d+ s, connecting again \(\d+ of 20\)", playback.outage)
    assert source.age > young > 1.0


def test_a_signal_that_is_back_is_no_outage(opened: Open) -> None:
    first, second = HandFeed([picture(0), None]), HandFeed([picture(1)])
    source = opened(connect_in_turn(first, second))
    wait_until(lambda: source.stats.reconnects == 1 and source.stats.received == 2)
    second.give(picture(2))
    wait_until(lambda: source.stats.received == 3)
    assert source.signal.attempt == 0


def test_attempts_come_at_most_two_seconds_apart_for_a_minute_or_for_ever() -> None:
    policy = LivePolicy()
    pauses = [policy.pause(attempt) for attempt in range(1, 31)]
    assert max(pauses) == 2.0
    assert sum(pauses) > 50.0
    assert attempt_text(3, LivePolicy(reconnects=math.inf).reconnects) == "attempt 3"
    assert attempt_text(3, 10) == "3 of 10"


def test_a_silent_connection_is_broken_while_no_frame_is_asked_for(opened: Open) -> None:
    silent, second = HandFeed([picture(0)]), HandFeed([picture(1)])
    source = opened(connect_in_turn(silent, second), LivePolicy(open_timeout=5.0, read_timeout=0.2, reconnects=3))

    def back() -> bool:
        source.watch()
        return source.stats.reconnects == 1

    wait_until(back)
