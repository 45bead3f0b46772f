from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.meanshift.clustering.helpers import bandwidths, point_sets, quick
from tracker.meanshift.clustering.grid import Axis, CellGrid, choose_layout


@quick
@given(point_sets().filter(lambda points: points.shape[1] <= 3), bandwidths, st.floats(-5, 5))
def test_cuts_hold_every_point_of_the_ball_and_the_certain_ones_are_inside(points, radius, offset):
    grid = CellGrid(np.ascontiguousarray(points.T), radius)
    center = points[:1] + offset
    inside = np.linalg.norm(points[grid.order] - center, axis=1) <= radius
    held, certain = np.zeros(len(points), bool), np.zeros(len(points), bool)
    entered, sure, unsure, left = grid.cuts(np.ascontiguousarray(center.T))[0]
    for rod in range(grid.rods_per_ball):
        held[entered[rod] : left[rod]] = True
        certain[sure[rod] : max(sure[rod], unsure[rod])] = True
    assert not (inside & ~held).any()
    assert not (certain & ~inside).any()


def test_an_axis_without_its_voids_keeps_order_and_near_distances():
    values = np.concatenate([np.linspace(0, 3, 20), np.linspace(1e6, 1e6 + 3, 20), np.linspace(5e9, 5e9 + 3, 20)])
    axis = Axis.packed(values, 1.0)
    places = axis.position(values)
    assert axis.is_shifted
    assert axis.length < 60
    assert (np.diff(places) > 0).all()
    np.testing.assert_allclose(values - axis.shift(values), places, atol=1e-5)
    assert places[20] - places[19] > 2.0


@pytest.mark.parametrize("spread", [1.0, 1e9])
def test_the_table_of_cells_stays_small_for_the_points(spread):
    points = np.random.default_rng(0).normal(size=(2, 5000)) + np.random.default_rng(1).integers(0, 2, 5000) * spread
    layout = choose_layout(points, 0.5)
    assert layout.tabled
    assert np.prod([axis.length * layout.fineness / 0.5 for axis in layout.axes]) * 2 < 10 * 5000
