"""Patches cut from a picture, and the geometry between the two."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import Tracker
from tracker.geometry import Box
from tracker.patch import Patch, PatchGeometry, cut_patch, cut_smooth_patch


def ramp(height=60, width=80):
    """A picture whose blue and green say where a pixel is."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0], image[..., 1] = np.meshgrid(np.arange(width), np.arange(height))
    return image


@pytest.mark.parametrize("step", [(1.0, 1.0), (2.0, 3.0), (2.5, 1.25), (0.5, 0.5)])
def test_a_patch_pixel_shows_the_frame_pixel_under_its_center(step):
    geometry = PatchGeometry(10.0, 5.0, *step, 16, 12)
    patch = cut_patch(ramp(), geometry)
    for u, v in [(0.5, 0.5), (7.5, 3.5), (15.5, 11.5)]:
        x, y = geometry.to_frame(u, v)
        blue, green, _ = patch.image[int(v), int(u)]
        assert abs(blue + 0.5 - x) <= 0.51
        assert abs(green + 0.5 - y) <= 0.51


@given(
    st.floats(-50, 50), st.floats(-50, 50), st.floats(0.2, 5), st.floats(0.2, 5), st.floats(-99, 99), st.floats(-99, 99)
)
def test_geometry_there_and_back(x, y, step_x, step_y, u, v):
    geometry = PatchGeometry(x, y, step_x, step_y, 20, 30)
    assert geometry.to_patch(*geometry.to_frame(u, v)) == pytest.approx((u, v), abs=1e-6)
    box = Box(u, v, 3, 4)
    assert list(geometry.box_to_patch(geometry.box_to_frame(box))) == pytest.approx(list(box), abs=1e-6)


def test_the_part_inside_the_frame_is_known():
    geometry = PatchGeometry(-10, -4, 2, 2, 60, 50)
    assert cut_patch(ramp(), geometry).inside == (5, 2, 45, 32)
    assert cut_patch(ramp(), PatchGeometry(500, 0, 1, 1, 10, 10)).inside == (0, 0, 0, 10)


def test_cutting_leaves_the_frame_alone_and_takes_any_layout():
    image = np.ascontiguousarray(ramp()[:, ::-1])
    mirrored = ramp()[:, ::-1]
    mirrored.setflags(write=False)
    geometry = PatchGeometry(3, 3, 1.5, 1.5, 20, 20)
    assert (cut_patch(mirrored, geometry).image == cut_patch(image, geometry).image).all()
    assert (mirrored == image).all()


def test_patches_are_halved_by_averaging():
    image = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    small = Patch(image, PatchGeometry(5, 6, 2, 2, 30, 20), (3, 2, 30, 19)).reduced(2)
    assert small.image[1, 1] == pytest.approx(image[2:4, 2:4].mean(axis=(0, 1)), abs=0.5)
    assert small.geometry == PatchGeometry(5, 6, 4, 4, 15, 10)
    assert small.inside == (2, 1, 15, 9)


def test_a_smooth_patch_averages_where_pixels_would_be_skipped():
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    far = PatchGeometry(0, 0, 4, 4, 20, 15)
    means = image.reshape(15, 4, 20, 4, 3).mean(axis=(1, 3))
    assert np.abs(cut_smooth_patch(image, far).image - means).mean() < 40
    assert cut_smooth_patch(image, far).geometry == far
    near = cut_smooth_patch(ramp(), PatchGeometry(10.5, 5, 1, 1, 8, 6))
    assert near.image[0, 0, 0] in (10, 11)


@settings(deadline=None)
@given(st.floats(-60, 90), st.floats(-40, 70), st.floats(0.3, 4), st.integers(4, 60), st.integers(4, 60))
def test_a_smooth_patch_is_moved_by_half_a_pixel_at_most_and_says_so(x, y, step, width, height):
    wanted = PatchGeometry(x, y, step, step, width, height)
    patch = cut_smooth_patch(ramp(), wanted)
    moved = patch.geometry
    assert abs(moved.x - x) <= min(step, 1) / 2 + 1e-6
    assert abs(moved.y - y) <= min(step, 1) / 2 + 1e-6
    assert patch.image.shape == (height, width, 3)
    left, top, right, bottom = patch.inside
    u, v = np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5
    shown = patch.image[top:bottom, left:right].astype(float) + 0.5
    # Brightness is rounded, and a sample at the frame's edge may show its neighbor.
    for at, values in ((moved.x + u * step, shown[..., 0]), (moved.y + v[:, None] * step, shown[..., 1])):
        if values.size:
            assert np.abs(values - at).max() <= 1 + step
            assert np.abs(values - at)[2:-2, 2:-2].max(initial=0) <= 0.8 + step / 2


@pytest.mark.parametrize("origin", [-31.5, -30.8, -21.7, -0.7])
def test_rounding_leads_no_sample_around_the_frame(origin):
    """Where the region begins so many samples before the frame that rounding puts the frame's edge before 0."""
    geometry = PatchGeometry(origin, origin, 0.7, 0.7, 180, 180)
    image = ramp(94, 94)
    smooth, exact = (cut_smooth_patch(image, geometry, exact=exact).image.astype(int) for exact in (False, True))
    assert np.abs(smooth - exact).max() <= 4


@pytest.mark.parametrize(("x", "width", "y", "height"), [(5, 5, 100, 90), (9, 5, 100, 92), (4, 7, 100, 50)])
@pytest.mark.parametrize("turned", [False, True])
def test_targets_whose_region_begins_at_a_rounded_edge(x, width, y, height, turned):
    image = np.random.default_rng(0).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    box = (y, x, height, width) if turned else (x, y, width, height)
    tracker = Tracker("accurate")
    tracker.init(image, box)
    assert tracker.update(image).ok
