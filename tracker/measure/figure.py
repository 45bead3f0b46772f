"""The figure of one or more tracks: the path in the picture, and what was measured over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from tracker.errors import ConfigError
from tracker.image import Image
from tracker.measure.motion import Motion
from tracker.measure.trajectory import Array
from tracker.tracking.result import TrackState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
"""Of targets, in turn; told apart with any kind of color vision (Okabe & Ito 2008)."""

_LOST, _OCCLUDED = "0.80", "0.92"
"""Grays behind what was not seen, where there is one target."""
_WIDTH = 7.0
"""Inches: both columns of most journals."""
_ENDS = (("o", "start"), ("s", "end"))
"""Markers of the first and the last place that was seen."""
_ERRORS = 2.0
"""Standard errors on either side of the speed: about 95 %."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A quantity over time: the axis' label ({unit} is filled in), and its lines by name and style."""

    label: str
    lines: Callable[[Motion], Mapping[str, tuple[Array, str]]]


def _size(motion: Motion) -> Array:
    boxes = np.where(motion.track.seen[:, None], motion.track.boxes, np.nan)
    return np.asarray(np.sqrt(boxes[:, 2] * boxes[:, 3]) / motion.calibration.pixels_per_unit, np.float64)


PANELS: Mapping[str, Panel] = MappingProxyType(
    {
        "position": Panel("position ({unit})", lambda m: {"x": (m.x, "-"), "y": (m.y, "--")}),
        "speed": Panel("speed ({unit}/s)", lambda m: {"": (m.speed, "-")}),
        "velocity": Panel("velocity ({unit}/s)", lambda m: {"vx": (m.vx, "-"), "vy": (m.vy, "--")}),
        "acceleration": Panel("acceleration ({unit}/s²)", lambda m: {"ax": (m.ax, "-"), "ay": (m.ay, "--")}),
        "angle": Panel("angle (°)", lambda m: {"": (m.angle, "-")}),
        "path": Panel("path ({unit})", lambda m: {"": (m.path, "-")}),
        "size": Panel("size ({unit})", lambda m: {"": (_size(m), "-")}),
        "confidence": Panel("confidence", lambda m: {"": (m.track.confidences, "-")}),
    }
)
"""What can be drawn over time, by name. A new one is a line here."""

USUAL_PANELS = ("position", "speed", "size", "confidence")


def parse_panels(text: str) -> tuple[str, ...]:
    """Read names of panels with commas between them.

    Raises:
        ConfigError: there is no such panel.
    """
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in PANELS:
            raise ConfigError(f"there is no panel {name!r}: choose from {', '.join(PANELS)}")
    return names


def track_figure(
    motions: Sequence[Motion], *, image: Image | None = None, panels: Sequence[str] = USUAL_PANELS
) -> Figure:
    """Draw tracks; call it within `tracker.figures.figure_style`.

    Args:
        motions: at least one, all in the same units.
        image: the picture beneath the path, as a rule the first frame; None for the path alone.
        panels: keys of `PANELS`, from top to bottom.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, max(2.4, 1.05 * len(panels) + 0.4)), layout="constrained")
    grid = figure.add_gridspec(len(panels), 2, width_ratios=(1.0, 1.25)) if panels else figure.add_gridspec(1, 1)
    _draw_path(figure.add_subplot(grid[:, 0]), motions, image)
    first: Axes | None = None
    for row, name in enumerate(panels):
        axes = figure.add_subplot(grid[row, 1], sharex=first)
        if first is None:
            first = axes
            _explain_shades(axes, motions)
        _draw_panel(axes, name, motions)
        axes.tick_params(labelbottom=row == len(panels) - 1)
        if row == len(panels) - 1:
            axes.set_xlabel("time (s)")
    figure.align_ylabels()
    return figure


def _draw_path(axes: Axes, motions: Sequence[Motion], image: Image | None) -> None:
    """Draw the way in the picture, in pixels, or without one in the units of length."""
    labels = [motion.track.label for motion in motions]
    for number, motion in enumerate(motions):
        places = motion.track.centers if image is not None else np.stack([motion.x, motion.y], axis=1)
        color, seen = COLORS[number % len(COLORS)], np.flatnonzero(motion.track.seen)
        if image is not None:
            axes.plot(*places.T, color="white", linewidth=2.0, alpha=0.7, solid_capstyle="round")
        axes.plot(*places.T, color=color, linewidth=1.0, solid_capstyle="round", label=_literal(_name(motion, labels)))
        for rows, (marker, _) in zip((seen[:1], seen[-1:]), _ENDS, strict=True):
            axes.plot(*places[rows].T, marker, color=color, markeredgecolor="white", markersize=5, clip_on=False)
    if image is not None:
        axes.imshow(image[:, :, ::-1], extent=(0, image.shape[1], image.shape[0], 0))
        axes.set(xlim=(0, image.shape[1]), ylim=(image.shape[0], 0), xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.set_anchor("N")
    else:
        unit = motions[0].calibration.unit
        axes.set(xlabel=f"x ({unit})", ylabel=f"y ({unit})")
        axes.set_aspect("equal", adjustable="box")
        axes.set_anchor("N")
        if not motions[0].calibration.y_up:
            axes.invert_yaxis()
    ends = [axes.plot([], [], marker, color="0.4", markersize=5, linestyle="", label=name)[0] for marker, name in _ENDS]
    handles = [*axes.get_legend_handles_labels()[0]][: len(motions)] if len(motions) > 1 else []
    below = -0.02 if image is not None else -0.16
    axes.legend(handles=[*handles, *ends], loc="upper left", bbox_to_anchor=(0.0, below), ncols=3, borderaxespad=0.0)


def _draw_panel(axes: Axes, name: str, motions: Sequence[Motion]) -> None:
    panel = PANELS[name]
    for number, motion in enumerate(motions):
        color, times = COLORS[number % len(COLORS)], motion.track.times
        _shade(axes, motion, color if len(motions) > 1 else None)
        for line, (values, style) in panel.lines(motion).items():
            axes.plot(times, values, style, color=color, label=line if number == 0 else None)
        if name == "speed":
            low, high = (motion.speed + side * _ERRORS * motion.velocity_error for side in (-1, 1))
            axes.fill_between(times, np.maximum(low, 0), high, color=color, alpha=0.25, linewidth=0)
    axes.set_ylabel(panel.label.format(unit=motions[0].calibration.unit))
    axes.margins(x=0.01)
    if name == "confidence":
        axes.set(ylim=(0, 1.03), yticks=(0, 0.5, 1))
    elif name in ("speed", "size"):
        axes.set_ylim(bottom=0)
    handles, _ = axes.get_legend_handles_labels()
    if handles:
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.94), ncols=4, handlelength=1.6, borderaxespad=0.0)


def _shade(axes: Axes, motion: Motion, color: str | None) -> None:
    """Shade what is OCCLUDED or LOST: in grays for one target, in its own color for one of several."""
    for state, gray, alpha in ((TrackState.OCCLUDED, _OCCLUDED, 0.08), (TrackState.LOST, _LOST, 0.2)):
        for begin, end in stretches(motion, state):
            look = {"color": gray} if color is None else {"color": color, "alpha": alpha}
            axes.axvspan(begin, end, linewidth=0, zorder=0, **look)


def _explain_shades(axes: Axes, motions: Sequence[Motion]) -> None:
    """Prepare an entry of the legend for each state that is shaded."""
    for state, gray in ((TrackState.OCCLUDED, _OCCLUDED), (TrackState.LOST, _LOST)):
        if any(state in motion.track.states for motion in motions):
            axes.fill_between([], [], color=gray, linewidth=0, label=state.name)


def stretches(motion: Motion, state: TrackState) -> list[tuple[float, float]]:
    """Return the times from the first to after the last frame of each stretch in a state."""
    track = motion.track
    rows = np.flatnonzero([one is state for one in track.states])
    if not rows.size:
        return []
    half = float(np.median(np.diff(track.times))) / 2 if len(track.times) > 1 else 0.0
    pieces = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    return [(float(track.times[piece[0]]) - half, float(track.times[piece[-1]]) + half) for piece in pieces]


def _name(motion: Motion, labels: Sequence[str]) -> str:
    """Return the target's name, with its number where it shares the name with another."""
    track = motion.track
    return f"{track.label} #{track.id}" if track.label and labels.count(track.label) > 1 else track.name


def _literal(name: str) -> str:
    """Keep matplotlib from reading a formula between two dollar signs, and from hiding a name that begins with _."""
    escaped = name.replace("$", r"\$")
    return f" {escaped}" if escaped.startswith("_") else escaped
