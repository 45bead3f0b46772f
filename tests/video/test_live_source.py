"""The contract of live sources: newest frame, each once, and nothing ever hangs."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import numpy as np
import pytest

from tests.video.live_fakes import (
    HEIGHT,
    QUICK,
    WIDTH,
    HandFeed,
    Open,
    connect_in_turn,
    number_of,
    picture,
    wait_until,
)
from tracker.errors import ConfigError, SourceError
from tracker.image import Image
from tracker.session import Session
from tracker.tracking.result import TrackState
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.span import Span


def test_info_comes_from_the_first_picture(opened: Open) -> None:
    source = opened(lambda: HandFeed([picture(0)]))
    info = source.info
    assert (info.name, info.width, info.height, info.fps) == ("fake", WIDTH, HEIGHT, 30.0)
    assert info.live
    assert info.frame_count is None


def test_the_newest_frame_wins_and_none_comes_twice(opened: Open) -> None:
    feed = HandFeed([picture(0)])
    source = opened(lambda: feed)
    frames = iter(source)
    assert next(frames).index == 0
    for number in range(1, 6):
        feed.give(picture(number))
    wait_until(lambda: source.stats.received == 6)
    frame = next(frames)
    assert (frame.index, number_of(frame.image)) == (5, 5)
    assert source.poll(0.05) is None
    stats = source.stats
    assert (stats.received, stats.delivered, stats.dropped) == (6, 2, 4)
    assert stats.waits >= 1
    assert 0.0 <= stats.age < 5.0


def test_a_consumer_waits_for_a_new_frame(opened: Open) -> None:
    feed = HandFeed([picture(0)])
    frames = iter(opened(lambda: feed))
    next(frames)
    threading.Timer(0.3, feed.give, [picture(1)]).start()
    assert number_of(next(frames).image) == 1


def test_timestamps_are_arrival_times_and_a_gap_shows_in_them(opened: Open) -> None:
    feed = HandFeed([picture(0)])
    source = opened(lambda: feed)
    frames = iter(source)
    times = [next(frames).timestamp]
    for number, pause in enumerate((0.01, 0.01, 0.4, 0.01), start=1):
        time.sleep(pause)
        feed.give(picture(number))
        times.append(next(frames).timestamp)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert times[0] == 0.0
    assert min(gaps) > 0
    assert gaps[2] >= 0.35


def test_waiting_costs_next_to_nothing(opened: Open) -> None:
    source = opened(lambda: HandFeed([picture(0)]))
    next(iter(source))
    before = time.process_time()
    assert source.poll(1.0) is None
    assert time.process_time() - before < 0.3  # a busy loop takes 1.0


def test_stop_ends_a_loop_that_waits(opened: Open) -> None:
    source = opened(lambda: HandFeed([picture(0)]))
    threading.Timer(0.3, source.stop).start()
    assert [frame.index for frame in source] == [0]


def test_close_from_another_thread_ends_a_loop_that_waits(opened: Open) -> None:
    source = opened(lambda: HandFeed([picture(0)]))
    threading.Timer(0.3, source.close).start()
    assert [frame.index for frame in source] == [0]


def test_closing_twice_and_in_the_loop(opened: Open) -> None:
    source = opened(lambda: HandFeed([picture(0), picture(1)]))
    seen = 0
    for _ in source:
        seen += 1
        source.close()
    source.close()
    assert seen == 1
    for ask in (lambda: next(iter(source)), lambda: source.poll(0.1)):
        with pytest.raises(SourceError, match="fake is closed: open it again"):
            ask()


def test_a_changed_size_is_scaled_and_said_once(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    feed = HandFeed([picture(0)])
    source = opened(lambda: feed)
    frames = iter(source)
    next(frames)
    for number in (1, 2):
        feed.give(picture(number, 80, 50))
        assert next(frames).image.shape == (HEIGHT, WIDTH, 3)
    assert caplog.text.count("fake changed its size to 80x50: scaled to 32x24") == 1


def test_start_and_end_are_seconds_or_frames(opened: Open) -> None:
    feed = HandFeed([picture(0)])
    frames = iter(opened(lambda: feed, span=Span(2, 4)))
    seen = []

    def consume() -> None:
        seen.extend(frame.index for frame in frames)

    thread = threading.Thread(target=consume)
    thread.start()
    for number in range(1, 6):
        time.sleep(0.05)
        feed.give(picture(number))
    thread.join(60)
    assert not thread.is_alive()
    assert set(seen) <= {2, 3}


def test_a_stride_is_refused() -> None:
    with pytest.raises(ConfigError, match="no stride: the newest frame always wins"):
        LiveSource("fake", HandFeed, QUICK, Span(stride=2))


@pytest.mark.parametrize(
    "wrong", [{"open_timeout": 0}, {"read_timeout": -1}, {"reconnects": -1}, {"first_pause": float("nan")}]
)
def test_an_impossible_policy_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="is not possible"):
        LivePolicy(**wrong)


def test_two_sources_do_not_disturb_each_other(opened: Open) -> None:
    dead = opened(connect_in_turn(HandFeed([picture(0), None])))
    alive_feed = HandFeed([picture(7)])
    alive = iter(opened(lambda: alive_feed))
    with pytest.raises(SourceError):
        list(dead)
    assert number_of(next(alive).image) == 7
    alive_feed.give(picture(8))
    assert number_of(next(alive).image) == 8


def test_two_sessions_on_two_sources_in_two_threads(opened: Open) -> None:
    class Steady(HandFeed):
        def read(self) -> Image:
            time.sleep(0.005)
            image = np.full((120, 160, 3), 110, np.uint8)
            image[40:60, 50:80] = (30, 30, 220)
            return image

    summaries = []

    def follow(session: Session) -> None:
        for step in session:
            if step.frame.index > 20:
                session.stop()
        summaries.append(session.summary)

    sessions = [Session(opened(Steady), (50, 40, 30, 20)) for _ in range(2)]
    threads = [threading.Thread(target=follow, args=[session]) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(summaries) == 2
    assert all(summary.share(TrackState.TRACKING) == 1.0 for summary in summaries)
