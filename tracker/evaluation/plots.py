"""Pictures of an evaluation: figures in memory, from data alone. Needs matplotlib (extra `plot`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tracker.errors import ConfigError
from tracker.evaluation import metrics
from tracker.evaluation.results import Evaluation, SequenceResult
from tracker.evaluation.strips import TILE, Tile
from tracker.geometry import Box
from tracker.tracking.result import TrackState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TRUTH_COLOR = "#00a000"
STATE_COLORS = {TrackState.TRACKING: "#1f6fd0", TrackState.OCCLUDED: "#e08a00", TrackState.LOST: "#d02020"}


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of that size in inches; it belongs to no window and no global state.

    Raises:
        ConfigError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError("a report needs matplotlib: pip install 'meanshift-tracker[plot]'") from error
    return Figure(figsize=(width, height), dpi=100, layout="constrained")


def curves_figure(evaluations: Mapping[str, Evaluation]) -> Figure:
    """Draw success and precision over their thresholds, one line a label; jittered starts as thin lines.

    Raises:
        ConfigError: matplotlib is not installed.
    """
    figure = new_figure(11, 4.5)
    success, precision = figure.subplots(1, 2)
    for number, (label, evaluation) in enumerate(evaluations.items()):
        color, mean, name = f"C{number}", evaluation.mean(), _literal(label)
        for start in evaluation.starts:
            look = {"color": color, "linewidth": 0.7, "alpha": 0.6} if start else {"color": color, "linewidth": 2.0}
            auc, at = (None, None) if start else (f"{name}  {mean.success_auc:.3f}", f"{name}  {mean.precision:.3f}")
            success.plot(metrics.SUCCESS_THRESHOLDS, evaluation.success_curve(start), label=auc, **look)
            precision.plot(metrics.PRECISION_THRESHOLDS, evaluation.precision_curve(start), label=at, **look)
    precision.axvline(metrics.PRECISION_AT, color="0.6", linewidth=0.8, linestyle="--")
    _dress(success, "Success", "overlap threshold", "share of frames above", "area under the curve")
    _dress(precision, "Precision", "centre error, px", "share of frames within", "within 20 px")
    return figure


def clip_figure(result: SequenceResult, tiles: Sequence[Tile]) -> Figure:
    """Draw a run: a strip of frames with truth and prediction, and overlap and confidence over time below.

    Raises:
        ConfigError: matplotlib is not installed.
    """
    columns = max(len(tiles), 1)
    figure = new_figure(2.0 * max(columns, 4), 4.2)
    grid = figure.add_gridspec(2, columns, height_ratios=(3, 2))
    for column, tile in enumerate(tiles):
        _draw_tile(figure.add_subplot(grid[0, column]), result, tile)
    _draw_course(figure.add_subplot(grid[1, :]), result, [tile.row + 1 for tile in tiles])
    scores = result.scores
    figure.suptitle(
        f"{_literal(result.name)}   AUC {scores.success_auc:.3f}   P@20 {scores.precision:.3f}", fontsize=11
    )
    return figure


def _literal(name: str) -> str:
    """Keep matplotlib from reading a formula between two dollar signs."""
    return name.replace("$", r"\$")


def _dress(axes: Axes, title: str, across: str, up: str, legend: str) -> None:
    axes.set(title=title, xlabel=across, ylabel=up, ylim=(0, 1.02))
    axes.margins(x=0)
    axes.grid(alpha=0.3)
    axes.legend(title=legend, fontsize=9)


def _draw_tile(axes: Axes, result: SequenceResult, tile: Tile) -> None:
    axes.imshow(tile.image[:, :, ::-1], extent=(0, TILE, TILE, 0))
    _draw_box(axes, tile.truth, TRUTH_COLOR, "--")
    state = result.states[tile.row]
    _draw_box(axes, tile.box, STATE_COLORS[state] if state else "0.5", "-")
    axes.set(xlim=(0, TILE), ylim=(TILE, 0), xticks=[], yticks=[])
    overlap = result.overlaps[tile.row]
    axes.set_title(f"{tile.row + 1}: " + ("absent" if np.isnan(overlap) else f"{overlap:.2f}"), fontsize=9)


def _draw_box(axes: Axes, box: Box | None, color: str, style: str) -> None:
    from matplotlib.patches import Rectangle

    if box is None:
        return
    # A wide white line beneath keeps the box readable on any picture.
    for line_color, width, line_style in (("white", 3.5, "-"), (color, 1.8, style)):
        axes.add_patch(
            Rectangle(
                (box.x, box.y),
                box.width,
                box.height,
                fill=False,
                edgecolor=line_color,
                linewidth=width,
                linestyle=line_style,
            )
        )


def _draw_course(axes: Axes, result: SequenceResult, marks: Sequence[int]) -> None:
    frames = np.arange(1, len(result.truth) + 1)
    for state in (TrackState.OCCLUDED, TrackState.LOST):
        there = np.array([seen is state for seen in result.states])
        axes.fill_between(
            frames, 0, 1, where=there, step="mid", color=STATE_COLORS[state], alpha=0.2, linewidth=0, label=state.name
        )
    axes.plot(frames, result.overlaps, color=TRUTH_COLOR, linewidth=1.5, label="overlap")
    axes.plot(frames, result.confidences, color="0.3", linewidth=0.8, label="confidence")
    axes.plot(marks, np.full(len(marks), 1.0), linestyle="", marker="v", color="black", markersize=5, clip_on=False)
    axes.set(xlim=(1, max(2, len(frames))), ylim=(0, 1), xlabel="frame")
    axes.grid(alpha=0.3)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
