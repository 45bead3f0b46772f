"""The map between a frame and a window: fitted, zoomed, moved, mirrored."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.drawing import viewport
from tracker.drawing.viewer_frame import ViewerFrame, ViewerStyle, draw_viewer_frame
from tracker.drawing.viewport import MOST_ZOOM, Viewport
from tracker.geometry import Box
from tracker.tracking.result import Track

VIEWS = [
    Viewport(640, 480),
    Viewport.fitting(160, 120),
    Viewport.within(640, 480, (1000, 500)),
    Viewport.within(640, 480, (300, 500), mirrored=True),
    Viewport.within(640, 480, (640, 480)).zoomed(3.0, 100, 400),
    Viewport.within(640, 480, (900, 480), mirrored=True).zoomed(5.0, 800, 10),
]


@pytest.mark.parametrize("view", VIEWS)
@given(x=st.floats(0, 640), y=st.floats(0, 480))
def test_there_and_back_is_the_same_point(view: Viewport, x: float, y: float) -> None:
    across, down = view.to_view(x, y)
    assert view.to_frame(across - 0.5, down - 0.5) == pytest.approx((x, y), abs=1e-6)


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_is_where_the_boxes_are(view: Viewport) -> None:
    image = np.zeros((view.height, view.width, 3), np.uint8)
    box = Box(0.2 * view.width, 0.6 * view.height, 0.1 * view.width, 0.2 * view.height)
    x, y, right, bottom = (round(v) for v in box.xyxy)
    image[y:bottom, x:right] = 255
    shown = view.render(image)
    assert shown.shape[:2] == view.size[::-1]
    expected = np.zeros_like(shown)
    left, top, right, bottom = (round(v) for v in view.placed(Box(x, y, right - x, bottom - y)).xyxy)
    expected[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = 255
    wrong = (abs(shown.astype(int) - expected) > 200).any(axis=2).mean()
    assert wrong < 0.01


def test_what_is_beside_the_picture_is_black() -> None:
    shown = Viewport.within(64, 48, (300, 100)).render(np.full((48, 64, 3), 255, np.uint8))
    assert not shown[:, :80].any()
    assert not shown[:, -80:].any()
    assert (shown[:, 90:-90] == 255).all()


@given(st.lists(st.tuples(st.floats(0.2, 5), st.floats(0, 899), st.floats(0, 599)), max_size=12))
def test_zoom_stays_between_fitted_and_its_bound_and_shows_no_edge(turns: list[tuple[float, float, float]]) -> None:
    fitted = view = Viewport.within(1920, 1080, (900, 600))
    for turn in turns:
        view = view.zoomed(*turn)
    assert fitted.scale * 0.999 <= view.scale <= MOST_ZOOM * fitted.scale * 1.001
    assert view.left <= 1e-6
    assert view.left + 1920 * view.scale >= 900 - 1e-6


def test_what_is_at_the_pointer_stays_there() -> None:
    view = Viewport.within(1920, 1080, (960, 540))
    before = view.to_frame(300, 200)
    assert view.zoomed(2.0, 300, 200).to_frame(300, 200) == pytest.approx(before, abs=1.0)


def test_averaging_which_is_slow_is_only_for_less_than_half_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[int] = []
    real = cv2.resize

    def resize(*args: object, interpolation: int) -> object:
        used.append(interpolation)
        return real(*args, interpolation=interpolation)  # type: ignore[call-overload]

    monkeypatch.setattr(viewport.cv2, "resize", resize)
    image = np.zeros((1080, 1920, 3), np.uint8)
    for window in ((1600, 900), (960, 540), (900, 500)):
        Viewport.within(1920, 1080, window).render(image)
    assert used == [cv2.INTER_LINEAR, cv2.INTER_LINEAR, cv2.INTER_AREA]


def test_lines_and_letters_are_as_large_in_a_window_whatever_the_frame(make_track: Callable[..., Track]) -> None:
    """A frame of 160x120 had letters of 6 pixels that were enlarged afterwards to blocks."""
    pictures = []
    for width, height in ((160, 120), (1600, 1200)):
        box = Box(0.3 * width, 0.3 * height, 0.3 * width, 0.3 * height)
        scene = ViewerFrame(
            np.full((height, width, 3), 90, np.uint8),
            [make_track(box)],
            view=Viewport.within(width, height, (800, 600)),
            caption="frame 7",
        )
        pictures.append(draw_viewer_frame(scene, ViewerStyle(trail=False)))
    corner = np.s_[540:, :200]
    np.testing.assert_array_equal(pictures[0][corner], pictures[1][corner])
