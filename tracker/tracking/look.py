"""One look at a picture: cut a patch about a box, climb its density, measure the size, judge what was found."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tracker.config.settings import TrackerConfig
from tracker.cues.base import Cue, Evidence, View
from tracker.geometry import Box, RotatedBox
from tracker.image import Image, PatchGeometry, cut_patch
from tracker.meanshift.window import Mode, Stop
from tracker.tracking.confidence import confidence_of
from tracker.tracking.search import SearchWindow, Seeker
from tracker.tracking.size import SIZE_ESTIMATORS, SizeChange

NOTHING = Evidence(similarity=0.0, contrast=0.0, coverage=1.0)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found.

    Attributes:
        box: the target where it was found, at its new size, frame pixels.
        target: the same place at the size it was looked for, patch pixels.
        rotated: the target with its angle, None where the preset measures none.
        confidence: how sure that this is the target, in [0, 1].
        evidence: what the confidence rests on.
        mode: how mean shift came there, patch pixels.
        view: the patch as the cue sees it.
        geometry: where the patch lies in the frame.
    """

    box: Box
    target: Box
    rotated: RotatedBox | None
    confidence: float
    evidence: Evidence
    mode: Mode
    view: View
    geometry: PatchGeometry


class Looker:
    """Looks for one target; what it needs to know of the first frame is learnt in `begin`."""

    def __init__(self, config: TrackerConfig, cue: Cue, box: Box) -> None:
        self._config = config
        self._cue = cue
        self._first_box = box
        self._window = SearchWindow(box, config.search)
        self._seeker = Seeker(self._window, config.search, config.mean_shift)
        self._size = SIZE_ESTIMATORS[config.size.method](config.size)

    def begin(self, image: Image) -> Look:
        """Learn the target from its first picture and return it as found, with full confidence."""
        box = self._first_box
        geometry = self._window.around(box)
        patch = cut_patch(image, geometry)
        target = geometry.box_to_patch(box)
        self._cue.begin(patch, target)
        view = self._cue.look(patch)
        self._size.begin(view, target)
        mode = Mode(*target.center, 0.0, 0, Stop.CONVERGED, (target.center,))
        return Look(box, target, None, 1.0, view.judge(target), mode, view, geometry)

    def look(self, image: Image, box: Box) -> Look:
        """Look for the target in the search window about `box`."""
        geometry = self._window.around(box)
        view = self._cue.look(cut_patch(image, geometry))
        mode = self._seeker.seek(view)
        target = Box.around(mode.x, mode.y, self._window.target_width, self._window.target_height)
        center = geometry.to_frame(mode.x, mode.y)
        if mode.stop is Stop.NO_MASS:
            still = Box.around(*center, box.width, box.height)
            return Look(still, target, None, 0.0, NOTHING, mode, view, geometry)
        evidence = view.judge(target)
        change = self._size.measure(view, target, geometry, self._growth(box))
        confidence = confidence_of(evidence, self._config.confidence)
        resized = self._resized(box, center, change)
        return Look(resized, target, change.rotated, confidence, evidence, mode, view, geometry)

    def _growth(self, box: Box) -> float:
        return math.sqrt(box.area / self._first_box.area)

    def _resized(self, box: Box, center: tuple[float, float], change: SizeChange) -> Box:
        first, low, high = self._first_box, self._config.size.min_scale, self._config.size.max_scale
        width = min(max(box.width * change.across, first.width * low), first.width * high)
        height = min(max(box.height * change.down, first.height * low), first.height * high)
        return Box.around(*center, width, height)
