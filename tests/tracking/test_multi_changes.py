"""Several targets: other settings, and another place, while they are followed."""

import pytest

from tests.tracking.crowd import begun, follow
from tracker.config.reader import load_config
from tracker.errors import BoxError, TargetIdError
from tracker.geometry import iou


def test_other_settings_keep_number_name_place_and_colors(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    tracker.remove(1)
    named = tracker.add(frames[0], truths[1][0], label="ann")
    follow(tracker, frames[1:10])
    before = {k: r.box for k, r in tracker.results.items()}
    learnt = tracker.model(named).target.copy()
    config = load_config("fast", ["search.margin=3"])
    tracker.configure(frames[9], config)
    assert tracker.config == config
    assert {k: r.box for k, r in tracker.results.items()} == before
    assert (tracker.model(named).target == learnt).all()
    assert tracker.label(named) == "ann"
    results = tracker.update(frames[10])
    assert all(iou(results[k].box, truths[1 if k == named else k][10]) > 0.5 for k in results)


def test_settings_that_ask_for_other_colors_have_them_learnt_anew(crowd):
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
    x, y, width, height = truths[2][0].scaled(4.0).clipped(dark.shape[1], dark.shape[0]).rounded()
    dark[y : y + height, x : x + width] = 0
    tracker.configure(dark, load_config("classic"))
    results = tracker.update(frames[1])
    assert [k for k in results if results[k].rotated_box is None] == [2]
    assert iou(results[2].box, truths[2][1]) > 0.5


def test_a_target_can_be_moved_to_another_frame(crowd):
    frames, truths = crowd
    tracker = begun(crowd)
    follow(tracker, frames[1:30])
    learnt = tracker.model(2).target.copy()
    tracker.move(frames[5], 2, truths[2][5])
    assert tuple(tracker.results[2].box) == pytest.approx(tuple(truths[2][5]))
    assert (tracker.model(2).target == learnt).all()
    assert iou(tracker.update(frames[6])[2].box, truths[2][6]) > 0.5
    with pytest.raises(BoxError):
        tracker.move(frames[6], 2, (900, 900, 9, 9))
    assert iou(tracker.update(frames[7])[2].box, truths[2][7]) > 0.5
    with pytest.raises(TargetIdError):
        tracker.move(frames[7], 77, truths[2][7])
