"""Looking for a lost target in the whole frame, a bounded piece of work at a time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from tracker.config.settings import RedetectionSettings
from tracker.cues.base import Cue
from tracker.geometry import Box
from tracker.image import Image
from tracker.patch import PatchGeometry, cut_patch
from tracker.tracking.distractors import NO_RIVALS, Rivals
from tracker.tracking.localization import Look, Looker


class Redetector:
    """Scans the frame in tiles of fixed working size, the nearest to the last known place first.

    A tile's density is searched for the places with the greatest windowed mass; each is looked at again as in
    tracking, at several sizes, and only that second look's confidence counts. Colour alone would lock onto anything
    of the same hue.
    """

    def __init__(self, settings: RedetectionSettings, cue: Cue, looker: Looker) -> None:
        self._settings = settings
        self._cue = cue
        self._looker = looker
        self._next = 0

    def restart(self) -> None:
        """Begin again at the last known place."""
        self._next = 0

    def search(self, image: Image, last: Box, rivals: Rivals = NO_RIVALS) -> list[Look]:
        """Search the next tile of the frame; return the looks at its best places, none where it holds no density.

        The most confident one is looked at again from where it found the target: sizes lie far apart at first.
        """
        tiles = _tiles(image, last, self._settings)
        tile = tiles[self._next % len(tiles)]
        self._next += 1
        looks = [
            self._looker.glance(image, Box.around(x, y, last.width * size, last.height * size), rivals)
            for (x, y), size in itertools.product(self._candidates(image, tile, last, rivals), self._settings.sizes)
        ]
        if looks and self._settings.refine:
            best = max(looks, key=lambda look: look.confidence)
            looks.append(self._looker.look(image, best.box, rivals))
        return looks

    def _candidates(
        self, image: Image, tile: PatchGeometry, last: Box, rivals: Rivals
    ) -> Iterator[tuple[float, float]]:
        """Frame points with the greatest windowed mass in the tile, no two within a target of each other."""
        view = self._cue.survey(cut_patch(image, tile))
        rivals.exclude_from(view)
        summed = view.summed
        target = tile.box_to_patch(last)
        width = min(max(round(target.width), 1), tile.width)
        height = min(max(round(target.height), 1), tile.height)
        mass = summed.windows(width, height)
        for _ in range(self._settings.candidates):
            top, left = divmod(int(mass.argmax()), mass.shape[1])
            if mass[top, left] <= 0.0:
                return
            yield tile.to_frame(left + width / 2, top + height / 2)
            mass[max(top - height, 0) : top + height, max(left - width, 0) : left + width] = 0.0


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
    """Centres of tiles that cover [0, extent), neighbours overlapping by a target so that none is cut in two."""
    if side >= extent:
        return [extent / 2]
    count = math.ceil((extent - side) / max(side - target, side / 2)) + 1
    return [side / 2 + i * (extent - side) / (count - 1) for i in range(count)]
