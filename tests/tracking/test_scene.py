"""Cuts, and what only looks like one."""

import pickle

import numpy as np
import pytest

from tracker.config.presence import SceneSettings
from tracker.tracking.scene import FrameDescriptor, SceneWatch


def picture(seed, *, level=1.0):
    """A scene of large soft patches in colors of its own."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (9, 16, 3)) * rng.uniform(0.2, 1.0, 3)
    return np.kron(coarse * level, np.ones((20, 20, 1))).clip(0, 255).astype(np.uint8)


HOME, OTHER = picture(1), picture(2)


def watch():
    return SceneWatch(SceneSettings(), FrameDescriptor(HOME))


def went_on(watched, *images):
    """What is said of each frame, one after the other."""
    said = []
    for image in images:
        change = watched.compare(FrameDescriptor(image))
        watched.commit(change)
        said.append((change.cut, change.home))
    return said


def test_another_scene_is_a_cut_and_the_old_one_is_known_again():
    assert went_on(watch(), HOME, OTHER, OTHER, HOME, HOME) == [
        (False, False),
        (True, False),
        (False, False),
        (True, True),
        (False, False),
    ]


def test_home_stays_the_scene_of_the_target_over_several_cuts():
    third = picture(3)
    assert went_on(watch(), OTHER, third, OTHER, HOME) == [(True, False)] * 3 + [(True, True)]


def test_a_target_that_was_found_elsewhere_is_at_home_there():
    watched = watch()
    went_on(watched, OTHER)
    watched.settle()
    assert went_on(watched, HOME) == [(True, False)]


@pytest.mark.parametrize(
    "image",
    [
        np.roll(HOME, (8, -12), (0, 1)),
        picture(1, level=0.6),
        HOME[:, ::-1][:, ::-1] // 2 + 60,
        np.random.default_rng(5).normal(HOME, 25).clip(0, 255).astype(np.uint8),
    ],
    ids=["shaken", "darker", "faded", "noisy"],
)
def test_what_a_camera_does_within_a_scene_is_no_cut(image):
    assert went_on(watch(), image) == [(False, False)]


def test_comparing_changes_nothing():
    watched = watch()
    before = pickle.dumps(watched)
    first = watched.compare(FrameDescriptor(OTHER))
    assert watched.compare(FrameDescriptor(OTHER)).cut is first.cut
    twin = pickle.loads(before)
    assert went_on(twin, OTHER, HOME) == went_on(watched, OTHER, HOME)


def test_a_picture_of_one_color_has_a_spread_all_the_same():
    flat = np.full((90, 160, 3), 40, np.uint8)
    descriptor = FrameDescriptor(flat)
    assert descriptor.spread == 1.0
    assert descriptor.level == pytest.approx(40)
    assert FrameDescriptor(np.zeros_like(flat)).level == 1.0
    assert descriptor.difference(descriptor) == 0.0
