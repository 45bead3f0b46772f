import cv2
import numpy as np
import pytest
from skimage.data import astronaut, chelsea, coffee

from tracker.errors import ConfigError, FrameError
from tracker.segmentation import draw_flat, draw_outlines, segment
from tracker.segmentation.filtering import (
    COLOR_SPACES,
    JointWindow,
    Walkers,
    _ends_of,
    climb_pixels,
    to_image,
    to_planes,
)


def patches(noise=0.0, seed=0):
    """A picture of three plain areas, 60x80, and which is which."""
    truth = np.zeros((60, 80), dtype=int)
    truth[:, 40:] = 1
    truth[20:40, 20:60] = 2
    colors = np.array([[40, 60, 200], [180, 120, 40], [60, 200, 90]], dtype=float)
    picture = colors[truth] + np.random.default_rng(seed).normal(scale=noise, size=(60, 80, 3))
    return np.clip(picture, 0, 255).astype(np.uint8), truth


def photograph(make, width=160, height=107):
    return cv2.resize(make()[:, :, ::-1].copy(), (width, height), interpolation=cv2.INTER_AREA)


def is_connected(labels, label):
    return cv2.connectedComponents((labels == label).astype(np.uint8), connectivity=4)[0] == 2


@pytest.mark.parametrize("color", sorted(COLOR_SPACES))
@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_plain_areas_are_the_regions(color, noise):
    picture, truth = patches(noise)
    result = segment(picture, hs=5, hr=20 if color == "bgr" else 12, color=color)
    assert result.count == 3
    # Regions are numbered by their first pixels, and so is the truth.
    np.testing.assert_array_equal(result.labels, truth)
    assert result.sizes.tolist() == np.bincount(truth.ravel()).tolist()
    assert np.abs(result.flat.astype(int) - patches()[0]).max() <= 4
    np.testing.assert_allclose(result.places[2], [40, 30], atol=1)


def test_a_plain_picture_is_one_region():
    result = segment(np.full((20, 30, 3), 77, np.uint8))
    assert result.count == 1
    assert result.sizes.tolist() == [600]
    np.testing.assert_array_equal(result.filtered, 77)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 4)])
def test_pictures_smaller_than_the_window(shape):
    assert segment(np.zeros((*shape, 3), np.uint8), hs=7).labels.shape == shape


def test_grey_and_deep_pictures_are_taken():
    picture, truth = patches()
    grey = picture[:, :, 1]
    np.testing.assert_array_equal(segment(grey, hr=15).labels, truth)
    np.testing.assert_array_equal(segment(grey.astype(np.uint16) * 257, hr=15).labels, truth)


@pytest.mark.parametrize("make", [astronaut, chelsea, coffee])
@pytest.mark.parametrize("min_size", [1, 40])
def test_photographs_fall_into_connected_regions_of_the_least_size(make, min_size):
    result = segment(photograph(make), hs=4, hr=8, min_size=min_size)
    assert result.labels.dtype == np.int32
    assert result.sizes.sum() == result.labels.size
    assert result.sizes.min() >= min_size
    assert all(is_connected(result.labels, label) for label in range(0, result.count, 1 + result.count // 20))
    first = [int(np.argmax(result.labels.ravel() == label)) for label in range(result.count)]
    assert first == sorted(first)


def test_a_wider_radius_gives_fewer_regions():
    picture = photograph(coffee)
    counts = [segment(picture, hs=4, hr=hr).count for hr in (4, 8, 16, 1000)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 1


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


def test_outlines_lie_on_borders_only_and_leave_the_picture_alone():
    picture, _ = patches()
    before = picture.copy()
    result = segment(picture, hs=5, hr=12)
    drawn = draw_outlines(picture, result, (255, 0, 255))
    changed = np.any(drawn != picture, axis=2)
    assert 100 < changed.sum() < 400
    assert np.all(drawn[changed] == (255, 0, 255))
    assert changed[30, 20]
    assert not changed[10, 10]
    np.testing.assert_array_equal(picture, before)


def test_flat_has_one_color_a_region():
    result = segment(photograph(coffee), hs=4, hr=8)
    flat = draw_flat(result)
    for label in range(0, result.count, 7):
        assert len(np.unique(flat[result.labels == label], axis=0)) == 1


def test_the_same_picture_gives_the_same_result():
    picture = photograph(astronaut)
    np.testing.assert_array_equal(segment(picture).labels, segment(picture.copy()).labels)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"hs": 0}, "hs is a whole number of pixels from 1 to 200; got 0"),
        ({"hs": 2.5}, "got 2.5"),
        ({"hs": True}, "got True"),
        ({"hr": 0}, "hr is a number above 0 and at most 1000; got 0"),
        ({"hr": float("nan")}, "got nan"),
        ({"hr": "6"}, "got '6'"),
        ({"min_size": 0}, "min_size is a whole number of pixels of at least 1; got 0"),
        ({"color": "hsv"}, "color is one of luv, lab, bgr; got 'hsv'"),
    ],
)
def test_settings_out_of_range(settings, message):
    with pytest.raises(ConfigError, match=message):
        segment(np.zeros((4, 4, 3), np.uint8), **settings)


def test_what_is_no_picture():
    with pytest.raises(FrameError, match="got None"):
        segment(None)
