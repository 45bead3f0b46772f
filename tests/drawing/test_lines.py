"""Lines and dots: clipped, dashed, at home anywhere."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawing.pictures import gray
from tracker.drawing.lines import Pen, clipped, draw_boxes, draw_dots, draw_fading, draw_segments, visible_pieces
from tracker.geometry import Box
from tracker.tracking.result import Track

MakeTrack = Callable[..., Track]


@settings(deadline=None)
@given(*[st.floats(-300, 300)] * 4)
def test_clipped_lines_are_the_part_inside(x0: float, y0: float, x1: float, y1: float) -> None:
    numbers, first, last = clipped(np.array([[[x0, y0], [x1, y1]]]), np.array([100.0, 80.0]), 5)
    for t in np.linspace(0, 1, 41):
        x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
        inside = -5 <= x <= 105 and -5 <= y <= 85
        covered = len(numbers) > 0 and first[0] - 1e-9 <= t <= last[0] + 1e-9
        near_edge = min(abs(x + 5), abs(x - 105), abs(y + 5), abs(y - 85)) < 1e-6
        assert near_edge or inside == covered


def reference_dashes(length: float, first: float, last: float, on: float, off: float) -> list[tuple[float, float]]:
    """Return the dashes one by one, in pixels."""
    found, k = [], 0
    while k * (on + off) < length:
        begin, end = max(k * (on + off), first), min(k * (on + off) + on, last)
        found += [(begin, end)] if begin < end else []
        k += 1
    return found


@pytest.mark.parametrize(("x", "length"), [(10, 70), (-40, 200), (90, 300), (-500, 450), (20, 5), (20, 6.5), (3, 0)])
@pytest.mark.parametrize("dash", [(6.0, 3.0), (1.8, 3.0)])
def test_dashes_are_counted_from_the_start(x: float, length: float, dash: tuple[float, float]) -> None:
    pen = Pen((1, 2, 3), 1, dash=dash)
    pieces, numbers = visible_pieces([[(x, 20.0), (x + length, 20.0)]], pen, 100, 40)
    inside = x >= 0 and x + length <= 100
    first, last = (0.0, length) if inside else (max(-1.0 - x, 0.0), min(101.0 - x, length))
    expected = [(first, last)] if length <= dash[0] else reference_dashes(length, first, last, *dash)
    np.testing.assert_allclose(pieces[:, :, 0] / 16 + 0.5 - x, np.reshape(expected, (-1, 2)), atol=1 / 16)
    assert (numbers == 0).all()


def test_pieces_keep_the_numbers_of_their_segments() -> None:
    nan = math.nan
    segments = [
        [(1, 1), (9, 9)],
        [(nan, 1), (2, 2)],
        [(-50, -50), (-60, -60)],
        [(1e300, 0), (2, 2)],
        [(-5, 5), (50, 5)],
    ]
    pieces, numbers = visible_pieces(segments, Pen((0, 0, 0), 1), 20, 20)
    assert numbers.tolist() == [0, 4]
    assert pieces.dtype == np.int32
    assert visible_pieces([], Pen((0, 0, 0), 1, dash=(2.0, 1.0)), 20, 20)[0].shape == (0, 2, 2)


def test_several_boxes_are_drawn_as_one_by_one() -> None:
    boxes = [
        Box(5, 5, 20, 10),
        Box(60.4, 30.6, 0.2, 0.2),
        Box(-5, 40, 30, 30),
        Box(math.nan, 0, 5, 5),
        Box(90, 2, 4, 4),
    ]
    pen = Pen((10, 200, 30), 1, 0, (4.0, 2.0))
    together, apart = gray(100, 80), gray(100, 80)
    draw_boxes(together, boxes, pen)
    for box in boxes:
        draw_boxes(apart, [box], pen)
    np.testing.assert_array_equal(together, apart)
    draw_boxes(together, [], pen)
    assert together[31, 60].tolist() == [10, 200, 30]


def test_a_rim_never_covers_a_line() -> None:
    image = gray(60, 60)
    draw_segments(image, [[(5, 30), (55, 30)], [(30, 5), (30, 55)]], Pen((255, 255, 255), 3, 2), smooth=False)
    assert (image[30, 6:54] == 255).all()
    assert (image[6:54, 30] == 255).all()


def test_a_fading_line_thins_and_fades_toward_its_beginning_and_breaks() -> None:
    image = gray(240, 60, level=0)
    points: list[tuple[float, float] | None] = [(float(x), 30.0) for x in range(10, 230, 4)]
    points[20:25] = [None] * 5
    draw_fading(image, points, (200, 200, 200), 5)
    painted_rows = (image.any(axis=2)).sum(axis=0)
    assert painted_rows[14] < painted_rows[120] <= painted_rows[220]
    assert image[30, 14, 0] < image[30, 120, 0] < image[30, 220, 0] <= 200
    assert not painted_rows[95:105].any()
    before = image.copy()
    for nothing in ([], [(5.0, 5.0)], [None, None], [None, (5.0, 5.0)], [(math.nan, 5.0), (math.inf, 5.0)]):
        draw_fading(image, nothing, (9, 9, 9), 3)
    np.testing.assert_array_equal(image, before)


def test_dots_may_lie_anywhere() -> None:
    image = gray(40, 40)
    draw_dots(image, [(math.nan, 5), (1e300, 5), (-9, 5), (20.5, 20.5)], 3, (255, 255, 255), halo=2)
    rows, columns = np.nonzero((image != 120).any(axis=2))
    reach = (rows.min(), rows.max(), columns.min(), columns.max())
    assert reach == pytest.approx((15, 25, 15, 25), abs=1)  # smooth edges reach a pixel further
    assert (image[20, 20] == 255).all()
