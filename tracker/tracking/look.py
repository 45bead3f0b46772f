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


@dataclass(frozen=True)
class _Sight:
    """A place in one patch, as yet unjudged: where another sight follows, nobody asks."""

    box: Box
    target: Box
    mode: Mode
    view: View
    looker: Looker

    @property
    def empty(self) -> bool:
        return self.mode.stop is Stop.NO_MASS

    @cached_property
    def change(self) -> SizeChange:
        return self.looker.measure(self.view, self.target, self.box)

    @cached_property
    def sized(self) -> Box:
        return self.looker.resized(self.box, self.change)


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
        """Look for the target in the search window about `box`.

        A target that is found elsewhere is looked at once more in the middle of what the cue attends to, where nothing
        is faded; one of another size in a new patch, as often as the settings allow.
        """
        sight = self._see(image, box, rivals)
        for _ in range(self._config.search.looks - 1):
            if sight.empty:
                break
            if self._moved(sight, box):
                sight = self._focused(image, sight, rivals)
            if sight.empty or abs(math.log(sight.sized.area / box.area)) / 2 <= RESIZED:
                break
            box = sight.sized
            sight = self._see(image, box, rivals)
        return self._judged(sight)

    def glance(self, image: Image, box: Box, rivals: Rivals = NO_RIVALS) -> Look:
        """Look once."""
        return self._judged(self._see(image, box, rivals))

    def _see(self, image: Image, box: Box, rivals: Rivals) -> _Sight:
        return self._sought(self._cue.look(self._cut(image, box)), box, rivals)

    def _focused(self, image: Image, sight: _Sight, rivals: Rivals) -> _Sight:
        """See the same patch about what was found in it; a new one where that is not wholly in the patch."""
        patch, target = sight.view.patch.geometry, sight.target
        if target.x < 0 or target.y < 0 or target.right > patch.width or target.bottom > patch.height:
            return self._see(image, sight.box, rivals)
        return self._sought(sight.view.focused(target), sight.box, rivals)

    def _sought(self, view: View, box: Box, rivals: Rivals) -> _Sight:
        assert self._seeker is not None, "begin() comes first"
        rivals.exclude_from(view)
        mode = self._seeker.seek(view)
        size = (self._window.target_width, self._window.target_height)
        found = Box.around(mode.x * view.cell, mode.y * view.cell, *size)
        target, shown = self._shifted(view, found)
        still = Box.around(*view.patch.geometry.to_frame(*shown.center), box.width, box.height)
        return _Sight(still, target, mode, view, self)

    def _judged(self, sight: _Sight) -> Look:
        if sight.empty:
            return Look(sight.box, sight.target, 0.0, NOTHING, sight.mode, SizeChange(), sight.view)
        evidence = sight.view.judge(sight.target)
        confidence = confidence_of(evidence, self._config.confidence)
        return Look(sight.sized, sight.target, confidence, evidence, sight.mode, sight.change, sight.view)

    def measure(self, view: View, target: Box, box: Box) -> SizeChange:
        """Measure how the size has changed of `target` (patch pixels), looked for at the size of `box`."""
        return self._size.measure(view, target, math.sqrt(box.area / self._first_box.area))

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

    def _moved(self, sight: _Sight, box: Box) -> bool:
        patch, cell = sight.view.patch.geometry, sight.view.cell
        (x0, y0), (x1, y1) = box.center, sight.box.center
        moved = abs(x1 - x0) / patch.step_x + abs(y1 - y0) / patch.step_y
        return moved > self._config.search.look_again * cell

    def resized(self, still: Box, change: SizeChange) -> Box:
        """Return the box at its new size, within the limits set."""
        first, low, high = self._first_box, self._config.size.min_scale, self._config.size.max_scale
        width = min(max(still.width * change.across, first.width * low), first.width * high)
        height = min(max(still.height * change.down, first.height * low), first.height * high)
        return Box.around(*still.center, width, height)
