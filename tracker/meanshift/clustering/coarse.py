"""Fewer, heavier points in place of many: the approximate mode."""

from __future__ import annotations

import numpy as np

from tracker.meanshift.clustering.ball import Cloud
from tracker.meanshift.clustering.grouping import group_by_cell

CELLS_PER_BANDWIDTH = 10
"""Fineness of the grid; no point is moved by more than √d / 10 of a bandwidth."""


def coarsened(cloud: Cloud, bandwidth: float) -> Cloud:
    """Replace the points of each cell of a grid by their mean, with their mass.

    Grid methods (MeanShift++, Jang & Jiang 2021; GridShift, Kumar et al. 2022) also shift the cells instead of the
    points, but take a cell and its neighbours for the kernel; here the kernel keeps its shape and size.
    """
    groups = group_by_cell(np.floor(cloud.points.T * (CELLS_PER_BANDWIDTH / bandwidth)))
    weights = np.ones(len(cloud.points)) if cloud.weights is None else cloud.weights
    mass = groups.sums(weights)
    means = np.stack([groups.sums(weights * column) / mass for column in cloud.points.T], axis=1)
    return Cloud(means, mass)
