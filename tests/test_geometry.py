"""Boxes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import BoxError
from tracker.geometry import Box, RotatedBox, iou, overlap_of, overlaps_of, shared_area, shared_areas

numbers = st.floats(-1e4, 1e4)
sizes = st.floats(0.01, 1e4)
boxes = st.builds(Box, numbers, numbers, sizes, sizes)


@pytest.mark.parametrize(
    "values",
    [(1, 2, 3, 4), [1.0, 2.0, 3.0, 4.0], np.array([1, 2, 3, 4]), Box(1, 2, 3, 4), (np.int64(1), 2.0, "3", 4)],
)
def test_any_four_numbers_make_a_box(values):
    assert Box.parse(values) == Box(1, 2, 3, 4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((1, 2, 3), "four numbers"),
        ((1, 2, 3, 4, 5), "got 5"),
        (7, "four numbers"),
        ("abcd", "four numbers"),
        (None, "four numbers"),
        ((1, 2, 0, 4), "above zero"),
        ((1, 2, 3, -4), "above zero"),
        ((math.nan, 2, 3, 4), "not finite"),
        ((1, 2, math.inf, 4), "not finite"),
    ],
)
def test_what_is_no_box_is_refused(values, message):
    with pytest.raises(BoxError, match=message):
        Box.parse(values)


def test_a_box_is_its_four_numbers():
    box = Box(1, 2, 3, 4)
    assert list(box) == [1, 2, 3, 4]
    assert len(box) == 4
    assert box[2] == 3
    assert np.asarray(box).tolist() == [1, 2, 3, 4]
    assert box.xyxy == (1, 2, 4, 6)
    assert box.center == (2.5, 4)
    assert box.area == 12


def test_clipping_keeps_what_is_inside():
    assert Box(-5, -5, 20, 10).clipped(10, 8) == Box(0, 0, 10, 5)
    assert Box(50, 50, 5, 5).clipped(10, 8).area == 0


@given(boxes)
def test_scaling_keeps_the_center(box):
    assert box.scaled(1.7).center == pytest.approx(box.center, abs=1e-6)
    assert box.scaled(2).area == pytest.approx(4 * box.area)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_bounded(a, b):
    assert 0 <= iou(a, b) <= 1
    assert iou(a, b) == iou(b, a)
    assert iou(a, a) == pytest.approx(1)


@given(st.lists(boxes, min_size=1, max_size=4), st.lists(boxes, min_size=1, max_size=4))
def test_many_overlaps_are_those_of_each_pair(first, second):
    np.testing.assert_array_equal(shared_areas(first, second), [[shared_area(a, b) for b in second] for a in first])
    np.testing.assert_array_equal(overlaps_of(first), [[overlap_of(a, b) for b in first] for a in first])


def test_overlap_of_known_boxes():
    assert iou(Box(0, 0, 2, 2), Box(1, 0, 2, 2)) == pytest.approx(1 / 3)
    assert iou(Box(0, 0, 2, 2), Box(2, 0, 2, 2)) == 0
    assert iou(Box(0, 0, 4, 4), Box(1, 1, 2, 2)) == pytest.approx(0.25)
    assert iou(Box(0, 0, 0, 0), Box(0, 0, 1, 1)) == 0


def test_rounding_rounds_edges():
    assert Box(0.6, 0.4, 2, 2).rounded() == (1, 0, 2, 2)


def test_rotated_box():
    turned = RotatedBox(10, 20, 8, 4, 90)
    assert turned.bounding_box() == Box(pytest.approx(8), pytest.approx(16), pytest.approx(4), pytest.approx(8))
    assert len(turned.corners()) == 4


@given(boxes, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_a_box_contains_what_lies_between_its_edges(box, u, v):
    x, y = box.x + u * box.width, box.y + v * box.height
    assert box.contains(x, y) == (x < box.right and y < box.bottom)
    assert not box.contains(box.right, y)
    assert not box.contains(x, box.bottom)
    assert not box.contains(box.x - box.width, y)
