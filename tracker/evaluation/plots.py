"""Figures of an evaluation, in memory: curves, and strips of frames with truth and prediction.

Needs matplotlib (extra `plot`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import cv2
import numpy as np

from tracker.errors import ConfigError
from tracker.evaluation import metrics
from tracker.evaluation.metrics import MISS_BELOW, Array
from tracker.evaluation.results import Evaluation, SequenceResult
from tracker.geometry import Box
from tracker.image import Image
from tracker.patch import Patch, PatchGeometry, cut_patch
from tracker.tracking.result import TrackState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TRUTH_COLOR = "#00a000"
STATE_COLORS = {TrackState.TRACKING: "#1f6fd0", TrackState.OCCLUDED: "#e08a00", TrackState.LOST: "#d02020"}

TILE = 224
"""Side of a tile, px."""

ROOM = 3.0
"""A tile shows at least this many target sizes."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A square cut from one frame, with truth and prediction in it.

    Attributes:
        row: row of the result; the number of the frame is one more.
        image: `(TILE, TILE, 3)`.
        truth: the true box in the tile's pixels, None where the target is absent.
        box: the predicted box in the tile's pixels, None where there is none.
    """

    row: int
    image: Image
    truth: Box | None
    box: Box | None


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
            line = {"color": color, "linewidth": 0.7, "alpha": 0.6} if start else {"color": color, "linewidth": 2.0}
            auc, at = (None, None) if start else (f"{name}  {mean.success_auc:.3f}", f"{name}  {mean.precision:.3f}")
            success.plot(metrics.SUCCESS_THRESHOLDS, evaluation.success_curve(start), label=auc, **line)
            precision.plot(metrics.PRECISION_THRESHOLDS, evaluation.precision_curve(start), label=at, **line)
    precision.axvline(metrics.PRECISION_AT, color="0.6", linewidth=0.8, linestyle="--")
    _dress(success, "Success", "overlap threshold", "share of frames above", "area under the curve")
    _dress(precision, "Precision", "center error, px", "share of frames within", "within 20 px")
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
    """Escape the dollar signs between which matplotlib reads a formula."""
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


def telling_rows(overlap: Array, count: int) -> list[int]:
    """Return up to `count` rows, ascending: evenly spread, the nearest one moved to where the longest miss begins."""
    rows = np.linspace(0, len(overlap) - 1, count).round().astype(int)
    onset = _longest_miss(overlap)
    if onset is not None:
        rows[np.abs(rows - onset).argmin()] = onset
    return sorted({int(row) for row in rows})


def read_tiles(result: SequenceResult, rows: Collection[int]) -> list[Tile]:
    """Read the frames of `rows` again and cut them out around truth and prediction.

    Raises:
        SourceError: the frames cannot be read.
    """
    frames = islice(result.sequence.frames(), max(rows) + 2)
    return [_tile(result, number - 1, frame.image) for number, frame in frames if number - 1 in rows]


def _tile(result: SequenceResult, row: int, image: Image) -> Tile:
    truth, box = _box(result.truth[row]), _box(result.boxes[row])
    shown = [shown for shown in (truth, box) if shown is not None]
    if not shown:
        shown = [Box(0, 0, image.shape[1], image.shape[0])]
    left, top = min(b.x for b in shown), min(b.y for b in shown)
    right, bottom = max(b.right for b in shown), max(b.bottom for b in shown)
    side = max(1.2 * max(right - left, bottom - top), ROOM * max(shown[0].width, shown[0].height))
    geometry = PatchGeometry.around((left + right) / 2, (top + bottom) / 2, side / TILE, side / TILE, TILE, TILE)
    truth_in, box_in = (None if b is None else geometry.box_to_patch(b) for b in (truth, box))
    return Tile(row, _shown(cut_patch(image, geometry, cv2.INTER_LINEAR)), truth_in, box_in)


def _shown(patch: Patch) -> Image:
    """Return the patch with light gray where the frame has ended, instead of its repeated edge."""
    left, top, right, bottom = patch.inside
    shown = np.full_like(patch.image, 225)
    shown[top:bottom, left:right] = patch.image[top:bottom, left:right]
    return shown


def _box(values: Array) -> Box | None:
    return Box(*values.tolist()) if np.isfinite(values).all() else None


def _longest_miss(overlap: Array) -> int | None:
    """Return where the longest run of frames off the target begins; None if there is none."""
    missed = np.concatenate(([False], overlap < MISS_BELOW, [False])).astype(np.int8)
    begins, ends = np.flatnonzero(np.diff(missed) == 1), np.flatnonzero(np.diff(missed) == -1)
    return int(begins[(ends - begins).argmax()]) if begins.size else None
