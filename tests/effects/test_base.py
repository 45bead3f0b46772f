from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effects.painting import covered, holds, noise
from tracker.effects import EFFECTS, Area
from tracker.geometry import Box

CHANGING = sorted(set(EFFECTS) - {"none"})


@pytest.mark.parametrize("name", CHANGING)
def test_changes_the_areas_and_nothing_else(name: str) -> None:
    before = noise()
    image = before.copy()
    areas = [Area(Box(20, 30, 40, 25), "box"), Area(Box(100.5, 60.25, 30, 44))]
    EFFECTS[name]().apply(image, areas)
    inside = covered(areas, 160, 120)
    np.testing.assert_array_equal(image[~inside], before[~inside])
    assert (image[inside] != before[inside]).any(axis=1).mean() > 0.95


@pytest.mark.parametrize("name", CHANGING)
def test_changes_the_rest_and_leaves_the_areas(name: str) -> None:
    before = noise()
    image = before.copy()
    areas = [Area(Box(20, 30, 40, 25), "box"), Area(Box(100.5, 60.25, 30, 44))]
    EFFECTS[name]().apply(image, areas, rest=True)
    inside = covered(areas, 160, 120)
    np.testing.assert_array_equal(image[inside], before[inside])
    assert (image[~inside] != before[~inside]).any(axis=1).mean() > 0.95


@pytest.mark.parametrize("name", CHANGING)
def test_the_rest_of_nothing_is_all(name: str) -> None:
    image = noise()
    EFFECTS[name]().apply(image, [], rest=True)
    assert (image != noise()).any(axis=2).mean() > 0.95


def test_none_changes_nothing() -> None:
    image = noise()
    for rest in (False, True):
        EFFECTS["none"]().apply(image, [Area(Box(20, 30, 40, 25))], rest=rest)
    np.testing.assert_array_equal(image, noise())


@pytest.mark.parametrize("name", ["blur", "pixelate", "solid"])
def test_what_hides_leaves_no_detail(name: str) -> None:
    """Of a face of 60 pixels, fewer than 7 x 7 numbers are left: what lies between them is interpolation."""
    stripes = np.zeros((120, 160, 3), np.uint8)
    stripes[:, ::8] = stripes[:, 1::8] = stripes[:, 2::8] = stripes[:, 3::8] = 255
    image = stripes.copy()
    EFFECTS[name]().apply(image, [Area(Box(40, 30, 60, 60), "box")])
    inside = image[35:85, 45:95].astype(float)
    assert stripes[35:85, 45:95].std() > 100
    assert inside.std() < 35


@pytest.mark.parametrize("name", sorted(EFFECTS))
@pytest.mark.parametrize("rest", [False, True])
@pytest.mark.parametrize(
    "box",
    [
        Box(-500, -500, 10, 10),
        Box(-30, -20, 50, 50),
        Box(150, 110, 500, 500),
        Box(-1e12, 3, 2e12, 4),
        Box(5.2, 5.2, 0.1, 0.1),
        Box(-5, -5, 1e7, 1e7),
        Box(math.nan, 0, 5, 5),
        Box(0, 0, math.inf, 5),
    ],
)
def test_takes_a_box_anywhere(name: str, rest: bool, box: Box) -> None:
    for shape in ("ellipse", "box"):
        image = noise()
        EFFECTS[name]().apply(image, [Area(box, shape)], rest=rest)
        assert image.shape == (120, 160, 3)


@pytest.mark.parametrize("name", sorted(EFFECTS))
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (3, 2)])
def test_takes_a_picture_of_any_size(name: str, size: tuple[int, int]) -> None:
    for rest in (False, True):
        image = noise(*size)
        EFFECTS[name]().apply(image, [Area(Box(0, 0, 2, 1))], rest=rest)
        assert image.shape == (size[1], size[0], 3)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    x=st.floats(-40, 170), y=st.floats(-40, 130), width=st.floats(0.5, 200), height=st.floats(0.5, 200),
    shape=st.sampled_from(["ellipse", "box"]),
)  # fmt: skip
def test_either_shape_covers_the_whole_box(x: float, y: float, width: float, height: float, shape: str) -> None:
    box = Box(x, y, width, height)
    assert holds([Area(box, shape)], box, 160, 120)  # type: ignore[arg-type]
