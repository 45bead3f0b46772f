"""Several targets: each on its own, none on another's place, whatever happens to the others."""

import copy
import logging
import pickle
import threading

import numpy as np
import pytest

from tests.tracking.crowd import begun, follow, plain, render
from tracker import MultiTracker, Tracker, TrackState
from tracker.config.reader import load_config
from tracker.cues.histogram import ColorHistogramCue
from tracker.errors import BoxError, FrameError, TargetError, TargetIdError
from tracker.geometry import Box, iou


@pytest.mark.parametrize("preset", ["fast", "accurate"])
def test_a_target_without_neighbors_is_followed_as_if_alone(preset):
    frames, (truth,) = render("occlusion:frames=50:size=320x180")
    wide = [np.hstack([frame, frame[:, ::-1]]) for frame in frames]
    far = Box(640 - truth[0].right, *list(truth[0])[1:])
    tracker, alone = MultiTracker.from_config(preset), Tracker.from_config(preset)
    tracker.add(wide[0], truth[0])
    tracker.add(wide[0], far)
    alone.init(wide[0], truth[0])
    for frame in wide[1:20]:
        assert plain(tracker.update(frame)[0]) == plain(alone.update(frame))


@pytest.mark.parametrize("scene", ["crossing", "overtake"])
@pytest.mark.parametrize("seed", [1, 3, 5])
def test_same_colored_targets_neither_swap_nor_merge(scene, seed):
    frames, truths = render(f"{scene}:seed={seed}")
    tracker = begun((frames, truths))
    for index, frame in enumerate(frames[1:], 1):
        results = tracker.update(frame)
        if index >= len(frames) - 15:
            for k in (0, 1):
                assert iou(results[k].box, truths[k][index]) > 0.3
                assert iou(results[k].box, truths[1 - k][index]) < 0.1


def test_the_same_calls_give_the_same_results_and_copies_go_on(crowd):
    frames = crowd[0]
    tracker = begun(crowd)
    assert follow(begun(crowd), frames[1:20]) == follow(tracker, frames[1:20])
    twin, wire = copy.deepcopy(tracker), pickle.loads(pickle.dumps(tracker))
    want = follow(tracker, frames[20:30])
    assert follow(twin, frames[20:30]) == want
    assert follow(wire, frames[20:30]) == want


def test_two_threads_of_different_trackers_give_the_results_of_one(crowd):
    other = render("overtake:frames=60:size=320x180")
    want = [follow(begun(clip), clip[0][1:]) for clip in (crowd, other)]
    got = [None, None]

    def work(place, clip):
        got[place] = follow(begun(clip), clip[0][1:])

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate((crowd, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == want


def test_numbers_are_stable_and_never_given_twice(crowd):
    frames, truths = crowd
    tracker = MultiTracker()
    assert tracker.update(frames[0]) == {}
    assert [tracker.add(frames[0], truth[0]) for truth in truths[:3]] == [0, 1, 2]
    tracker.remove(2)
    assert tracker.add(frames[0], truths[2][0], label="ann") == 3
    assert tracker.add(frames[0], truths[4][0], id=9) == 9
    assert tracker.add(frames[0], truths[5][0]) == 10
    assert list(tracker.update(frames[1])) == [0, 1, 3, 9, 10]
    assert (tracker.label(3), tracker.label(0)) == ("ann", "")
    assert (len(tracker), 3 in tracker, 2 in tracker) == (5, True, False)
    assert tracker.density(3).values.ndim == 2


def test_a_number_is_kept_while_the_target_is_lost(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    blank = np.full_like(frames[0], 90)
    for _ in range(16):
        results = tracker.update(blank)
    assert {r.state for r in results.values()} == {TrackState.LOST}
    assert list(results) == list(range(6))
    for _ in range(20):
        results = tracker.update(frames[0])
    found = [k for k in results if results[k].ok]
    assert len(found) >= 5
    assert all(iou(results[k].box, truths[k][0]) > 0.3 for k in found)


def test_one_that_fails_does_not_stop_the_others(crowd, monkeypatch, caplog):
    frames = crowd[0]
    healthy = [[results[k] for k in (0, 5)] for results in follow(begun(crowd), frames[1:4])]
    tracker = begun(crowd)
    bad = tracker._targets[2].single._states.known.appearance.cue
    respond = ColorHistogramCue.respond

    def failing(self, *args):
        if self is bad:
            raise ZeroDivisionError
        return respond(self, *args)

    monkeypatch.setattr(ColorHistogramCue, "respond", failing)
    with caplog.at_level(logging.ERROR):
        for frame, want in zip(frames[1:4], healthy, strict=True):
            results = tracker.update(frame)
            assert (results[2].state, results[2].reason) == (TrackState.LOST, "failed")
            assert [plain(results[k]) for k in (0, 5)] == want
    assert "could not be looked for" in caplog.text
    monkeypatch.undo()
    assert tracker.update(frames[4])[2].ok


def test_wrong_use_has_one_clear_line_and_leaves_the_others(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    with pytest.raises(TargetIdError, match="there is no target 7: those followed are 0, 1, 2"):
        tracker.remove(7)
    with pytest.raises(TargetIdError, match="target 2 is being followed"):
        tracker.add(frames[0], truths[0][0], id=2)
    with pytest.raises(TargetIdError, match="0 or more"):
        tracker.add(frames[0], truths[0][0], id=-1)
    with pytest.raises(BoxError, match="outside"):
        tracker.add(frames[0], (900, 0, 10, 10))
    with pytest.raises(TargetError, match="nearly black"):
        tracker.add(np.zeros_like(frames[0]), (10, 10, 30, 30))
    with pytest.raises(FrameError, match="resize the frame, or start anew on frames of this size"):
        tracker.update(frames[0][:90])
    assert len(tracker.update(frames[1])) == 6
    assert set(tracker.results) == set(range(6))


def test_other_settings_keep_number_name_place_and_colors(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    tracker.remove(1)
    named = tracker.add(frames[0], truths[1][0], label="ann")
    follow(tracker, frames[1:10])
    before = {k: r.box for k, r in tracker.results.items()}
    learned = tracker.model(named).target.copy()
    config = load_config("fast", ["search.margin=3"])
    tracker.configure(frames[9], config)
    assert tracker.config == config
    assert {k: r.box for k, r in tracker.results.items()} == before
    assert (tracker.model(named).target == learned).all()
    assert tracker.label(named) == "ann"
    results = tracker.update(frames[10])
    assert all(iou(results[k].box, truths[1 if k == named else k][10]) > 0.5 for k in results)


def test_settings_that_ask_for_other_colors_have_them_learned_anew(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    other = load_config("classic")
    tracker.configure(frames[0], other)
    assert tracker.config == other
    results = tracker.update(frames[1])
    assert all(iou(results[k].box, truths[k][1]) > 0.5 for k in results)
    assert all(result.rotated_box is not None for result in results.values())


def test_a_target_that_cannot_begin_anew_goes_on_as_it_was(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    dark = frames[0].copy()
    x, y, width, height = truths[2][0].scaled(2.6).clipped(dark.shape[1], dark.shape[0]).rounded()
    dark[y : y + height, x : x + width] = 0
    tracker.configure(dark, load_config("classic"))
    results = tracker.update(frames[1])
    assert [k for k in results if results[k].rotated_box is None] == [2]
    assert iou(results[2].box, truths[2][1]) > 0.5


def test_a_target_can_be_moved_to_another_frame(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    follow(tracker, frames[1:30])
    learned = tracker.model(2).target.copy()
    tracker.move(frames[5], 2, truths[2][5])
    assert tuple(tracker.results[2].box) == pytest.approx(tuple(truths[2][5]))
    assert (tracker.model(2).target == learned).all()
    assert iou(tracker.update(frames[6])[2].box, truths[2][6]) > 0.5
    with pytest.raises(BoxError):
        tracker.move(frames[6], 2, (900, 900, 9, 9))
    assert iou(tracker.update(frames[7])[2].box, truths[2][7]) > 0.5
    with pytest.raises(TargetIdError):
        tracker.move(frames[7], 77, truths[2][7])
