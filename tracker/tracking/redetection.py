"""Where a lost target may be, in the whole frame: a bounded piece of work at a time."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from tracker.cues.base import NO_DISTRACTORS, Cue, Distractors, Response
from tracker.geometry import Box
from tracker.image import Image
from tracker.patch import PatchGeometry, cut_patch

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import RedetectionSettings


class Redetector:
    """Scans the frame in tiles of fixed working size, the nearest to the last known place first.

    A tile's density is searched for the places with the greatest windowed mass. They are proposals only: each is to be
    localized as in tracking, at several sizes, and judged by that. Color alone would lock onto anything of the same
    hue.
    """

    def __init__(self, settings: RedetectionSettings) -> None:
        self._settings = settings
        self._next = 0

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

    def restart(self) -> None:
        """Begin again at the last known place."""
        self._next = 0

    def propose(self, image: Image, cue: Cue[Any], last: Box, distractors: Distractors = NO_DISTRACTORS) -> list[Box]:
        """Return boxes at the best places of the next tile, at every size; none where it holds no density."""
        tiles = _tiles(image, last, self._settings)
        tile = tiles[self._next % len(tiles)]
        self._next += 1
        response = cue.respond_coarse(cut_patch(image, tile), distractors)
        places = peaks(response, tile.box_to_patch(last), self._settings.candidates)
        return [
            Box.around(*tile.to_frame(x, y), last.width * size, last.height * size)
            for (x, y), size in itertools.product(places, self._settings.sizes)
        ]


def peaks(response: Response, target: Box, count: int) -> list[tuple[float, float]]:
    """Return up to `count` patch points with the greatest mass in a window of `target`'s size, the greatest first.

    No two lie within a target of each other. The response has one element a pixel.
    """
    rows, columns = response.density.shape
    width, height = min(max(round(target.width), 1), columns), min(max(round(target.height), 1), rows)
    mass = response.summed.windows(width, height)
    found: list[tuple[float, float]] = []
    while len(found) < count:
        top, left = divmod(int(mass.argmax()), mass.shape[1])
        if mass[top, left] <= 0.0:
            break
        found.append((left + width / 2, top + height / 2))
        mass[max(top - height, 0) : top + height, max(left - width, 0) : left + width] = 0.0
    return found


def _tiles(image: Image, last: Box, settings: RedetectionSettings) -> list[PatchGeometry]:
    """Cover the frame with overlapping patches in which the target has the working area, sorted by distance."""
    height, width = image.shape[:2]
    step = max(math.sqrt(last.area / settings.target_area), 1.0)
    side = math.sqrt(settings.tile_area) * step
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
