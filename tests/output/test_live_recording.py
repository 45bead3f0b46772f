"""A live source as a video: what came, when it came, whatever the consumer does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.output.video_reading import boxes_of, levels, times_of
from tests.video.live_fakes import QUICK, HandFeed, connect_in_turn, wait_until
from tracker.errors import OutputError
from tracker.ffmpeg import finishing
from tracker.image import Image
from tracker.output.live_recording import LiveRecording
from tracker.video.base import Frame
from tracker.video.live.source import LiveSource


def gray(level: int) -> Image:
    return np.full((48, 64, 3), level, np.uint8)


def test_frames_that_are_not_taken_are_recorded_too(tmp_path: Path) -> None:
    target = tmp_path / "raw.mp4"
    feed = HandFeed([gray(0)])
    seen: list[Frame] = []
    with LiveSource("fake", connect_in_turn(feed), QUICK) as source, LiveRecording(target, source) as recording:
        source.listen(seen.append)
        for number in range(1, 8):
            feed.give(gray(30 * number))
        wait_until(lambda: source.stats.received == 8)
    assert source.stats.delivered == 0
    assert recording.left_out == 0
    np.testing.assert_allclose(levels(target), [30 * k for k in range(8)], atol=6)
    came = [frame.timestamp for frame in seen]
    assert [frame.index for frame in seen] == list(range(8))
    # Two frames within 0.1 ms are moved apart.
    np.testing.assert_allclose(times_of(target), [moment - came[0] for moment in came], atol=2e-3)


def test_a_gap_of_any_length_keeps_the_clock_right(tmp_path: Path) -> None:
    target = tmp_path / "raw.mp4"
    feed = HandFeed([gray(0)])
    with LiveSource("fake", connect_in_turn(feed), QUICK) as source, LiveRecording(target, source) as recording:
        recording._take(Frame(gray(100), 1, 40.0))
        recording._take(Frame(gray(200), 2, 4000.0))
        assert recording.seconds == pytest.approx(4000.0, abs=0.1)
    assert times_of(target)[1:] == pytest.approx([40.0, 4000.0], abs=0.1)


def test_a_hurried_end_leaves_the_index_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "_QUICK", 0)
    target = tmp_path / "raw.mp4"
    with (
        LiveSource("fake", connect_in_turn(HandFeed([gray(0)])), QUICK) as source,
        LiveRecording(target, source) as recording,
    ):
        recording.hurry()
    assert "moof" in boxes_of(target)


def test_what_the_encoder_has_no_room_for_is_left_out_and_counted(
    tmp_path: Path, fake_ffmpeg: Callable[[str], None]
) -> None:
    go_on = tmp_path / "go on"
    fake_ffmpeg(f"while ! test -e '{go_on}'; do sleep 0.05; done; cat >/dev/null")
    big = np.zeros((480, 640, 3), np.uint8)
    feed = HandFeed([big])
    with (
        LiveSource("fake", connect_in_turn(feed), QUICK) as source,
        LiveRecording(tmp_path / "raw.mkv", source) as recording,
    ):
        for _ in range(150):
            feed.give(big)
        wait_until(lambda: source.stats.received == 151)
        assert recording.left_out > 30
        go_on.touch()


def test_an_encoder_that_dies_ends_the_run_and_not_the_source(
    tmp_path: Path, fake_ffmpeg: Callable[[str], None]
) -> None:
    fake_ffmpeg("exec <&-; echo 'No space left on device' >&2; exit 1")
    feed = HandFeed([gray(0)])
    with LiveSource("fake", connect_in_turn(feed), QUICK) as source:
        recording = LiveRecording(tmp_path / "raw.mp4", source)

        def broken() -> bool:
            feed.give(gray(9))
            return recording._failure is not None

        wait_until(broken)
        with pytest.raises(OutputError, match="No space left on device"):
            recording.write(Frame(gray(0), 0, 0.0), ())
        recording.close()
        before = source.stats.received
        feed.give(gray(9))
        wait_until(lambda: source.stats.received > before)
