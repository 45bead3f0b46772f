"""What a tracker is given: every picture that will do, every way to use it wrongly, and what counts as a gap."""

import numpy as np
import pytest

from tests.tracking.clip import PRESETS, follow, plain
from tracker import MultiTracker, Tracker
from tracker.errors import BoxError, FrameError, NotInitialisedError, TargetError
from tracker.tracking.admission import FrameSequence


@pytest.mark.parametrize(
    "convert",
    [
        lambda f: np.asfortranarray(f),
        lambda f: f[:, ::-1][:, ::-1],
        lambda f: f.astype(np.uint16) * 257,
        lambda f: np.dstack([f, f[..., :1]]),
    ],
)
def test_any_picture_will_do(clip, convert):
    frames, box = clip
    tracker, plain_tracker = Tracker(), Tracker()
    tracker.init(convert(frames[0]), box)
    plain_tracker.init(frames[0], box)
    assert follow(tracker, [convert(f) for f in frames[1:9]]) == follow(plain_tracker, frames[1:9])


def test_gray_frames(clip):
    frames, box = clip
    tracker = Tracker()
    tracker.init(frames[0].mean(axis=2).astype(np.uint8), box)
    result = tracker.update(frames[1].mean(axis=2).astype(np.uint8))
    assert result.ok


@pytest.mark.parametrize(
    ("box", "message"),
    [
        ((10, 10, 0, 5), "above zero"),
        ((10, 10, 5, -5), "above zero"),
        ((float("nan"), 10, 5, 5), "not finite"),
        ((10, 10, 5), "four numbers"),
        ((500, 10, 50, 50), "outside the 240x180 frame"),
        ((-60, 10, 50, 50), "outside the 240x180 frame"),
        ((238, 10, 50, 50), "2x50 pixels"),
        ((10, 10, 2.5, 40), "2.5x40 pixels"),
    ],
)
def test_boxes_that_cannot_be_followed(clip, box, message):
    with pytest.raises(BoxError, match=message):
        Tracker().init(clip[0][0], box)


def test_a_box_partly_outside_is_clipped(clip):
    result = Tracker().init(clip[0][0], (-20, 150, 60, 60))
    assert list(result.box) == [0, 150, 40, 30]


@pytest.mark.parametrize("start", [lambda: Tracker().init, lambda: MultiTracker().add])
@pytest.mark.parametrize(
    ("box", "share"),
    [((0, 0, 240, 180), 100), ((-500, -500, 9999, 9999), 100), ((4, 4, 232, 172), 92), ((0, 0, 240, 100), 0)],
)
def test_a_box_over_nearly_the_whole_frame_is_warned_of(clip, start, box, share, caplog):
    start()(clip[0][0], box)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == (share > 0)
    assert all(f"the box covers {share} % of the frame" in line and "draw it closely" in line for line in told)


def test_black_frames_teach_nothing():
    with pytest.raises(TargetError, match="nearly black"):
        Tracker().init(np.full((180, 240, 3), 3, np.uint8), (50, 50, 40, 40))


def test_update_before_init(clip):
    with pytest.raises(NotInitialisedError, match="init"):
        Tracker().update(clip[0][0])
    with pytest.raises(NotInitialisedError):
        _ = Tracker().model


@pytest.mark.parametrize("frame", [None, np.zeros((0, 0, 3), np.uint8), np.zeros((180, 240, 3), complex), "frame.png"])
def test_what_is_no_frame(clip, frame):
    frames, box = clip
    tracker = Tracker()
    with pytest.raises(FrameError):
        tracker.init(frame, box)
    tracker.init(frames[0], box)
    with pytest.raises(FrameError):
        tracker.update(frame)
    assert tracker.update(frames[1]).ok, "a bad frame leaves the tracker as it was"


def test_a_frame_of_another_size(clip):
    frames, box = clip
    tracker = Tracker()
    tracker.init(frames[0], box)
    with pytest.raises(FrameError, match="call init again"):
        tracker.update(np.zeros((90, 120, 3), np.uint8))
    assert tracker.update(frames[1]).ok


def test_a_failed_init_keeps_what_was_followed(clip):
    frames, box = clip
    tracker = Tracker()
    tracker.init(frames[0], box)
    with pytest.raises(BoxError):
        tracker.init(frames[0], (900, 900, 5, 5))
    assert tracker.update(frames[1]).ok


@pytest.mark.parametrize("size", [(3, 3), (3, 120), (200, 4), (240, 180)])
@pytest.mark.parametrize("preset", PRESETS)
def test_tiny_thin_and_frame_filling_targets_run(clip, preset, size):
    frames, _ = clip
    tracker = Tracker.from_config(preset)
    tracker.init(frames[0], (20, 20, *size))
    for frame in frames[1:10]:
        result = tracker.update(frame)
        assert np.isfinite(list(result.box)).all()
        assert 0 <= result.confidence <= 1


@pytest.mark.parametrize("preset", PRESETS)
def test_blank_and_noise_frames_are_survived(clip, preset):
    frames, box = clip
    tracker = Tracker.from_config(preset)
    tracker.init(frames[0], box)
    noise = np.random.default_rng(0).integers(0, 256, (30, *frames[0].shape), dtype=np.uint8)
    for frame in [*np.zeros_like(noise[:20]), *noise, *np.full_like(noise[:20], 255)]:
        result = tracker.update(frame)
        assert np.isfinite(list(result.box)).all()
        assert result.box.area < 4 * box.area
    assert not result.ok


FRAME = np.zeros((18, 24, 3), np.uint8)


def intervals(*times):
    frames = FrameSequence(FRAME, restart="call init again")
    return [frames.admit(FRAME, time)[1] for time in times]


def test_evenly_spaced_frames_and_unknown_times_count_one_each():
    assert intervals(*np.arange(0.0, 3.0, 1 / 30)) == [1] * 90
    assert intervals(None, None, None) == [1, 1, 1]
    assert intervals(5.0, 5.0, 5.0) == [1, 1, 1], "a source without times"


def test_jitter_counts_nothing():
    rng = np.random.default_rng(0)
    assert set(intervals(*(np.arange(0.0, 8.0, 0.04) + rng.uniform(-0.006, 0.006, 200)))) == {1}


def test_a_gap_counts_the_usual_intervals_that_passed():
    assert intervals(0.0, 0.04, 0.08, 0.2, 0.24, 1.24) == [1, 1, 1, 3, 1, 25]
    assert intervals(0.0, 1e-310, 1e300) == [1, 1, 10**6], "beyond all measure"


def test_a_gap_at_the_start_does_not_become_usual():
    assert intervals(0.0, 3.0, 3.04, 3.08, 3.12, 3.24) == [1, 1, 1, 1, 1, 3]


def test_another_rate_becomes_usual():
    slower = np.concatenate([np.arange(20) * 0.04, 0.76 + np.arange(1, 21) * 0.12])
    counted = intervals(*slower)
    assert counted[20:25] == [3] * 5
    assert counted[-5:] == [1] * 5


def test_after_an_unknown_time_the_next_may_be_any():
    assert intervals(7.0, 7.04, None, 2.0, 2.04, 2.16) == [1, 1, 1, 1, 1, 3]


@pytest.mark.parametrize(
    ("time", "message"),
    [
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        ("soon", "a number of seconds"),
        ([1, 2], "a number of seconds"),
        (0.9, "before the last frame's 1 s"),
    ],
)
def test_a_time_that_is_none_is_refused_and_changes_nothing(clip, time, message):
    frames, box = clip
    for make, start in ((Tracker, "init"), (MultiTracker, "add")):
        tracker, plain_tracker = make(), make()
        for one in (tracker, plain_tracker):
            getattr(one, start)(frames[0], box)
            one.update(frames[1], 1.0)
        with pytest.raises(FrameError, match=message):
            tracker.update(frames[2], time)
        last, want = (one.update(frames[2], 1.04) for one in (tracker, plain_tracker))
        assert [plain(r) for r in as_list(last)] == [plain(r) for r in as_list(want)]


def as_list(results):
    return list(results.values()) if isinstance(results, dict) else [results]


def test_targets_that_go_on_from_another_frame_may_go_back_in_time(clip):
    frames, box = clip
    tracker = MultiTracker()
    number = tracker.add(frames[0], box)
    tracker.update(frames[1], 9.0)
    tracker.move(frames[0], number, box)
    tracker.update(frames[1], 1.0)
    tracker.configure(frames[0], tracker.config)
    assert tracker.update(frames[1], 0.5)[number].ok
    single = Tracker()
    single.init(frames[0], box)
    single.update(frames[1], 9.0)
    single.init(frames[0], box)
    assert single.update(frames[1], 1.0).ok
