"""Values that are made many times a frame."""

import pickle

import pytest

from tracker.geometry import Box
from tracker.patch import PatchGeometry
from tracker.tracking.rest import UsualLook


def test_values_compare_and_hash_by_what_they_hold_and_can_be_pickled():
    first, second = PatchGeometry(1, 2, 3, 4, 5, 6), PatchGeometry(1, 2, 3, 4, 5, 6)
    assert first == second
    assert len({first, second}) == 1
    assert first != PatchGeometry(1, 2, 3, 4, 5, 7)
    assert pickle.loads(pickle.dumps(first)) == first


def test_values_have_no_room_for_more():
    with pytest.raises(AttributeError):
        UsualLook(1.0, None, 0.5, 0.9).more = 1


def test_what_users_are_given_is_frozen():
    with pytest.raises(AttributeError):
        Box(1, 2, 3, 4).x = 5
