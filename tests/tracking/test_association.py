"""Which place belongs to which target."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from tracker.cues.base import NO_EVIDENCE, Evidence
from tracker.geometry import Box, iou
from tracker.tracking.association import Candidate, reassign
from tracker.tracking.distractors import Prediction, distractors_of
from tracker.tracking.localization import Localization
from tracker.tracking.multi import MultiTracker, TrackedTarget
from tracker.tracking.scale import UNCHANGED
from tracker.tracking.scene import FrameDescriptor
from tracker.tracking.tracker import SingleTarget

IMAGE = np.zeros((4, 4, 3), np.uint8)
LEFT, RIGHT = Box(0, 0, 20, 20), Box(60, 0, 20, 20)


def found_at(box):
    return Localization(box, box, None, UNCHANGED, NO_EVIDENCE)


@dataclass
class Scripted:
    """A target that is sure near its home, and is localized wherever it is sent."""

    home: Box
    fails: bool = False
    sent: list = field(default_factory=list)

    def localize_at(self, image, box, taken):
        self.sent.append((box, taken))
        return None if self.fails else found_at(box)

    def confidence(self, found):
        return 1.0 if iou(found.box, self.home) > 0.5 else 0.1


def candidate(target, found, *, expected=None, lost=False):
    expected = expected or target.home
    return Candidate(target, Prediction(expected, expected.scaled(5), lost), found_at(found))


def test_targets_in_places_of_their_own_keep_them():
    first, second = Scripted(LEFT), Scripted(RIGHT)
    assert reassign(IMAGE, [candidate(first, LEFT), candidate(second, RIGHT)], 0.6) == {}
    assert reassign(IMAGE, [candidate(first, LEFT)], 0.6) == {}
    assert not first.sent
    assert not second.sent


def test_exchanged_places_are_given_back():
    first, second = Scripted(LEFT), Scripted(RIGHT)
    changed = reassign(IMAGE, [candidate(first, RIGHT), candidate(second, LEFT)], 0.6)
    assert {index: each.box for index, each in changed.items()} == {0: LEFT, 1: RIGHT}


def test_of_two_in_one_place_the_wrong_one_is_sent_where_it_was_expected():
    first, second = Scripted(LEFT), Scripted(RIGHT)
    changed = reassign(IMAGE, [candidate(first, LEFT), candidate(second, LEFT)], 0.6)
    assert {index: each.box for index, each in changed.items()} == {1: RIGHT}
    assert second.sent[-1] == (RIGHT, (LEFT,))


def test_two_that_were_expected_in_one_place_may_both_be_there():
    first, second = Scripted(LEFT), Scripted(LEFT.moved(2, 0))
    assert reassign(IMAGE, [candidate(first, LEFT), candidate(second, LEFT)], 0.6) == {}


def test_a_lost_target_does_not_take_a_place_that_another_one_holds():
    first, second = Scripted(LEFT), Scripted(RIGHT)
    changed = reassign(IMAGE, [candidate(first, LEFT), candidate(second, LEFT, lost=True)], 0.6)
    assert set(changed) == {1}


def test_what_fails_when_sent_elsewhere_is_localized_nowhere():
    first, second = Scripted(LEFT), Scripted(RIGHT, fails=True)
    assert reassign(IMAGE, [candidate(first, LEFT), candidate(second, LEFT)], 0.6) == {1: None}


def test_a_place_out_of_reach_costs_more_than_any_other():
    first, far = Scripted(LEFT), Scripted(Box(900, 900, 20, 20))
    there = candidate(far, far.home)
    near, mine = candidate(far, LEFT.moved(30, 0)), candidate(first, LEFT)
    assert mine.cost(there, IMAGE) > mine.cost(near, IMAGE) + 100
    assert first.sent == [(LEFT.moved(30, 0), ())], "it is not even tried out of reach"


def test_a_lost_target_is_never_explained_by_the_place_of_another_one():
    lost, neighbor = Scripted(LEFT), Scripted(LEFT)
    mine, held = candidate(lost, LEFT, lost=True), candidate(neighbor, LEFT.moved(4, 0))
    assert mine.cost(held, IMAGE) > 100
    assert not lost.sent, "it is not even tried there, however alike the two look"
    # It is nearer to its own last place than the neighbor is, and yields all the same.
    assert set(reassign(IMAGE, [mine, held], 0.6)) == {0}


def test_real_targets_that_exchange_or_share_a_place_get_their_own_again(crowd):
    frames, truths = crowd
    config = MultiTracker().config
    targets = [TrackedTarget(SingleTarget(config, frames[0], truths[k][0]), config, "") for k in (0, 1)]
    places = [target.predict() for target in targets]
    near = distractors_of(places)
    frame = FrameDescriptor(frames[0])
    found = [target.localize(frames[0], each, frame) for target, each in zip(targets, near, strict=True)]
    candidates = [Candidate(*each) for each in zip(targets, places, found, strict=True)]
    assert reassign(frames[0], candidates, 0.6) == {}
    exchanged = [Candidate(targets[0], places[0], found[1]), Candidate(targets[1], places[1], found[0])]
    changed = reassign(frames[0], exchanged, 0.6)
    assert set(changed) == {0, 1}
    assert all(iou(changed[k].box, truths[k][0]) > 0.7 for k in (0, 1))
    merged = [candidates[0], Candidate(targets[1], places[1], found[0])]
    changed = reassign(frames[0], merged, 0.6)
    assert set(changed) == {1}
    assert iou(changed[1].box, truths[1][0]) > 0.7


def test_an_own_place_costs_what_is_known_of_it_already():
    target = Scripted(LEFT)
    own = candidate(target, LEFT.moved(20, 0))
    assert own.cost(own, IMAGE) == pytest.approx(1 + 0.9)
    assert not target.sent
    assert Evidence(0, 0, 0) is not NO_EVIDENCE
