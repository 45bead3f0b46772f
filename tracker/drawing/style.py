"""What the overlay shows, and in which colors and sizes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from tracker.tracking.result import Track, TrackResult, TrackState

Color: TypeAlias = tuple[int, int, int]
"""Blue, green, red, 0..255."""

WHITE: Color = (255, 255, 255)
GRAY: Color = (200, 200, 200)
DARK: Color = (16, 16, 16)
RED: Color = (40, 40, 230)


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How a box is drawn: its color, and its dashes and gaps in units of `Sizes.dash` (None is a solid line)."""

    color: Color
    dash: tuple[float, float] | None


# Told apart by color with any kind of color vision (hue and lightness both differ), and by the line alone in gray.
STATE_STYLES: Mapping[TrackState, LineStyle] = MappingProxyType(
    {
        TrackState.TRACKING: LineStyle((170, 230, 30), None),
        TrackState.OCCLUDED: LineStyle((20, 180, 255), (2.0, 1.0)),
        TrackState.LOST: LineStyle((180, 80, 255), (0.6, 1.0)),
    }
)
"""The line of each state: solid aqua green, long amber dashes, short magenta dots."""

TARGET_COLORS: tuple[Color, ...] = (
    (170, 230, 30),
    (80, 110, 255),
    (255, 170, 60),
    (60, 220, 250),
    (230, 110, 210),
    (120, 255, 160),
    (190, 190, 255),
    (255, 255, 140),
)
"""Colors of targets, in turn, where they are told apart by color."""


CURVE_FRAMES = 250
"""Frames of a curve of confidence: ten seconds of most videos."""


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """What the overlay shows, and how boldly.

    Attributes:
        box: the box of each target; the rotated one, too, where there is one.
        label: name, number, confidence and state of each target.
        trail: where the targets have been.
        search: the corners of the search window.
        path: the steps of mean shift in this frame.
        density: a color-mapped inset of the first target's density.
        curve: the confidence of the first target over the last seconds.
        caption: number and time of the frame.
        by_target: color by target instead of by state, to tell many apart; the dashes still tell the state.
        thickness: width of lines, in times the usual one.
        font: size of letters, in times the usual one.
    """

    box: bool = True
    label: bool = True
    trail: bool = True
    search: bool = True
    path: bool = True
    density: bool = False
    curve: bool = False
    caption: bool = True
    by_target: bool = False
    thickness: float = 1.0
    font: float = 1.0

    def sizes(self, width: int, height: int) -> Sizes:
        """Return the sizes for a frame of `width` x `height`."""
        sizes = Sizes.of(width, height)
        return sizes if self.thickness == self.font == 1.0 else sizes.scaled(self.thickness, self.font)

    def line_style(self, target: int, state: TrackState) -> LineStyle:
        """Return how target number `target` is drawn in `state`."""
        style = STATE_STYLES[state]
        return LineStyle(target_color(target), style.dash) if self.by_target else style


def target_color(target: int) -> Color:
    """Return the color of target number `target`."""
    return TARGET_COLORS[target % len(TARGET_COLORS)]


_TINY = 15.0
"""Square root of the diagonal in pixels (176x144) below which lines are one pixel wide. From there on they are 2, which
OpenCV makes three pixels of: wherever they lie, they hold a whole sample of color in 4:2:0, where one pixel is gray."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in pixels that suit a frame; they grow with the square root of its diagonal.

    Attributes:
        line: width of a box's line.
        thin: width of what matters less.
        halo: width of the dark rim on either side of a line.
        text: height of a capital letter.
        pad: space between text and the edge of its plate.
        dash: unit length of a dash.
    """

    line: int
    thin: int
    halo: int
    text: int
    pad: int
    dash: float

    @classmethod
    @lru_cache(64)
    def of(cls, width: int, height: int) -> Sizes:
        """Return the sizes for a frame of `width` x `height`."""
        root = math.sqrt(math.hypot(width, height))
        line = max(1 if root < _TINY else 2, round(0.07 * root))
        return cls(
            line=line,
            thin=max(1, round(0.035 * root)),
            halo=max(1, round(0.03 * root)),
            text=max(6, round(0.40 * root)),
            pad=max(2, round(0.20 * root)),
            dash=max(3.0 * line, 0.30 * root),
        )

    @lru_cache(64)  # noqa: B019 - of a few sizes and styles
    def scaled(self, thickness: float, font: float) -> Sizes:
        """Return the sizes with lines and letters so many times as large."""
        return Sizes(
            line=max(1, round(thickness * self.line)),
            thin=max(1, round(thickness * self.thin)),
            halo=max(1, round(thickness * self.halo)),
            text=max(6, round(font * self.text)),
            pad=max(2, round(font * self.pad)),
            dash=max(3.0, thickness * self.dash),
        )


class Trails:
    """The last centers and results of each target; one that is removed is forgotten."""

    def __init__(self, length: int = 48, results: int = 0) -> None:
        """Remember `length` centers and so many `results` a target, in frames."""
        self._length = length
        self._kept = results
        self._centers: dict[int, deque[tuple[float, float] | None]] = {}
        self._results: dict[int, deque[TrackResult]] = {}

    @classmethod
    def of_style(cls, style: OverlayStyle) -> Trails:
        """Return trails that remember what a style shows."""
        return cls(results=CURVE_FRAMES if style.curve else 0)

    def update(self, tracks: Sequence[Track]) -> None:
        """Take the targets of the next frame."""
        centers: dict[int, deque[tuple[float, float] | None]] = {}
        for track in tracks:
            trail = self._centers.get(track.id)
            centers[track.id] = trail = deque(maxlen=self._length) if trail is None else trail
            trail.append(None if track.result.state is TrackState.LOST else track.result.box.center)
        self._centers = centers
        if self._kept:
            self._results = {track.id: self._results.get(track.id, deque(maxlen=self._kept)) for track in tracks}
            for track in tracks:
                self._results[track.id].append(track.result)

    def mapped(self, point: Callable[[float, float], tuple[float, float]]) -> Trails:
        """Return the trails with `point` of each center in its place."""
        trails = Trails(self._length)
        for number, centers in self._centers.items():
            places = (None if center is None else point(*center) for center in centers)
            trails._centers[number] = deque(places, maxlen=self._length)
        return trails

    def of(self, track_id: int) -> tuple[tuple[float, float] | None, ...]:
        """Return the centers of a target, oldest first; None for a frame in which it was lost."""
        return tuple(self._centers.get(track_id, ()))

    def results(self, track_id: int) -> tuple[TrackResult, ...]:
        """Return the results of a target, oldest first."""
        return tuple(self._results.get(track_id, ()))
