"""The clusters as a picture. Needs matplotlib (extra `plot`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError, OutputError
from tracker.files import reason
from tracker.meanshift.clustering import MeanShift

PICTURES = (".png", ".svg", ".pdf")
"""Suffixes of pictures that can be written."""

_MOST_DRAWN = 20_000  # points; more of them only hide each other
_COLORS = ("#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#72b7b2", "#eeca3b", "#9d755d", "#ff9da6")
_ORPHAN = "#bbbbbb"


def plot_clusters(path: Path, points: NDArray[np.float64], model: MeanShift) -> None:
    """Draw the first two coordinates of the points, a color a cluster, and the centres.

    Points on a line are drawn over their index. Of many points a random part is drawn.

    Raises:
        ConfigError: matplotlib is not installed.
        OutputError: the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError("--plot needs matplotlib: pip install 'meanshift-tracker[plot]'") from error
    figure = Figure(figsize=(7, 6), dpi=120, layout="constrained")
    axes = figure.subplots()
    drawn = np.random.default_rng(0).permutation(len(points))[:_MOST_DRAWN]
    labels, centers = model.labels_[drawn], model.cluster_centers_
    flat = points.shape[1] == 1
    across, up = (drawn, points[drawn, 0]) if flat else (points[drawn, 0], points[drawn, 1])
    colors = np.array([*_COLORS, _ORPHAN])[np.where(labels < 0, len(_COLORS), labels % len(_COLORS))]
    axes.scatter(across, up, s=max(2.0, min(16.0, 30_000 / len(drawn))), c=colors, linewidths=0, alpha=0.7)
    places = [(len(points) / 2, center[0]) if flat else (center[0], center[1]) for center in centers]
    for label, place in enumerate(places):
        axes.plot(*place, "o", markerfacecolor=_COLORS[label % len(_COLORS)], markeredgecolor="black", markersize=12)
    axes.set_title(f"Estimated number of clusters: {len(centers)}")
    axes.set_xlabel("index" if flat else "x0")
    axes.set_ylabel("x0" if flat else "x1")
    axes.spines[["top", "right"]].set_visible(False)
    if not flat:
        axes.set_aspect("equal", adjustable="datalim")
    try:
        figure.savefig(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
