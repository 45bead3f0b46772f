"""Places in the window and drags, without a window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.drawing.viewport import LARGEST, Viewport
from tracker.viewer.mouse import SMALLEST, Drag, Pointer, Touch

SIDES = st.integers(1, 8000)


@settings(deadline=None)
@given(SIDES, SIDES)
def test_a_view_fits_and_keeps_the_shape(width: int, height: int) -> None:
    view = Viewport.fitting(width, height)
    across, down = view.size
    assert 1 <= across <= LARGEST[0]
    assert 1 <= down <= LARGEST[1]
    assert abs(across - width * view.scale) <= 1
    assert abs(down - height * view.scale) <= 1


@settings(deadline=None)
@given(SIDES, SIDES, st.floats(0, 1), st.floats(0, 1))
def test_every_pixel_of_a_view_lies_in_the_frame(width: int, height: int, u: float, v: float) -> None:
    view = Viewport.fitting(width, height)
    x, y = view.to_frame(int(u * (view.size[0] - 1)), int(v * (view.size[1] - 1)))
    assert 0 < x < width
    assert 0 < y < height


def test_a_big_frame_is_shown_smaller_and_a_small_one_larger() -> None:
    assert Viewport.fitting(3840, 2160).size == (1600, 900)
    assert Viewport.fitting(640, 360).size == (640, 360)
    assert Viewport.fitting(160, 120).size == Viewport.fitting(320, 240).size == (640, 480)


@pytest.mark.parametrize(("width", "height"), [(3840, 2160), (640, 360), (160, 120)])
def test_a_view_renders_its_size(width: int, height: int) -> None:
    view = Viewport.fitting(width, height)
    assert view.render(np.zeros((height, width, 3), np.uint8)).shape == (view.size[1], view.size[0], 3)


def dragged(view: Viewport, *points: tuple[float, float]) -> object:
    drag = Drag()
    drag.feed(Pointer(Touch.PRESS, *points[0]), view)
    for point in points[1:-1]:
        assert drag.feed(Pointer(Touch.MOVE, *point), view) is None
    return drag.feed(Pointer(Touch.RELEASE, *points[-1]), view)


FULL = Viewport(640, 360)


def test_a_drag_in_any_direction_gives_the_same_box() -> None:
    corners = [(100, 50), (200, 50), (200, 120), (100, 120)]
    boxes = {dragged(FULL, corners[k], corners[(k + 2) % 4]) for k in range(4)}
    assert len(boxes) == 1
    assert tuple(boxes.pop()) == pytest.approx((100.5, 50.5, 100, 70))


def test_a_drag_on_a_scaled_view_is_in_frame_pixels() -> None:
    view = Viewport.fitting(3840, 2160)
    box = dragged(view, (100, 100), (150, 120), (300, 200))
    assert tuple(box) == pytest.approx((241.2, 241.2, 480, 240))


def test_a_drag_beyond_the_edge_ends_at_the_edge() -> None:
    assert tuple(dragged(FULL, (600, 300), (900, 700))) == pytest.approx((600.5, 300.5, 39.5, 59.5))


@pytest.mark.parametrize("points", [[(50, 50), (50, 50)], [(50, 50), (51, 90)], [(50, 50), (90, 49)]])
def test_a_tiny_drag_is_a_slip(points: list[tuple[float, float]]) -> None:
    assert dragged(FULL, *points) is None


def test_tiny_is_measured_in_the_frame() -> None:
    view = Viewport.fitting(3840, 2160)
    assert dragged(view, (50, 50), (53, 53)) is not None
    assert 3 < SMALLEST < 3 * 2.4


def test_a_cancelled_drag_gives_nothing() -> None:
    drag = Drag()
    drag.feed(Pointer(Touch.PRESS, 10, 10), FULL)
    drag.feed(Pointer(Touch.MOVE, 100, 100), FULL)
    assert drag.active
    assert drag.outline(FULL) is not None
    drag.cancel()
    assert not drag.active
    assert drag.outline(FULL) is None
    assert drag.feed(Pointer(Touch.RELEASE, 120, 120), FULL) is None


def test_a_mouse_that_only_moves_does_nothing() -> None:
    drag = Drag()
    assert drag.feed(Pointer(Touch.MOVE, 1, 1), FULL) is None
    assert drag.feed(Pointer(Touch.RELEASE, 90, 90), FULL) is None
    assert not drag.active


def test_the_right_button_begins_and_ends_no_drag() -> None:
    drag = Drag()
    assert drag.feed(Pointer(Touch.PRESS_RIGHT, 10, 10), FULL) is None
    assert not drag.active
    drag.feed(Pointer(Touch.PRESS, 10, 10), FULL)
    assert drag.feed(Pointer(Touch.PRESS_RIGHT, 60, 60), FULL) is None
    assert drag.active
    assert drag.feed(Pointer(Touch.RELEASE, 60, 60), FULL) is not None
