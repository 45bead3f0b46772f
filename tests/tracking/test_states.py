"""TRACKING, OCCLUDED and LOST on drawn scenes: what is said, what is learned, where the box is, what it costs."""

import copy
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

import tracker as package
from tracker import MultiTracker, Tracker, TrackState
from tracker.geometry import Box, iou
from tracker.patch import cut_patch
from tracker.tracking.observation import Sighting
from tracker.tracking.presence import Judgment

HEIGHT, WIDTH = 180, 320
SIDE = 36
PRESETS = ["fast", "classic", "accurate"]


def pattern(seed, low, high, size=SIDE):
    rng = np.random.default_rng(seed)
    return np.kron(rng.uniform(low, high, (6, 6, 3)), np.ones((size // 6, size // 6, 1))).astype(np.uint8)


RED, BLUE = pattern(1, (20, 20, 120), (90, 90, 240)), pattern(2, (120, 40, 20), (240, 120, 80))


def ground(seed=0):
    rng = np.random.default_rng(seed)
    base = np.array((90, 130, 90) if not seed else (120, 90, 70))
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    light = 25 * (x if not seed else -y)[..., None]
    return (base + light + rng.normal(0, 4, (HEIGHT, WIDTH, 3))).clip(0, 255).astype(np.uint8)


def scene(*things, seed=0):
    """A frame: things, (look, x, y), on the ground of a scene."""
    image = ground(seed)
    for look, x, y in things:
        height, width = look.shape[:2]
        left, right = max(x, 0), min(x + width, WIDTH)
        if right > left:
            image[y : y + height, left:right] = look[:, left - x : right - x]
    return image


def place(index):
    """Where the target is: it goes two pixels a frame to the right."""
    return 30 + 2 * index, 70


def at(index):
    return Box(*place(index), SIDE, SIDE)


def begun(preset="fast", frames=25, overrides=()):
    """A tracker that has followed the target for a while."""
    tracker = Tracker.from_config(preset, overrides)
    tracker.init(scene((RED, *place(0))), at(0))
    for index in range(1, frames + 1):
        result = tracker.update(scene((RED, *place(index))))
        assert result.ok
    return tracker


def hidden(index):
    """The target behind a plate."""
    x, y = place(index)
    return scene((RED, x, y), (pattern(7, 60, 200, 60), x - 12, y - 12))


def states_of(tracker):
    return tracker._target._states


@pytest.mark.parametrize("preset", PRESETS)
def test_a_cut_is_lost_at_once_and_named_and_the_scene_is_known_again(preset):
    tracker = begun(preset)
    sure = tracker.update(scene((RED, *place(26)))).box
    for _ in range(8):
        result = tracker.update(scene((BLUE, 200, 100), seed=9))
        assert (result.state, result.reason) == (TrackState.LOST, "scene_cut")
        assert result.box == sure
        assert result.confidence < 0.5
    back = [tracker.update(scene((RED, *place(27 + i)))) for i in range(8)]
    assert not back[0].ok, "seen once is not enough"
    assert back[-1].ok
    assert iou(back[-1].box, at(34)) > 0.6


@pytest.mark.parametrize("preset", PRESETS)
def test_a_covered_target_is_doubted_and_then_lost_and_found_again(preset):
    tracker = begun(preset)
    results = [tracker.update(hidden(26 + i)) for i in range(40)]
    assert not any(result.ok for result in results[3:])
    assert all(result.reason for result in results[3:])
    assert all((result.confidence >= 0.5) is result.ok for result in results)
    after = [tracker.update(scene((RED, *place(66)))) for _ in range(40)]
    assert after[-1].ok
    assert iou(after[-1].box, at(66)) > 0.6


def test_a_doubtful_box_keeps_its_size_and_coasts():
    tracker = begun(overrides=["doubt.lost_after=10"])
    # Nothing like the target is left: what is followed is doubtful on its own.
    before = tracker.update(scene((RED, *place(26)))).box
    boxes = [tracker.update(scene()) for _ in range(20)]
    doubtful = [result.box for result in boxes[1:] if result.state is TrackState.OCCLUDED]
    assert len(doubtful) > 15
    assert {(box.width, box.height) for box in doubtful} == {(before.width, before.height)}
    moved = [box.x - before.x for box in doubtful]
    assert moved[7] == pytest.approx(2 * 8, abs=6), "as it went before"
    assert moved[-1] == pytest.approx(moved[11], abs=1), "ten frames long"
    assert all(abs(box.y - before.y) < 4 for box in doubtful)


def test_the_last_sure_box_stands_while_lost():
    tracker = begun()
    sure = [tracker.update(scene((RED, *place(26)))).box]
    lost = []
    for _ in range(60):
        result = tracker.update(scene())
        if result.ok:
            sure.append(result.box)
        if result.state is TrackState.LOST:
            lost.append(result.box)
    assert len(lost) > 20
    assert set(lost) == {sure[-1]}


@pytest.mark.parametrize("preset", PRESETS)
def test_what_is_known_is_kept_clean_in_a_doubt(preset):
    tracker = begun(preset)
    for index in range(60):
        result = tracker.update(hidden(26 + index % 20))
        if not result.ok:
            break
    known = states_of(tracker).known.appearance
    assert known is not states_of(tracker).followed.appearance, "two hypotheses, each with its own"
    before = pickle.dumps(known.cue)
    for index in range(30):
        assert not tracker.update(hidden(26 + index % 20)).ok
        assert states_of(tracker).known.appearance is known
    assert pickle.dumps(known.cue) == before


def test_lessons_of_the_frames_before_a_doubt_are_undone():
    tracker = begun(frames=40)
    clean = states_of(tracker).known.appearance.cue.model.target.copy()
    x, y = place(40)
    for covered in range(2, 40, 3):  # a plate slides in
        plate = pattern(7, 60, 200, 60)[:, : max(covered, 1)]
        result = tracker.update(scene((RED, x, y), (plate, x - 2, y - 12)))
        if not result.ok:
            break
    assert not result.ok
    states = states_of(tracker)
    kept, learned = states.known.appearance.cue.model.target, states.followed.appearance.cue.model.target
    assert np.abs(kept - clean).sum() < np.abs(learned - clean).sum()


def changed(step):
    """The target's look: its lower two thirds take on another color, of the same structure."""
    look = RED.copy()
    look[SIDE // 3 :, :, 0] += np.uint8(150 * min(step / 12, 1.0))
    return look


def test_a_lasting_change_is_taken_over_and_learned_from():
    tracker = begun()
    doubts, results = 0, []
    for index in range(120):
        results.append(tracker.update(scene((changed(index), *place(26)))))
        doubts += results[-1].state is TrackState.OCCLUDED
    assert doubts > 20, "it takes its time"
    assert results[-1].ok
    assert iou(results[-1].box, at(26)) > 0.6
    assert states_of(tracker).clean is None


def test_the_second_hypothesis_is_dropped_where_the_clean_looks_come_back():
    tracker = begun()
    for _ in range(12):
        result = tracker.update(hidden(26))
    assert not result.ok
    learned = states_of(tracker).followed.appearance
    kept = states_of(tracker).known.appearance
    for _ in range(40):
        result = tracker.update(scene((RED, *place(26))))
        if result.ok:
            break
    assert result.ok
    assert states_of(tracker).clean is None
    assert states_of(tracker).followed.appearance in (kept, learned)
    assert iou(result.box, at(26)) > 0.6


@pytest.mark.parametrize(("first", "second", "is_back"), [(0.5, -0.4, True), (0.5, -0.6, False), (9.0, -0.6, False)])
def test_of_looks_in_a_row_the_mean_counts(first, second, is_back, monkeypatch):
    """And no look for more than one that is clearly above the bar, half a unit."""
    tracker = begun()
    for index in range(26, 40):
        assert tracker.update(hidden(index)).state is not TrackState.TRACKING
    target = tracker._target
    states = target._states
    sighting = Sighting(target.localize(scene((RED, *place(40))), at(40), states.known.appearance), expected=True)
    scores = [states.judge.back + each for each in (first, second)]
    monkeypatch.setattr(states.judge, "judge", lambda *_: Judgment(scores.pop(0)))
    assert not states._came_back(sighting)
    assert states._came_back(sighting) is is_back
    assert states.doubt.count == 2 * is_back


def test_waits_are_in_seconds_where_times_are_known():
    def frames_until_lost(rate):
        tracker = Tracker()
        tracker.init(scene((RED, *place(0))), at(0))
        for index in range(1, 26):
            tracker.update(scene((RED, *place(index))), index / rate)
        for index in range(26, 400):
            if tracker.update(scene(), index / rate).state is TrackState.LOST:
                return index - 25
        raise AssertionError

    at_25, at_100 = frames_until_lost(25), frames_until_lost(100)
    assert at_25 == pytest.approx(15, abs=4)
    assert at_100 == pytest.approx(60, abs=8)


def test_copies_and_pickles_go_on_as_the_original_in_any_doubt():
    tracker = begun()
    frames = [*(hidden(26) for _ in range(30)), *(scene((BLUE, 90, 90), seed=9) for _ in range(3))]
    frames += [scene((RED, *place(26)))] * 12
    for index, frame in enumerate(frames):
        if index % 6 == 0:
            twin, wire = copy.deepcopy(tracker), pickle.loads(pickle.dumps(tracker))
            want = [tell(copy.deepcopy(tracker), frames[index : index + 6])]
            assert [tell(twin, frames[index : index + 6])] == want
            assert [tell(wire, frames[index : index + 6])] == want
        tracker.update(frame)


def tell(tracker, frames):
    results = [tracker.update(frame) for frame in frames]
    return [(result.box, result.state, result.confidence, result.reason) for result in results]


@pytest.mark.parametrize("preset", PRESETS)
def test_observing_changes_nothing(preset):
    tracker = begun(preset)
    target = tracker._target
    for frame in (scene((RED, *place(26))), hidden(27), hidden(28), scene(seed=9), scene(), scene()):
        before = pickle.dumps(target)
        once = target.observe(frame, target.predict())
        twice = target.observe(frame, target.predict())
        assert once.box == twice.box
        assert pickle.loads(before).commit(once, 0.0).box == pickle.loads(before).commit(twice, 0.0).box
        tracker.update(frame)


def test_a_lost_target_is_not_explained_by_a_neighbor_of_the_same_look():
    frames = [scene((RED, 60, 70), (RED, 200, 70))] * 25 + [scene((RED, 60, 70))] * 60
    tracker = MultiTracker()
    stays, goes = (tracker.add(frames[0], (x, 70, SIDE, SIDE)) for x in (60, 200))
    for frame in frames[1:]:
        results = tracker.update(frame)
        assert iou(results[stays].box, Box(60, 70, SIDE, SIDE)) > 0.8
        assert results[stays].ok
    assert results[goes].state is TrackState.LOST
    for _ in range(40):
        results = tracker.update(frames[0])
    assert results[goes].ok
    assert iou(results[goes].box, Box(200, 70, SIDE, SIDE)) > 0.6


ROOT = str(Path(package.__file__).parent)


def calls_of(action):
    """How many functions of the package `action` enters."""
    count = 0

    def profile(frame, event, _):
        nonlocal count
        count += event == "call" and frame.f_code.co_filename.startswith(ROOT)

    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("preset", PRESETS)
def test_a_search_costs_at_most_twice_a_judged_update_while_tracking(preset):
    tracker = begun(preset, frames=40)
    tracking = [calls_of(lambda i=i: tracker.update(scene((RED, *place(i))))) for i in range(41, 61)]
    assert tracker.state is TrackState.TRACKING
    for _ in range(80):
        tracker.update(scene())
    lost = []
    for _ in range(40):
        assert tracker.state is TrackState.LOST
        lost.append(calls_of(lambda: tracker.update(scene())))
    assert max(lost) <= 2 * max(tracking), "twice a frame in which the target is judged"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_search_looks_at_as_many_pixels_in_a_large_frame_as_in_a_small_one(preset, monkeypatch):
    looked_at = []

    def counted(image, geometry, *_, **__):
        looked_at.append(geometry.width * geometry.height)
        return cut_patch(image, geometry)

    for name in (
        "localization.cut_patch",
        "redetection.cut_patch",
        "localization.cut_smooth_patch",
        "redetection.cut_smooth_patch",
    ):
        monkeypatch.setattr(f"tracker.tracking.{name}", counted)
    most = []
    for times in (1, 4):
        large = [np.tile(image, (times, times, 1)) for image in (scene((RED, *place(0))), scene())]
        tracker = Tracker.from_config(preset)
        tracker.init(large[0], at(0))
        frames = []
        for _ in range(100):
            looked_at.clear()
            state = tracker.update(large[1]).state
            frames.append((state, sum(looked_at)))
        lost = [count for state, count in frames if state is TrackState.LOST]
        assert len(lost) > 40
        most.append(max(lost))
    tile, region = tracker.config.redetection.tile_area, tracker._target._region
    assert max(most) <= 1.1 * tile + 2 * region.width * region.height


def sure(overrides=()):
    """A tracker of `fast` whose target is sure, and the number of its next frame."""
    tracker = begun(frames=40, overrides=overrides)
    for index in range(40, 60):
        tracker.update(scene((RED, *place(index))))
        if tracker._target._states.rest.usual is not None:
            return tracker, index + 1
    raise AssertionError("it has not become sure")


def test_a_sure_target_rests_without_evidence_or_lesson_and_is_judged_in_between(monkeypatch):
    tracker, index = sure()
    states = tracker._target._states
    judged = []
    score = type(states.judge).judge
    monkeypatch.setattr(type(states.judge), "judge", lambda self, *given: judged.append(1) or score(self, *given))
    rests = []
    for step in range(12):
        model, before = tracker.model.background, len(judged)
        result = tracker.update(scene((RED, *place(index + step))))
        rested = len(judged) == before
        rests.append(rested)
        assert result.ok
        assert (tracker.model.background is model) == rested, "it learns when it is judged, and only then"
        assert iou(result.box, at(index + step)) > 0.8
    assert sum(rests) >= 6
    assert "True, True, True" not in str(rests), "at most doubt.rest frames in a row"


def test_nothing_rests_where_that_is_not_wanted():
    tracker = begun(frames=60, overrides=["doubt.rest=0"])
    assert tracker._target._states.rest.usual is None


def test_a_resting_target_that_loses_mass_gives_evidence_at_once():
    tracker, index = sure()
    states = tracker._target._states
    assert states.rest.usual is not None
    for hidden, repeats in ((0, True), (SIDE // 2, False)):
        frame = scene((RED, *place(index)), (BLUE, place(index)[0] + SIDE - hidden, 70))
        assert tracker._target.observe(frame, tracker._target.predict()).shown.repeats == repeats
