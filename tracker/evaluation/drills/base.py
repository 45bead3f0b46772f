"""The parts of a drill: the clip that it takes, the script that it returns, and the pictures that its edits may use.

A drill is a pure function of a `DrillClip` (truth and size of a clip, no pictures) that returns a `Script`: which
picture stands in each row, when, what is changed in it, and where the target then is. The pictures are read, edited
and handed on one by one (`sequence.py`), so that a drill of a long clip needs no memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.evaluation.metrics import Array
from tracker.geometry import Box
from tracker.image import Image

Ints: TypeAlias = NDArray[np.intp]

FOREIGN = -1
"""Row number of the first foreign picture in `Script.rows`; the i-th has FOREIGN − i."""

EPISODE = 35
"""Usual length of an episode, frames: 1.4 s at 25 fps, longer than the states of a tracker wait."""

SLIDE = 8
"""Frames in which an occluder slides over its place, or the picture changes smoothly."""

_EARLIEST, _LATEST = 20, 90


@dataclass(frozen=True, slots=True, eq=False)
class DrillClip:
    """The facts of a clip that a drill is planned from.

    Attributes:
        name: seeds the random choices of a drill, so that they are the same in every run.
        truth: `(n, 4) float64` x, y, width, height, px; nan where the target is absent, never in the first row.
        width: of the frames, px.
        height: of the frames, px.
    """

    name: str
    truth: Array
    width: int
    height: int

    @property
    def begin(self) -> int:
        """The usual first row of an episode: after a third of the clip, at least 20 and at most 90 rows."""
        rows = len(self.truth)
        if rows < 2 * _EARLIEST:
            return rows // 2
        return min(max(rows // 3, _EARLIEST), _LATEST)

    def random(self) -> np.random.Generator:
        """Return a generator that depends on the name alone."""
        return np.random.default_rng(zlib.crc32(self.name.encode()))

    def box(self, row: int) -> Box | None:
        """Return the true box of a row, None where the target is absent."""
        values = self.truth[row]
        return None if np.isnan(values).any() else Box(*values.tolist())


@dataclass(frozen=True, slots=True)
class Episode:
    """The rows [begin, end) of a drilled clip in which something happens to the target.

    Attributes:
        begin: first row.
        end: first row after it; `begin` where the event lies between two rows.
        absent: whether the target cannot be seen in these rows; else it can, and is to be held.
    """

    begin: int
    end: int
    absent: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture to be edited, and the pictures that may be put into it; all have one size, none is to be changed.

    Attributes:
        row: of the drilled clip.
        image: the picture of the source.
        first: the first picture of the clip.
        foreign: returns the i-th picture of a foreign scene, which begins again after its last one.
    """

    row: int
    image: Image
    first: Image
    foreign: Callable[[int], Image]


Edit: TypeAlias = Callable[[Shot], Image]
"""Returns the picture of a row of the drilled clip."""


def unchanged(shot: Shot) -> Image:
    """Return the picture as it is."""
    return shot.image


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A drilled clip of m rows.

    Attributes:
        truth: `(m, 4)`; nan where the target is absent.
        episode: the rows that the drill is about.
        rows: `(m,)` row of the clip whose picture stands here, never falling; FOREIGN − i for a foreign picture i.
        ticks: `(m,)` time of each row in frame intervals, rising.
        edit: makes the picture of a row.
    """

    truth: Array
    episode: Episode
    rows: Ints
    ticks: Array
    edit: Edit = unchanged


def edited(clip: DrillClip, episode: Episode, edit: Edit, truth: Array | None = None) -> Script:
    """Return the script of a drill that changes pictures only; the target of an `absent` episode has no truth in it.

    Args:
        clip: the clip.
        episode: the rows that the drill is about.
        edit: makes the picture of a row.
        truth: `(n, 4)` where the target is in the changed pictures; None for where it was.
    """
    rows = np.arange(len(clip.truth))
    result = (clip.truth if truth is None else truth).copy()
    if episode.absent:
        result[episode.begin : episode.end] = np.nan
    return Script(result, episode, rows, rows.astype(np.float64), edit)


def usual_episode(clip: DrillClip, *, absent: bool, length: int = EPISODE) -> Episode:
    """Return an episode of `length` rows from the clip's `begin`, or to the end of the clip."""
    return Episode(clip.begin, min(clip.begin + length, len(clip.truth)), absent)


def smooth_step(row: int, begin: int, end: int) -> float:
    """Return 0 up to row `begin`, 1 from row `end` on, and 3u² − 2u³ between them."""
    u = min(max((row - begin) / max(end - begin, 1), 0.0), 1.0)
    return u * u * (3 - 2 * u)
