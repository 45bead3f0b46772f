"""Which targets are near which."""

import pytest

from tracker.cues.base import NO_DISTRACTORS
from tracker.geometry import Box
from tracker.tracking.distractors import Prediction, distractors_of

BOXES = [Box(10, 10, 20, 20), Box(35, 10, 20, 20), Box(200, 10, 20, 20)]


def predictions(*, lost=()):
    return [Prediction(box, box.scaled(2.5), index in lost) for index, box in enumerate(BOXES)]


def test_a_target_alone_has_none():
    assert distractors_of(predictions()[:1]) == [NO_DISTRACTORS]
    assert distractors_of([]) == []


def test_those_in_reach_are_distractors():
    first, second, third = distractors_of(predictions())
    assert (first.boxes, first.own, first.overlap) == ((BOXES[1],), BOXES[0], 0.0)
    assert second.boxes == (BOXES[0],)
    assert third is NO_DISTRACTORS


def test_a_lost_target_holds_nothing_and_is_kept_off_all_the_others():
    first, second, third = distractors_of(predictions(lost=[0]))
    assert (set(first.boxes), first.own) == ({BOXES[1], BOXES[2]}, None)
    assert second.boxes == third.boxes == ()


def test_the_overlap_is_the_part_of_the_smaller_one():
    large, small = Box(0, 0, 40, 40), Box(30, 0, 20, 20)
    near = [Prediction(box, box.scaled(3), False) for box in (large, small)]
    assert [each.overlap for each in distractors_of(near)] == pytest.approx([0.5, 0.5])
