from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage.data import astronaut, chelsea

from tests.segmentation.pictures import patches, photograph
from tracker.segmentation import segment
from tracker.segmentation.filtering import (
    COLOR_SPACES,
    JointWindow,
    Walkers,
    _ends_of,
    climb_pixels,
    to_image,
    to_planes,
)


@pytest.mark.parametrize("sigma", [2.0, 4.0])
def test_the_filtered_picture_is_opencvs_on_smooth_data(sigma):
    picture = cv2.GaussianBlur(patches(6.0)[0], (0, 0), sigma)
    theirs = cv2.pyrMeanShiftFiltering(picture, 5, 20, maxLevel=0).astype(int)
    ours = segment(picture, hs=5, hr=20, color="bgr").filtered.astype(int)
    difference = np.abs(ours - theirs).max(axis=2)
    assert np.median(difference) <= 2
    assert np.mean(difference > 20) < 0.05


def test_shared_paths_end_near_where_whole_climbs_do():
    picture = photograph(chelsea, 100, 67)
    space = COLOR_SPACES["luv"]
    planes = to_planes(picture, space)
    shared = climb_pixels(planes, 4, 8.0).color
    window = JointWindow(planes, 4, 8.0)
    y, x = np.divmod(np.arange(6700), 100)
    here = Walkers(y.astype(np.float32), x.astype(np.float32), np.ascontiguousarray(planes.reshape(3, -1).T))
    for _ in range(40):
        here = window.step(here)
    apart = np.linalg.norm(shared - here.color, axis=1)
    assert np.median(apart) < 1.0
    assert np.mean(apart > 8.0) < 0.08


def test_a_step_is_the_mean_of_the_window():
    rng = np.random.default_rng(0)
    planes = rng.uniform(0, 30, size=(3, 12, 15)).astype(np.float32)
    at = Walkers(np.float32([0, 5, 11]), np.float32([0, 7, 13]), rng.uniform(5, 25, (3, 3)).astype(np.float32))
    moved = JointWindow(planes, 3, 12.0).step(at)
    rows, columns = np.mgrid[:12, :15]
    for index in range(3):
        near = (np.abs(rows - at.y[index]) <= 3) & (np.abs(columns - at.x[index]) <= 3)
        near &= np.square(planes - at.color[index][:, None, None]).sum(axis=0) <= 144
        assert moved.y[index] == pytest.approx(rows[near].mean(), abs=1e-4)
        assert moved.x[index] == pytest.approx(columns[near].mean(), abs=1e-4)
        np.testing.assert_allclose(moved.color[index], planes[:, near].mean(axis=1), atol=1e-4)


def test_a_walker_that_sees_nothing_stays():
    window = JointWindow(np.zeros((3, 8, 8), np.float32), 2, 5.0)
    moved = window.step(Walkers(np.float32([3.25]), np.float32([4]), np.float32([[90, 0, 0]])))
    assert (moved.y[0], moved.x[0], moved.color[0, 0]) == (3.25, 4, 90)


def test_paths_end_at_their_ends_and_circles_at_their_lowest():
    follows = np.array([1, 2, 2, 4, 5, 3, 5, 6, 8])
    assert _ends_of(follows).tolist() == [2, 2, 2, 3, 3, 3, 3, 3, 8]


@pytest.mark.parametrize("name", sorted(COLOR_SPACES))
def test_colors_survive_the_way_there_and_back(name):
    picture = photograph(astronaut)
    there = to_planes(picture, COLOR_SPACES[name])
    back = to_image(there.transpose(1, 2, 0), COLOR_SPACES[name])
    assert np.abs(back.astype(int) - picture).max() <= 1
