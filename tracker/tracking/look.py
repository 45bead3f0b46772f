"""One look at a picture: cut a patch about a box, climb its density, measure the size, judge what was found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from tracker.config.settings import TrackerConfig
from tracker.cues.base import Cue, Evidence, View
from tracker.geometry import Box
from tracker.image import DensityMap, Image, Patch, cut_patch, cut_smooth_patch
from tracker.meanshift.window import Mode, Stop
from tracker.tracking.confidence import confidence_of
from tracker.tracking.rivals import NO_RIVALS, Rivals
from tracker.tracking.search import SearchWindow, Seeker
from tracker.tracking.size import SIZE_ESTIMATORS, SizeChange

NOTHING = Evidence(similarity=0.0, contrast=0.0, coverage=1.0, response=0.0, recall=0.0, sharpness=0.0)

RESIZED = 0.02
"""Change of size, as its logarithm, that makes another look worth while."""


@dataclass(frozen=True)
class Look:
    """What one look found.

    Attributes:
        box: the target where it was found, at its new size, frame pixels.
        target: the same place at the size it was looked for, patch pixels.
        confidence: how sure that this is the target, in [0, 1].
        evidence: what the confidence rests on.
        mode: how mean shift came there, elements of the density.
        change: how the size was measured to have changed.
        view: the patch as the cue sees it.
    """

    box: Box
    target: Box
    confidence: float
    evidence: Evidence
    mode: Mode
    change: SizeChange
    view: View

    @cached_property
    def density(self) -> DensityMap:
        """The density with its place in the frame."""
        return DensityMap(self.view.density, self.view.patch.geometry.coarser(self.view.cell))

    @property
    def path(self) -> tuple[tuple[float, float], ...]:
        """The centres that mean shift passed, frame pixels."""
        return tuple(self.density.geometry.to_frame(x, y) for x, y in self.mode.path)


class Looker:
    """Looks for one target; what it needs to know of the first frame is learnt in `begin`."""

    def __init__(self, config: TrackerConfig, cue: Cue, box: Box) -> None:
        self._config = config
        self._cue = cue
        self._first_box = box
        self._window = SearchWindow(box, config.search)
        self._size = SIZE_ESTIMATORS[config.size.method](config.size)
        self._seeker: Seeker | None = None

    def begin(self, image: Image) -> Look:
        """Learn the target from its first picture and return it as found, with full confidence."""
        box = self._first_box
        patch = self._cut(image, box)
        target = patch.geometry.box_to_patch(box)
        self._cue.begin(patch, target)
        view = self._cue.look(patch)
        self._seeker = Seeker(self._window, view.cell, self._config.search, self._config.mean_shift)
        self._size.begin(view, target)
        center = target.over(view.cell).center
        mode = Mode(*center, 0.0, 0, Stop.CONVERGED, (center,))
        return Look(box, target, 1.0, view.judge(target), mode, SizeChange(), view)

    def look(self, image: Image, box: Box, rivals: Rivals = NO_RIVALS) -> Look:
        """Look for the target in the search window about `box`, and again from where it was found if that is elsewhere.

        The first look tells where and how large the target is; another one sees it at that size, in the middle of the
        window, where nothing is cut off or faded.
        """
        look = self.glance(image, box, rivals)
        for _ in range(self._config.search.looks - 1):
            if look.mode.stop is Stop.NO_MASS or not self._elsewhere(look, box):
                break
            box = look.box
            look = self.glance(image, box, rivals)
        return look

    def glance(self, image: Image, box: Box, rivals: Rivals = NO_RIVALS) -> Look:
        """Look once."""
        assert self._seeker is not None, "begin() comes first"
        patch = self._cut(image, box)
        view = self._cue.look(patch)
        rivals.exclude_from(view)
        mode = self._seeker.seek(view)
        geometry = patch.geometry
        size = (self._window.target_width, self._window.target_height)
        found = Box.around(mode.x * view.cell, mode.y * view.cell, *size)
        target, shown = self._shifted(view, found)
        still = Box.around(*geometry.to_frame(*shown.center), box.width, box.height)
        if mode.stop is Stop.NO_MASS:
            return Look(still, target, 0.0, NOTHING, mode, SizeChange(), view)
        evidence = view.judge(target)
        change = self._size.measure(view, target, self._growth(box))
        confidence = confidence_of(evidence, self._config.confidence)
        return Look(self._resized(still, change), target, confidence, evidence, mode, change, view)

    def _shifted(self, view: View, found: Box) -> tuple[Box, Box]:
        """The place to learn from and the place to show, moved towards the middle of the target's pixels."""
        shifts = (self._config.search.teach_shift, self._config.search.box_shift)
        if not any(map(any, shifts)):
            return found, found
        x, y = view.off_center(found)
        taught, shown = (found.moved(across * x, down * y) for across, down in shifts)
        return taught, shown

    def reach(self, box: Box) -> Box:
        """Return the search window about `box`, frame pixels."""
        return self._window.around(box).box

    def learn(self, look: Look) -> None:
        """Let the cue and the size estimator follow what was found."""
        look.view.learn(look.target)
        self._size.learn(look.change)

    def _cut(self, image: Image, box: Box) -> Patch:
        geometry = self._window.around(box)
        return cut_smooth_patch(image, geometry) if self._config.search.smooth else cut_patch(image, geometry)

    def _elsewhere(self, look: Look, box: Box) -> bool:
        step = look.density.geometry
        (x0, y0), (x1, y1) = box.center, look.box.center
        moved = abs(x1 - x0) / step.step_x + abs(y1 - y0) / step.step_y
        resized = abs(math.log(look.box.area / box.area)) / 2
        return moved > self._config.search.look_again or resized > RESIZED

    def _growth(self, box: Box) -> float:
        return math.sqrt(box.area / self._first_box.area)

    def _resized(self, still: Box, change: SizeChange) -> Box:
        first, low, high = self._first_box, self._config.size.min_scale, self._config.size.max_scale
        width = min(max(still.width * change.across, first.width * low), first.width * high)
        height = min(max(still.height * change.down, first.height * low), first.height * high)
        return Box.around(*still.center, width, height)
