"""What the overlay shows, and in which colors and sizes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from tracker.tracking.result import Track, TrackState

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


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """What the overlay shows beside the box.

    Attributes:
        label: name, number, confidence and state of each target.
        trail: where the targets have been.
        search: the corners of the search window.
        path: the steps of mean shift in this frame.
        density: a color-mapped inset of the first target's density.
        by_target: color by target instead of by state, to tell many apart; the dashes still tell the state.
    """

    label: bool = True
    trail: bool = True
    search: bool = True
    path: bool = True
    density: bool = False
    by_target: bool = False

    def line_style(self, target: int, state: TrackState) -> LineStyle:
        """Return how target number `target` is drawn in `state`."""
        style = STATE_STYLES[state]
        return LineStyle(target_color(target), style.dash) if self.by_target else style


def target_color(target: int) -> Color:
    """Return the color of target number `target`."""
    return TARGET_COLORS[target % len(TARGET_COLORS)]


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
        return cls(
            line=max(1, round(0.07 * root)),
            thin=max(1, round(0.035 * root)),
            halo=max(1, round(0.03 * root)),
            text=max(6, round(0.40 * root)),
            pad=max(2, round(0.20 * root)),
            dash=max(3.0, 0.30 * root),
        )


class Trails:
    """The last centers of each target, at most `length` of them; a target that is removed is forgotten."""

    def __init__(self, length: int = 48) -> None:
        """Remember `length` centers a target, in frames."""
        self._length = length
        self._centers: dict[int, deque[tuple[float, float] | None]] = {}

    def update(self, tracks: Sequence[Track]) -> None:
        """Take the targets of the next frame."""
        centers: dict[int, deque[tuple[float, float] | None]] = {}
        for track in tracks:
            trail = self._centers.get(track.id)
            centers[track.id] = trail = deque(maxlen=self._length) if trail is None else trail
            trail.append(None if track.result.state is TrackState.LOST else track.result.box.center)
        self._centers = centers

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
