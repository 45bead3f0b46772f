"""The frames of a run worth looking at, cut out around the target."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np

from tracker.evaluation.metrics import MISS_BELOW, Array
from tracker.evaluation.results import SequenceResult
from tracker.geometry import Box
from tracker.image import Image, Patch, PatchGeometry, cut_patch

TILE = 224
"""Side of a tile, px."""

ROOM = 3.0
"""A tile shows at least this many target sizes."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A square cut from one frame, with truth and prediction in it.

    Attributes:
        row: which row of the result it is; the frame's number is one more.
        image: `(TILE, TILE, 3)`.
        truth: the true box in the tile's pixels, None where the target is absent.
        box: the predicted box in the tile's pixels, None where there is none.
    """

    row: int
    image: Image
    truth: Box | None
    box: Box | None


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
    """Return the patch with light grey where the frame has ended, instead of its repeated edge."""
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
