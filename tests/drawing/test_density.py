"""The density as a picture, and where it goes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tracker.density import DensityMap
from tracker.drawing.density import density_picture, free_corner
from tracker.patch import PatchGeometry
from tracker.tracking.result import Track

MakeTrack = Callable[..., Track]


def test_density_picture_is_brightest_at_the_mode() -> None:
    values = np.zeros((4, 6), np.float32)
    values[1, 4] = 1e-6  # scaled by its own maximum
    picture = density_picture(DensityMap(values, PatchGeometry(0, 0, 1, 1, 6, 4)), 60, 40)
    light = picture.sum(axis=2)
    assert picture.shape == (40, 60, 3)
    assert light[15, 45] == light.max() > light[0, 0]
    nothing = density_picture(DensityMap(np.zeros((4, 6), np.float32), PatchGeometry(0, 0, 1, 1, 6, 4)), 60, 40)
    assert (nothing == nothing[0, 0]).all()


def test_the_inset_goes_where_it_hides_least() -> None:
    frame = (0, 0, 200, 100)
    assert free_corner((40, 30), 4, frame, []) == (156, 4, 196, 34)
    assert free_corner((40, 30), 4, frame, [(150, 0, 200, 100)]) == (4, 4, 44, 34)
    assert free_corner((40, 30), 4, frame, [(150, 0, 200, 50)]) == (156, 66, 196, 96)
