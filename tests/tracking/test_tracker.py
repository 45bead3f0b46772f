"""The embeddable class: its promises."""

import copy
import pickle
import threading

import numpy as np
import pytest

from tests.tracking.clip import PRESETS, follow, plain
from tracker import MultiTracker, Tracker, TrackerConfig, TrackState
from tracker.config.reader import load_config
from tracker.cues.target_model import TargetModel
from tracker.errors import ConfigError, NotInitialisedError, TargetError
from tracker.image import as_image
from tracker.value_range import ValueRange


@pytest.mark.parametrize("preset", PRESETS)
def test_the_same_frames_give_the_same_results(clip, preset):
    frames, box = clip
    runs = []
    for _ in range(2):
        tracker = Tracker.from_config(preset)
        tracker.init(frames[0], box)
        runs.append(follow(tracker, frames[1:]))
    assert runs[0] == runs[1]


@pytest.mark.parametrize("preset", PRESETS)
def test_copies_and_pickles_go_on_as_the_original_in_any_state(clip, preset):
    frames, box = clip
    tracker = Tracker.from_config(preset)
    fresh = pickle.loads(pickle.dumps(tracker))
    with pytest.raises(NotInitialisedError):
        fresh.update(frames[0])
    tracker.init(frames[0], box)
    for cut in range(0, 59, 13):
        twin, wire = copy.deepcopy(tracker), pickle.loads(pickle.dumps(tracker))
        want = follow(tracker, frames[1 + cut : 14 + cut])
        assert follow(twin, frames[1 + cut : 14 + cut]) == want
        assert follow(wire, frames[1 + cut : 14 + cut]) == want


def test_threads_do_not_disturb_each_other(clip):
    frames, box = clip
    want = {}
    for preset in PRESETS:
        tracker = Tracker.from_config(preset)
        tracker.init(frames[0], box)
        want[preset] = follow(tracker, frames[1:])
    got = {}

    def work(name, preset):
        tracker = Tracker.from_config(preset)
        tracker.init(frames[0], box)
        got[name] = (preset, follow(tracker, frames[1:]))

    threads = [threading.Thread(target=work, args=(i, PRESETS[i % 2])) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    for preset, results in got.values():
        assert results == want[preset]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_callers_frame_is_neither_changed_nor_kept(clip, preset):
    frames, box = clip
    tracker = Tracker.from_config(preset)
    kept = [frame.copy() for frame in frames]
    for index, frame in enumerate(frames):
        frame.setflags(write=False)
        if index == 0:
            tracker.init(frame, box)
        else:
            tracker.update(frame)
    assert all((a == b).all() for a, b in zip(frames, kept, strict=True))
    for frame in frames:
        frame.setflags(write=True)
    reused = Tracker.from_config(preset)
    buffer = frames[0].copy()
    reused.init(buffer, box)
    results = []
    for frame in frames[1:]:
        buffer[:] = frame
        results.append(plain(reused.update(buffer)))
        buffer[:] = 0
    again = Tracker.from_config(preset)
    again.init(frames[0], box)
    assert results == follow(again, frames[1:])


def test_init_starts_over(clip):
    frames, box = clip
    tracker = Tracker()
    tracker.init(frames[-1], (10, 10, 50, 40))
    follow(tracker, frames[10:20])
    tracker.init(frames[0], box)
    fresh = Tracker()
    fresh.init(frames[0], box)
    assert follow(tracker, frames[1:]) == follow(fresh, frames[1:])


def test_init_returns_the_result_of_its_frame(clip):
    frames, box = clip
    result = Tracker().init(frames[0], box)
    assert result.ok
    assert result.confidence == 1
    assert list(result.box) == pytest.approx(list(box))
    assert result.reason == ""


def test_a_result_is_complete(clip):
    frames, box = clip
    tracker = Tracker("fast")
    assert tracker.state is None
    assert tracker.density is None
    tracker.init(frames[0], box)
    result = tracker.update(frames[1], timestamp=0.04)
    x, y, w, h = result.box
    assert (x, y, w, h) == tuple(result.box)
    assert result.state is TrackState.TRACKING is tracker.state
    assert 0 <= result.confidence <= 1
    assert result.iterations >= 1
    assert result.elapsed > 0
    assert result.path[-1] == pytest.approx(result.box.center)
    assert result.search.width > result.box.width
    density = tracker.density
    assert density.values.dtype == np.float32
    assert density.geometry.box == result.search


def test_settings_come_from_a_name_a_file_or_a_model(tmp_path):
    (tmp_path / "mine.yaml").write_text("preset: fast\nsize: {method: fixed}\n")
    assert Tracker.from_config(tmp_path / "mine.yaml").config.size.method == "fixed"
    assert Tracker.from_config("fast", ["size.method=fixed"]).config.size.method == "fixed"
    assert Tracker(TrackerConfig()).config == TrackerConfig()
    assert Tracker().config == load_config()
    with pytest.raises(ConfigError):
        Tracker.from_config("nothing")


def test_a_saved_model_starts_another_tracker(clip, tmp_path):
    frames, box = clip
    first = Tracker()
    first.init(frames[0], box)
    first.model.save(tmp_path / "target.npz")
    model = TargetModel.load(tmp_path / "target.npz")
    kept = model.target.copy()
    second = Tracker()
    second.init(frames[0], box, model=model)
    assert follow(second, frames[1:20])[-1][0].center == pytest.approx(follow(first, frames[1:20])[-1][0].center, abs=3)
    assert (model.target == kept).all(), "the caller's model is not changed"
    with pytest.raises(TargetError, match="same color settings"):
        Tracker.from_config("classic").init(frames[0], box, model=model)


def test_nothing_is_learned_while_not_tracking(clip):
    frames, box = clip
    tracker = Tracker()
    tracker.init(frames[0], box)
    for frame in frames[1:30]:
        tracker.update(frame)
    before = (tracker.model.target.copy(), tracker.model.background.copy())
    blank = np.full_like(frames[0], 255)
    for _ in range(30):
        assert not tracker.update(blank).ok
    assert (tracker.model.target == before[0]).all()
    assert (tracker.model.background == before[1]).all()


def jumping(index):
    """A red target that stands at the left, and from frame 6 on far to the right of where it was."""
    image = np.random.default_rng(7).normal((90, 130, 90), 6, (180, 320, 3)).clip(0, 255).astype(np.uint8)
    x = 40 if index < 6 else 190
    image[70:100, x : x + 30] = np.random.default_rng(8).normal((40, 50, 200), 12, (30, 30, 3)).clip(0, 255)
    return image


def after_the_jump(make, *, gap, **changes):
    """What is said of the frame of the jump, which comes `gap` intervals after the one before."""
    tracker = make([f"{key.replace('__', '.')}={value}" for key, value in changes.items()])
    for index in range(1, 6):
        tracker.update(jumping(index), None if gap is None else index * 0.04)
    result = tracker.update(jumping(6), None if gap is None else 0.2 + 0.04 * gap)
    return result if not isinstance(result, dict) else result[0]


def single(preset):
    def make(overrides):
        tracker = Tracker.from_config(preset, overrides)
        tracker.init(jumping(0), (40, 70, 30, 30))
        return tracker

    return make


def one_of_several(preset):
    def make(overrides):
        tracker = MultiTracker.from_config(preset, overrides)
        tracker.add(jumping(0), (40, 70, 30, 30))
        return tracker

    return make


@pytest.mark.parametrize("preset", ["fast", "classic", "accurate"])
@pytest.mark.parametrize("kind", [single, one_of_several])
def test_after_a_gap_the_target_is_searched_in_a_wider_region(kind, preset):
    make = kind(preset)
    assert not after_the_jump(make, gap=1).ok, "a jump that no gap explains is none of the target's"
    assert not after_the_jump(make, gap=None).ok
    assert not after_the_jump(make, gap=8, search__widening=1).ok
    found = after_the_jump(make, gap=8)
    assert found.ok
    assert found.box.center == pytest.approx((205, 85), abs=4)


def test_after_a_gap_as_long_as_the_waiting_time_a_target_not_found_is_lost():
    tracker = single("fast")([])
    gone = jumping(1)
    gone[70:100, 40:70] = gone[110:140, 40:70]
    tracker.update(jumping(1), 0.04)
    assert tracker.update(gone, 0.08).state is TrackState.OCCLUDED
    assert tracker.update(gone, 0.12).state is TrackState.OCCLUDED
    assert tracker.update(gone, 0.76).state is TrackState.LOST, "doubt.lost_after, in seconds"
    assert single("fast")([]).update(gone, 9.0).state is not TrackState.LOST, "the first interval is unknown"


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_even_times_change_nothing(clip, preset):
    frames, box = clip
    with_times, without = Tracker.from_config(preset), Tracker.from_config(preset)
    with_times.init(frames[0], box)
    without.init(frames[0], box)
    timed = [plain(with_times.update(frame, 3.0 + index / 25)) for index, frame in enumerate(frames[1:])]
    assert timed == follow(without, frames[1:])


DEEP = {
    "thermal": lambda image: (29300 + image.mean(axis=2) * (1700 / 255)).astype(np.uint16),
    "12 of 16 bits": lambda image: (image.astype(np.uint16) * 16)[:, :, :3],
    "share": lambda image: image.astype(np.float32) / 255,
    "degrees": lambda image: image.mean(axis=2) / 10 - 12.5,
    "signed": lambda image: image.astype(np.int16) * 40 - 3000,
}


@pytest.mark.parametrize("kind", DEEP)
def test_raw_values_are_stretched_over_the_range_of_the_first_frame(clip, kind):
    frames, box = clip
    single, several = Tracker("fast"), MultiTracker("fast")
    single.init(DEEP[kind](frames[0]), box)
    number = several.add(DEEP[kind](frames[0]), box)
    by_hand, values = Tracker("fast"), ValueRange.of([DEEP[kind](frames[0])])
    by_hand.init(as_image(values.stretch(DEEP[kind](frames[0]))), box)
    for frame in frames[1:15]:
        raw = DEEP[kind](frame)
        before = raw.copy()
        found, want = single.update(raw), by_hand.update(as_image(values.stretch(raw)))
        np.testing.assert_array_equal(raw, before)
        assert several.update(raw)[number].box == found.box
        assert (found.box, found.state, found.confidence) == (want.box, want.state, want.confidence)
    # An array of another kind and its range begin with another call of init.
    assert single.init(frames[0], box).ok
    assert single.update(frames[1]).ok


@pytest.mark.parametrize("given", ["accurate", load_config("accurate")], ids=["name", "settings"])
@pytest.mark.parametrize("tracker", [Tracker, MultiTracker])
def test_a_tracker_is_made_from_a_name_or_settings(tracker, given):
    assert tracker(given).config == load_config("accurate")


def test_a_tracker_is_made_from_a_file(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text("preset: accurate\n")
    assert Tracker(path).config == Tracker(str(path)).config == load_config("accurate")
