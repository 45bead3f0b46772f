"""What is held to be the target, and its copies."""

import numpy as np
import pytest

from tests.tracking.clip import PRESETS
from tracker import Tracker
from tracker.tracking.hypothesis import Checkpoints, Doubt


def appearance_of(tracker):
    return tracker._target._states.known.appearance


@pytest.mark.parametrize("preset", [*PRESETS, "accurate"])
def test_a_copy_learns_on_its_own(clip, preset):
    frames, box = clip
    tracker = Tracker.from_config(preset)
    tracker.init(frames[0], box)
    first = appearance_of(tracker)
    kept = first.copied()
    model = kept.cue.model
    before = (model.target.copy(), model.background.copy())
    for frame in frames[1:6]:
        tracker.update(frame)
    assert appearance_of(tracker) is first
    assert (model.background == before[1]).all()
    assert (model.target == before[0]).all()
    assert (first.cue.model.background != before[1]).any()
    target = tracker._target
    old = target.localize(frames[6], target.box, kept)
    again = target.localize(frames[6], target.box, kept.copied())
    assert old.box == again.box
    assert (old.place.response.density == again.place.response.density).all()
    assert (target.localize(frames[6], target.box, first).place.response.density != old.place.response.density).any()


def test_checkpoints_go_back_by_the_quarantine(clip):
    frames, box = clip
    tracker = Tracker()
    tracker.init(frames[0], box)
    appearance = appearance_of(tracker)
    kept = Checkpoints(every=2, count=3)
    levels = []
    for level in range(9):
        appearance.cue.model.target = np.full_like(appearance.cue.model.target, level)
        kept.add(appearance)
        levels.append([float(each.cue.model.target[0]) for each in kept.kept])
    assert levels[0] == [0]
    assert levels[-1] == [4, 6, 8]
    kept.clear()
    assert not kept.kept


def test_each_doubt_begins_anew():
    first, second = Doubt(), Doubt(3)
    first.frames += 5
    assert (second.frames, second.seconds, second.seen, second.foreign) == (3, 0.0, None, False)
