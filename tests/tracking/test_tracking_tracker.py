"""The embeddable class: its promises, and every way to use it wrongly."""

import copy
import pickle
import threading

import numpy as np
import pytest

from tracker import Tracker, TrackerConfig, TrackState, open_source
from tracker.config.reader import load_config
from tracker.cues.target_model import TargetModel
from tracker.errors import BoxError, ConfigError, FrameError, NotInitialisedError, TargetError

PRESETS = ["fast", "classic"]


@pytest.fixture(scope="module")
def clip():
    """Forty frames and the first box; with an occlusion in the middle."""
    with open_source("synth:occlusion:frames=60:size=240x180") as source:
        return [frame.image for frame in source], source.truth(0)


def follow(tracker, frames):
    return [plain(tracker.update(frame)) for frame in frames]


def plain(result):
    """A result without its time."""
    return (result.box, result.state, result.confidence, result.reason, result.rotated_box, result.path)


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
    tracker = Tracker()
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


def test_grey_frames(clip):
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


def test_black_frames_teach_nothing():
    with pytest.raises(TargetError, match="nearly black"):
        Tracker().init(np.full((180, 240, 3), 3, np.uint8), (50, 50, 40, 40))


def test_update_before_init(clip):
    with pytest.raises(NotInitialisedError, match="init"):
        Tracker().update(clip[0][0])
    with pytest.raises(NotInitialisedError):
        _ = Tracker().model


@pytest.mark.parametrize("frame", [None, np.zeros((0, 0, 3), np.uint8), np.zeros((180, 240, 3)), "frame.png"])
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


def test_nothing_is_learnt_while_not_tracking(clip):
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
