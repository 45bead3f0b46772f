"""Where a target in doubt may be, in the whole frame: a bounded piece of work at a time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.cues.base import NO_DISTRACTORS, Cue, Distractors, Response
from tracker.cues.descriptor import Thumbnail
from tracker.geometry import Box
from tracker.image import Image
from tracker.patch import Patch, PatchGeometry, cut_patch, cut_smooth_patch


@dataclass(frozen=True, slots=True)
class Scan:
    """One piece of a search over the frame.

    Attributes:
        turn: its number, from 0 on since the search began.
        last: the target where it is expected at most, frame pixels.
        reach: how far from there it is looked for first, in target sizes √(w·h).
        thumbnails: what it may look like.
    """

    turn: int
    last: Box
    reach: float
    thumbnails: Sequence[Thumbnail] = ()


if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import RedetectionSettings


class Redetector:
    """Scans the frame in tiles of fixed working size, the nearest to the last known place first.

    A tile is searched for the places with the greatest windowed mass of density and, in turn with that, for those that
    correlate most with thumbnails. They are proposals only: one of them is to be localized as in tracking, and judged
    by that. Color alone would lock onto anything of the same hue.
    """

    def __init__(self, settings: RedetectionSettings) -> None:
        self._settings = settings

    def widened(
        self, image: Image, cue: Cue[Any], region: PatchGeometry, box: Box, distractors: Distractors, factor: float
    ) -> list[Box]:
        """Return boxes of the size of `box` at the best places of a region `factor` times as wide and as high.

        It is looked at in as many pixels as `region`, so that its cost is the same.
        """
        x, y = region.to_frame(region.width / 2, region.height / 2)
        step_x, step_y = region.step_x * factor, region.step_y * factor
        wide = PatchGeometry.around(x, y, step_x, step_y, region.width, region.height)
        response = cue.respond_coarse(cut_patch(image, wide), distractors)
        places = peaks(response, wide.box_to_patch(box), self._settings.candidates)
        return [Box.around(*wide.to_frame(*place), box.width, box.height) for place in places]

    def count(self, image: Image, last: Box) -> int:
        """Return how many turns look at the whole frame, at every size and in both ways."""
        s = self._settings
        tiles = (len(_tiles(image, last, area, s.tile_area)) for area in (s.target_area, s.thumbnail_area))
        return 2 * max(tiles) * len(s.sizes)

    def propose(self, image: Image, cue: Cue[Any], scan: Scan, distractors: Distractors = NO_DISTRACTORS) -> list[Box]:
        """Return boxes at the best places of one tile, the nearest first, at two sizes; none where it holds nothing."""
        s, last = self._settings, scan.last
        turn, by_thumbnail = divmod(scan.turn, 2) if scan.thumbnails else (scan.turn, 0)
        tiles = _tiles(image, last, s.thumbnail_area if by_thumbnail else s.target_area, s.tile_area)
        tile, other = tiles[turn % len(tiles)], s.sizes[turn // len(tiles) % len(s.sizes)]
        target = tile.box_to_patch(last)
        sizes = (1.0, other) if other != 1.0 else (1.0,)
        if by_thumbnail:
            places = matches(cut_smooth_patch(image, tile, exact=True), target, scan.thumbnails, scan.reach)
            found = list(itertools.product(places, sizes))
        else:  # a window of another size than the target's is as full off its middle
            response = cue.respond_coarse(cut_patch(image, tile), distractors)
            found = [(at, z) for z in sizes for at in peaks(response, target.scaled(z), s.candidates, scan.reach)]
        placed = [(tile.to_frame(*at), size) for at, size in found]
        free = [(at, size) for at, size in placed if not distractors.cover(*at)]
        return [Box.around(*at, last.width * size, last.height * size) for at, size in free]


def peaks(response: Response, target: Box, count: int, reach: float | None = None) -> list[tuple[float, float]]:
    """Return up to `count` patch points with the greatest mass in a window of `target`'s size, the greatest first.

    With a `reach`, in target sizes, the first one is the greatest near the target. No two lie within a target of each
    other. The response has one element a pixel.
    """
    rows, columns = response.density.shape
    width, height = min(max(round(target.width), 1), columns), min(max(round(target.height), 1), rows)
    mass = response.summed.windows(width, height).copy()
    found: list[tuple[float, float]] = []
    while len(found) < count:
        likely = mass if reach is None or found else mass * _prior(mass.shape, target, width, height, reach)
        if not likely.any():  # the tile is beyond all reach
            likely = mass
        top, left = divmod(int(likely.argmax()), mass.shape[1])
        if mass[top, left] <= 0.0:
            break
        found.append((left + width / 2, top + height / 2))
        mass[max(top - height, 0) : top + height, max(left - width, 0) : left + width] = 0.0
    return found


def matches(patch: Patch, target: Box, thumbnails: Sequence[Thumbnail], reach: float) -> list[tuple[float, float]]:
    """Return the patch points that correlate best with each of the thumbnails: near the target, and at all."""
    gray: Any = cv2.cvtColor(patch.image, cv2.COLOR_BGR2GRAY)
    rows, columns = gray.shape
    width, height = min(max(round(target.width), 3), columns), min(max(round(target.height), 3), rows)
    found: list[tuple[float, float]] = []
    for each in thumbnails:
        wanted: Any = cv2.resize(each[1:-1, 1:-1], (width, height), interpolation=cv2.INTER_LINEAR)
        match: Any = cv2.matchTemplate(gray, np.clip(wanted, 0, 255).astype(np.uint8), cv2.TM_CCOEFF_NORMED)
        np.maximum(match, 0.0, out=match)
        for likely in (match * _prior(match.shape, target, width, height, reach), match):
            top, left = divmod(int(likely.argmax()), match.shape[1])
            found.append((left + width / 2, top + height / 2))
    return list(dict.fromkeys(found))


def _prior(shape: tuple[int, ...], target: Box, width: int, height: int, reach: float) -> NDArray[np.float32]:
    """Gaussian over window positions about `target`, its standard deviation `reach` target sizes."""
    rows, columns = shape
    sigma = reach * math.sqrt(target.area)
    x, y = target.center
    across = np.exp(-np.square(np.arange(columns, dtype=np.float32) + np.float32(width / 2 - x)) / (2 * sigma * sigma))
    down = np.exp(-np.square(np.arange(rows, dtype=np.float32) + np.float32(height / 2 - y)) / (2 * sigma * sigma))
    prior: NDArray[np.float32] = np.outer(down, across).astype(np.float32)
    return prior


def _tiles(image: Image, last: Box, target_area: float, tile_area: float) -> list[PatchGeometry]:
    """Cover the frame with overlapping patches in which the target has the working area, sorted by distance."""
    height, width = image.shape[:2]
    step = max(math.sqrt(last.area / target_area), 1.0)
    side = math.sqrt(tile_area) * step
    across, down = _centers(width, side, last.width), _centers(height, side, last.height)
    x0, y0 = last.center
    centers = sorted(itertools.product(across, down), key=lambda c: math.hypot(c[0] - x0, c[1] - y0))
    columns, rows = (math.ceil(min(side, extent) / step) for extent in (width, height))
    return [PatchGeometry.around(x, y, step, step, columns, rows) for x, y in centers]


def _centers(extent: int, side: float, target: float) -> list[float]:
    """Centers of tiles that cover [0, extent), neighbors overlapping by a target so that none is cut in two."""
    if side >= extent:
        return [extent / 2]
    count = math.ceil((extent - side) / max(side - target, side / 2)) + 1
    return [side / 2 + i * (extent - side) / (count - 1) for i in range(count)]
