"""The annotated video: what is in it, read back by real decoders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.output.video_reading import boxes_of, levels, read_back, times_of
from tracker.drawing.style import STATE_STYLES
from tracker.errors import OutputError
from tracker.ffmpeg import finishing
from tracker.geometry import Box
from tracker.output.staged import StagedSink
from tracker.output.video_file import RisingTimes, VideoFileSink
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


def test_colors_and_boxes_are_where_they_belong(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.mp4"
    image = np.zeros((241, 321, 3), np.uint8)
    image[:] = (200, 60, 30)
    with VideoFileSink(target, 25) as sink:
        for k in range(3):
            sink.write(Frame(image, k, k / 25), [make_track(Box(100, 120, 80, 60), state=TrackState.TRACKING)])
    decoded = read_back(target)[-1].astype(int)
    np.testing.assert_allclose(decoded[230, 300], (200, 60, 30), atol=8)
    green = np.array(STATE_STYLES[TrackState.TRACKING].color)
    np.testing.assert_allclose(decoded[160, 100], green, atol=60)
    assert (np.abs(decoded[160, 100] - green) < np.abs(decoded[160, 140] - green)).any()


def test_a_hurried_end_leaves_the_index_where_it_is(
    tmp_path: Path, make_frame: MakeFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finishing, "_QUICK", 0)
    target = tmp_path / "out.mp4"
    with StagedSink([], VideoFileSink(target, 25)) as sink:
        sink.write(make_frame(0), [])
        sink.hurry()
    assert "moof" in boxes_of(target)
    assert len(read_back(target)) == 1


def test_every_frame_keeps_its_time(tmp_path: Path, make_frame: MakeFrame) -> None:
    target = tmp_path / "out.mp4"
    times = [10.0, 10.1, 10.5, 10.52, 10.54, 11.0, 75.0]
    with VideoFileSink(target, 10) as sink:
        for k, seconds in enumerate(times):
            sink.write(Frame(make_frame(level=30 * k).image, k, seconds), [])
    np.testing.assert_allclose(times_of(target), [seconds - 10 for seconds in times], atol=1e-3)
    np.testing.assert_allclose(levels(target), [30 * k for k in range(7)], atol=6)


@pytest.mark.parametrize("fps", [5.0, 12.5, 24000 / 1001, 25.0, 59.94])
def test_times_follow_the_sources_own_rate(fps: float) -> None:
    times = RisingTimes(fps)
    assert [times.of(7 + k / fps) for k in range(2000)] == pytest.approx([k / fps for k in range(2000)])


def test_a_clock_that_jumps_takes_one_frame() -> None:
    times = RisingTimes(10)
    shown = [times.of(t) for t in (5.0, 5.1, 5.1, 2.0, 2.1, 1e9, float("nan"), 3.0, 3.1)]
    assert shown == pytest.approx([k / 10 for k in range(9)])


def test_two_frames_never_have_one_time() -> None:
    times = RisingTimes(10)
    assert [times.of(t) for t in (0.0, 1e-9, 2e-9)] == pytest.approx([0, 1e-4, 2e-4])


def test_the_frame_is_not_kept(tmp_path: Path, make_frame: MakeFrame) -> None:
    target = tmp_path / "out.mp4"
    image = np.full((48, 64, 3), 200, np.uint8)
    with VideoFileSink(target, 25) as sink:
        for k in range(4):
            sink.write(Frame(image, k, k / 25), [])
            image[:] = 0  # as a caller may who reads into one array
            if k < 3:
                image[:] = 200
    np.testing.assert_allclose(levels(target), [200] * 4, atol=6)


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf"), 5000.0])
def test_impossible_rates(tmp_path: Path, fps: float) -> None:
    with pytest.raises(OutputError, match=r"give a rate of 0\.01 to 1000"):
        VideoFileSink(tmp_path / "out.mp4", fps)


def test_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"use one of \.mp4, \.m4v, \.mov, \.mkv, \.gif, \.webp"):
        VideoFileSink(tmp_path / "out.wmv", 25)


def test_opening_leaves_an_existing_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"precious")
    with pytest.raises(OutputError, match="exists already"):
        VideoFileSink(target, 25)
    with VideoFileSink(target, 25, overwrite=True):
        assert target.read_bytes() == b"precious"


def test_a_link_stays_a_link(tmp_path: Path, make_frame: MakeFrame) -> None:
    real, link = tmp_path / "real.mp4", tmp_path / "link.mp4"
    link.symlink_to(real)
    with VideoFileSink(link, 25) as sink:
        sink.write(make_frame(), [])
    assert link.is_symlink()
    assert len(read_back(real)) == 1


def test_a_device_that_refuses_is_found_before_the_first_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutputError, match="Read-only file system; choose another place"):
        VideoFileSink(tmp_path / "out.mp4", 25)


def test_a_terminal_is_no_place_for_a_video(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(OutputError, match="terminal"):
        VideoFileSink("-", 25)
