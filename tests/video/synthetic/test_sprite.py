from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.video.synthetic.sprite import Pose, Shape, extent, visible_share


@settings(deadline=None)
@given(
    width=st.floats(2, 200),
    height=st.floats(2, 200),
    corner=st.floats(0, 1),
    scale=st.floats(0.2, 3),
    angle=st.floats(-400, 400),
)
def test_the_extent_is_tight(width: float, height: float, corner: float, scale: float, angle: float) -> None:
    shape, pose = Shape(width, height, corner), Pose(11.0, -7.0, scale, angle)
    # Points of the outline: the inner rectangle's corners, with circles of the corner radius around them.
    turns = np.linspace(0, 2 * np.pi, 721)
    inner = [(sx * (width / 2 - shape.radius), sy * (height / 2 - shape.radius)) for sx in (-1, 1) for sy in (-1, 1)]
    u = np.concatenate([cx + shape.radius * np.cos(turns) for cx, _ in inner])
    v = np.concatenate([cy + shape.radius * np.sin(turns) for _, cy in inner])
    x, y = pose.matrix() @ np.stack([u, v, np.ones_like(u)])
    outline = (x.min(), y.min(), x.max(), y.max())
    assert extent(shape, pose).xyxy == pytest.approx(outline, abs=1e-4 * scale * (width + height))


def test_visible_share_counts_what_frame_and_covers_leave() -> None:
    square = Shape(40, 40, 0.0)
    cover = [(Shape(20, 100, 0.0), Pose(40, 50, 1.0, 0.0))]
    assert visible_share(square, Pose(50, 50, 1.0, 0.0), (100, 100), []) == 1.0
    assert visible_share(square, Pose(0, 50, 1.0, 0.0), (100, 100), []) == pytest.approx(0.5)
    assert visible_share(square, Pose(50, 50, 1.0, 0.0), (100, 100), cover) == pytest.approx(0.5)
    assert visible_share(square, Pose(150, 50, 1.0, 0.0), (100, 100), cover) == 0.0
