"""The windowed iterator: properties of the mathematics, agreement with OpenCV, every way to end; moments."""

import itertools
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tracker.errors import DataError
from tracker.meanshift.kernels import KERNELS, StoppingRule
from tracker.meanshift.window import SeekWindow, Stop, seek_mode, window_density, window_moments

KERNEL_NAMES = sorted(KERNELS)
SHAPES = ["rectangle", "ellipse"]
PATIENT = StoppingRule(tolerance=1e-3, max_iterations=500)


def blob(width=90, height=70, x=40.0, y=30.0, sigma=6.0):
    """A Gaussian bump, centered at the continuous coordinates (x, y)."""
    u, v = np.arange(width) + 0.5 - x, np.arange(height) + 0.5 - y
    return np.exp(-(v[:, None] ** 2 + u[None, :] ** 2) / (2 * sigma**2)).astype(np.float32)


densities = arrays(np.float32, (24, 30), elements=st.floats(0, 1, width=32))
starts = st.tuples(st.floats(0, 30), st.floats(0, 24), st.floats(3, 25), st.floats(3, 25))


@pytest.mark.parametrize("kernel", KERNEL_NAMES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("center", [(40.0, 30.0), (41.3, 28.8)])
def test_finds_the_top_of_a_bump_to_a_fraction_of_an_element(kernel, shape, center):
    mode = seek_mode(blob(x=center[0], y=center[1]), 33, 36, 25, 21, kernel=kernel, shape=shape, rule=PATIENT)
    assert mode.stop is Stop.CONVERGED
    assert (mode.x, mode.y) == pytest.approx(center, abs=0.05)


@pytest.mark.parametrize("kernel", KERNEL_NAMES)
@settings(deadline=None, max_examples=60)
@given(density=densities, start=starts)
def test_never_descends_the_density_it_climbs(kernel, density, start):
    x, y, width, height = start
    mode = seek_mode(density, x, y, width, height, kernel=kernel, shape="ellipse", rule=PATIENT)
    heights = [window_density(density, *point, width, height, kernel=kernel) for point in mode.path]
    assert all(after >= before - 1e-4 for before, after in itertools.pairwise(heights))


@settings(deadline=None, max_examples=60)
@given(
    across=arrays(np.float64, 30, elements=st.floats(0.01, 1)),
    down=arrays(np.float64, 24, elements=st.floats(0.01, 1)),
    start=starts,
)
def test_a_rectangle_never_descends_a_density_that_is_a_product(across, down, start):
    x, y, width, height = start
    mode = seek_mode(np.outer(down, across), x, y, width, height, rule=PATIENT)

    def estimate(values, center, half):
        # Exact integral of the Epanechnikov profile over piecewise constant values, by fine sampling.
        points = (np.arange(len(values) * 200) + 0.5) / 200
        return (np.repeat(values, 200) * np.maximum(1 - ((points - center) / half) ** 2, 0)).sum() / 200

    heights = [estimate(across, u, width / 2) * estimate(down, v, height / 2) for u, v in mode.path]
    # The iterator takes an element's mass at its center, also where the window cuts it: a second-order difference.
    assert heights[-1] >= heights[0] * (1 - 0.02) - 1e-9


@settings(deadline=None, max_examples=100)
@given(
    density=arrays(np.uint8, (40, 50), elements=st.integers(0, 255)),
    left=st.integers(0, 30),
    top=st.integers(0, 22),
    width=st.integers(3, 20),
    height=st.integers(3, 18),
)
def test_one_step_equals_opencv_within_a_pixel(density, left, top, width, height):
    mode = seek_mode(density, left + width / 2, top + height / 2, width, height, rule=StoppingRule(1e-9, 1))
    _, window = cv2.meanShift(density, (left, top, width, height), (cv2.TERM_CRITERIA_COUNT, 1, 0))
    # OpenCV keeps its window inside the array; ours may stand over the edge.
    x = min(max(mode.x - width / 2, 0), 50 - width)
    y = min(max(mode.y - height / 2, 0), 40 - height)
    assert abs(x - window[0]) <= 1
    assert abs(y - window[1]) <= 1


@pytest.mark.parametrize("seed", range(8))
def test_the_rest_equals_opencv_within_a_pixel_on_a_bump(seed):
    rng = np.random.default_rng(seed)
    # On a wider bump OpenCV's whole-pixel steps stall before the top.
    x, y, sigma = rng.uniform(35, 55), rng.uniform(30, 40), rng.uniform(2, 5)
    density = (255 * blob(x=x, y=y, sigma=sigma)).astype(np.uint8)
    left, top = int(x) - 15 + int(rng.integers(-8, 8)), int(y) - 12 + int(rng.integers(-8, 8))
    mode = seek_mode(density, left + 15.5, top + 12.5, 31, 25, rule=PATIENT)
    _, window = cv2.meanShift(density, (left, top, 31, 25), (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 0.1))
    assert abs(mode.x - 15.5 - window[0]) <= 1
    assert abs(mode.y - 12.5 - window[1]) <= 1


@pytest.mark.parametrize("shape", SHAPES)
def test_no_mass_is_not_convergence(shape):
    mode = seek_mode(np.zeros((20, 30), np.float32), 12, 9, 7, 5, shape=shape)
    assert mode.stop is Stop.NO_MASS
    assert (mode.x, mode.y, mode.mass, mode.iterations) == (12, 9, 0.0, 0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("start", [(-40, 5), (70, 5), (5, -40), (5, 99)])
def test_a_window_wholly_outside_has_no_mass(shape, start):
    mode = seek_mode(np.ones((20, 30), np.float32), *start, 6, 6, shape=shape)
    assert mode.stop is Stop.NO_MASS


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kernel", KERNEL_NAMES)
def test_stays_where_the_density_is_the_same_everywhere(shape, kernel):
    mode = seek_mode(np.ones((40, 50)), 24.5, 20.5, 11, 9, shape=shape, kernel=kernel, rule=PATIENT)
    assert (mode.x, mode.y) == pytest.approx((24.5, 20.5), abs=1e-6)


def test_moves_by_fractions_so_that_slow_motion_does_not_stall():
    x = 30.0
    for step in range(1, 21):
        x = seek_mode(blob(x=30 + 0.3 * step), x, 30, 25, 21).x
    assert x == pytest.approx(36, abs=0.3)


def test_stops_at_the_allowed_number_of_moves():
    mode = seek_mode(blob(), 22, 30, 25, 21, rule=StoppingRule(1e-6, 3))
    assert mode.stop is Stop.EXHAUSTED
    assert mode.iterations == 3
    assert len(mode.path) == 4


def test_no_move_allowed_still_measures_the_mass():
    mode = seek_mode(np.ones((20, 20)), 10, 10, 4, 6, rule=StoppingRule(0.1, 0))
    assert (mode.x, mode.y, mode.mass) == (10, 10, pytest.approx(24))


def test_an_oscillation_is_ended_halfway(monkeypatch):
    import tracker.meanshift.window as window

    places = iter([(14.0, 10.0, 1.0), (10.0, 10.0, 1.0)] * 50)
    monkeypatch.setattr(window._Rectangle, "mean", lambda self, density, x, y: next(places))
    mode = seek_mode(np.ones((20, 30)), 10, 10, 6, 6, rule=StoppingRule(0.05, 100))
    assert mode.stop is Stop.OSCILLATING
    assert (mode.x, mode.y) == (12, 10)
    assert mode.iterations == 2


@settings(deadline=None, max_examples=80)
@given(density=densities, start=starts)
def test_every_run_ends_within_the_bound_and_near_the_array(density, start):
    x, y, width, height = start
    mode = seek_mode(density, x, y, width, height, rule=StoppingRule(1e-6, 40))
    assert mode.iterations <= 40
    assert mode.path[0] == (x, y)
    if mode.stop is not Stop.NO_MASS:
        assert 0 <= mode.x <= 30
        assert 0 <= mode.y <= 24


@settings(deadline=None, max_examples=50)
@given(x=st.floats(8, 20), y=st.floats(8, 16), width=st.floats(0.3, 12), height=st.floats(0.3, 12))
def test_mass_counts_edges_by_the_part_that_is_covered(x, y, width, height):
    density = np.ones((24, 30))
    mode = seek_mode(density, x, y, width, height, rule=StoppingRule(1e-9, 0))
    if width >= 1 and height >= 1:
        assert mode.mass == pytest.approx(width * height, rel=1e-6)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.uint16, np.float16, np.float32, np.float64, np.int32])
def test_takes_any_real_dtype_and_layout(dtype):
    density = (blob() > 0.5).astype(dtype)
    want = seek_mode((blob() > 0.5).astype(np.float64), 35, 30, 25, 21)
    for variant in (density, np.asfortranarray(density), np.repeat(density, 2, axis=1)[:, ::2]):
        variant.setflags(write=False)
        mode = seek_mode(variant, 35, 30, 25, 21)
        assert (mode.x, mode.y) == pytest.approx((want.x, want.y), abs=1e-3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e9])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("shape", SHAPES)
def test_refuses_a_density_that_is_no_density(bad, shape):
    density = np.ones((20, 20))
    density[10, 10] = bad
    with pytest.raises(DataError, match="negative or not finite"):
        seek_mode(density, 10, 10, 8, 8, shape=shape)


@pytest.mark.parametrize("window", [(5, 5, 0, 4), (5, 5, 4, -1), (np.nan, 5, 4, 4), (5, 5, np.inf, 4)])
def test_refuses_an_impossible_window(window):
    with pytest.raises(DataError, match="size above zero"):
        seek_mode(np.ones((20, 20)), *window)


@pytest.mark.parametrize("density", [np.ones(5), np.ones((4, 4, 3)), np.ones((4, 4), complex), np.full((4, 4), "a")])
def test_refuses_what_is_no_matrix_of_real_numbers(density):
    with pytest.raises(DataError, match="a density"):
        seek_mode(density, 2, 2, 2, 2)


def bar(angle, length=40, breadth=10, size=200):
    u = (np.arange(size) + 0.5 - size / 2) / 2
    x, y = np.meshgrid(u, u)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    along, across = x * cos + y * sin, -x * sin + y * cos
    return ((abs(along) <= length / 2) & (abs(across) <= breadth / 2)).astype(np.float32)


@pytest.mark.parametrize("angle", [-80, -45, 0, 30, 60])
def test_long_axis_and_its_direction(angle):
    moments = window_moments(bar(angle), 0, 0, 200, 200)
    long, short = moments.axes
    assert moments.angle == pytest.approx(angle, abs=1)
    assert long == pytest.approx(80 / math.sqrt(12), rel=0.03)
    assert short == pytest.approx(20 / math.sqrt(12), rel=0.06)
    assert (moments.x, moments.y) == pytest.approx((100, 100), abs=0.1)


def test_upright_bar_has_an_angle_in_range():
    assert window_moments(bar(90).round(), 0, 0, 200, 200).angle == pytest.approx(-90, abs=1)


def test_only_the_window_counts_and_it_may_reach_over_the_edge():
    density = np.zeros((20, 20))
    density[2, 3] = 2.0
    density[15, 15] = 5.0
    moments = window_moments(density, -5, -5, 8, 8)
    assert (moments.mass, moments.x, moments.y) == (2.0, 3.5, 2.5)


@pytest.mark.parametrize("window", [(0, 0, 20, 20), (5, 5, 5, 9), (40, 40, 50, 50), (-9, -9, -2, -2)])
def test_no_mass_has_no_moments(window):
    assert window_moments(np.zeros((20, 20)), *window) is None


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kernel", KERNEL_NAMES)
def test_one_window_seeks_in_one_density_after_another(shape, kernel):
    window = SeekWindow(13, 9, kernel=kernel, shape=shape, rule=PATIENT)
    densities = [blob(), blob(x=27.0), blob()[:50, 5:].copy(), blob().astype(np.float64)]
    for density in [*densities, *densities]:
        alone = seek_mode(density, 24, 29, 13, 9, kernel=kernel, shape=shape, rule=PATIENT)
        assert window.seek(density, 24, 29) == alone


def test_a_window_refuses_what_is_no_density():
    window = SeekWindow(5, 5, kernel="flat", shape="rectangle", rule=PATIENT)
    with pytest.raises(DataError, match="negative or not finite"):
        window.seek(np.full((20, 20), -1.0, np.float32), 10, 10)
