"""What counts as a picture, and patches cut from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.density import ConcentricBoxes, SummedDensity
from tracker.errors import FrameError
from tracker.geometry import Box
from tracker.image import as_image
from tracker.patch import PatchGeometry, cut_patch


def ramp(height=60, width=80):
    """A picture whose blue and green say where a pixel is."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0], image[..., 1] = np.meshgrid(np.arange(width), np.arange(height))
    return image


def test_a_picture_is_taken_as_it_is():
    image = ramp()
    assert as_image(image) is image


@pytest.mark.parametrize(
    "frame",
    [
        np.full((4, 5), 7, np.uint8),
        np.full((4, 5, 1), 7, np.uint8),
        np.full((4, 5, 4), 7, np.uint8),
        np.full((4, 5, 3), 7 * 257, np.uint16),
        np.full((4, 5), 7 * 257, np.uint16),
    ],
)
def test_grey_alpha_and_sixteen_bits_are_converted(frame):
    frame.setflags(write=False)
    image = as_image(frame)
    assert image.shape == (4, 5, 3)
    assert image.dtype == np.uint8
    assert (image == 7).all()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (None, "did the capture fail"),
        ([[1, 2]], "got list"),
        (np.zeros((0, 5, 3), np.uint8), "empty"),
        (np.zeros((4, 5, 2), np.uint8), "shape"),
        (np.zeros((4,), np.uint8), "shape"),
        (np.zeros((4, 5, 3)), "float64"),
        (np.zeros((4, 5, 3), bool), "bool"),
    ],
)
def test_anything_else_is_refused(frame, message):
    with pytest.raises(FrameError, match=message):
        as_image(frame)


@pytest.mark.parametrize("step", [(1.0, 1.0), (2.0, 3.0), (2.5, 1.25), (0.5, 0.5)])
def test_a_patch_pixel_shows_the_frame_pixel_under_its_centre(step):
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


masses = st.tuples(st.floats(-5, 35), st.floats(-5, 25), st.floats(0.2, 40), st.floats(0.2, 40))


@settings(deadline=None)
@given(masses, st.integers(0, 1000))
def test_box_masses_equal_the_sum_over_a_fine_grid(box, seed):
    x, y, width, height = box
    density = np.random.default_rng(seed).random((20, 30)).astype(np.float32)
    fine = 64
    u = (np.arange(30 * fine) + 0.5) / fine
    v = (np.arange(20 * fine) + 0.5) / fine
    wx = (np.abs(u - x) <= width / 2).reshape(30, fine).mean(1)
    wy = (np.abs(v - y) <= height / 2).reshape(20, fine).mean(1)
    boxes = ConcentricBoxes(density.shape, np.array([width], np.float32), np.array([height], np.float32))
    got = boxes.masses(density, x, y)[0]
    # An interval shorter than a pixel is held to one pixel's weight at most, not cut at both of its ends.
    if width >= 1 and height >= 1:
        assert got == pytest.approx(wy @ density @ wx, abs=0.02 * max(width + height, 1) + 0.02)


def test_summed_density_gives_every_window_and_any_box():
    density = np.random.default_rng(1).random((15, 22)).astype(np.float32)
    summed = SummedDensity(density)
    windows = summed.windows(4, 3)
    assert windows.shape == (13, 19)
    assert windows[5, 7] == pytest.approx(density[5:8, 7:11].sum(), rel=1e-5)
    assert summed.mass(Box(7.2, 4.9, 4, 3)) == pytest.approx(density[5:8, 7:11].sum(), rel=1e-5)
    assert summed.mass(Box(-10, -10, 100, 100)) == pytest.approx(density.sum(), rel=1e-5)
    assert summed.mass(Box(90, 90, 5, 5)) == 0
