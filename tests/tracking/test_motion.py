"""Where a target is expected."""

import pytest

from tracker.geometry import Box
from tracker.tracking.motion import ConstantVelocity

BOX = Box(10, 20, 8, 6)


def test_a_target_that_has_not_moved_is_expected_where_it_is():
    assert ConstantVelocity(0.3).predict(BOX) == BOX


def test_the_velocity_follows_the_motion():
    motion, box = ConstantVelocity(0.3), BOX
    for _ in range(30):
        motion.update(box, box.moved(4, -2))
        box = box.moved(4, -2)
    assert tuple(motion.predict(box)) == pytest.approx(tuple(box.moved(4, -2)), abs=1e-3)


def test_one_step_is_believed_in_part_only():
    motion = ConstantVelocity(0.25)
    motion.update(BOX, BOX.moved(8, 4))
    assert motion.predict(BOX) == BOX.moved(2, 1)


def test_a_change_of_size_is_no_motion():
    motion = ConstantVelocity(1.0)
    motion.update(BOX, BOX.scaled(2))
    assert motion.predict(BOX) == BOX


def test_a_lost_target_stands_still():
    motion = ConstantVelocity(1.0)
    motion.update(BOX, BOX.moved(8, 4))
    motion.stop()
    assert motion.predict(BOX) == BOX


def test_the_velocity_is_per_usual_interval():
    motion = ConstantVelocity(1.0)
    motion.update(BOX, BOX.moved(8, 4), elapsed=4)
    assert motion.predict(BOX) == BOX.moved(2, 1)
    assert motion.predict(BOX, elapsed=3) == BOX.moved(6, 3)
