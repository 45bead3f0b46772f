"""One look at a picture: cut a patch about a box, climb its density, measure the size, judge what was found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracker.config.settings import MeanShiftSettings, SearchSettings, TrackerConfig
from tracker.cues.base import Cue, Evidence, View
from tracker.density import DensityMap
from tracker.geometry import Box
from tracker.image import Image
from tracker.meanshift.kernels import StoppingRule
from tracker.meanshift.window import Mode, Stop, seek_mode
from tracker.patch import Patch, PatchGeometry, cut_patch, cut_smooth_patch
from tracker.tracking.confidence import confidence_of
from tracker.tracking.distractors import NO_RIVALS, Rivals
from tracker.tracking.scale import SIZE_ESTIMATORS, SizeChange


class SearchWindow:
    """Cuts a patch of fixed shape in which the target always has the same size, whatever its size in the frame.

    Cost depends on neither the target's size nor the frame's.

    Attributes:
        target_width: width of the target in the patch, patch pixels.
        target_height: height of the target in the patch, patch pixels.
        width: width of the patch, pixels.
        height: height of the patch, pixels.
    """

    def __init__(self, box: Box, settings: SearchSettings) -> None:
        if settings.window == "square":
            side = max((1 + settings.margin) * math.sqrt(box.area), _LONGEST * max(box.width, box.height))
            shrink = settings.side / side
            self.width = self.height = settings.side
        else:
            shrink = min(1.0, math.sqrt(settings.target_area / box.area))
            margin = settings.margin * math.sqrt(box.width * shrink * (box.height * shrink))
            self.width, self.height = (round(side * shrink + margin) for side in (box.width, box.height))
        self.target_width = box.width * shrink
        self.target_height = box.height * shrink

    def around(self, box: Box) -> PatchGeometry:
        """Return the geometry of the patch about `box`, scaled so that a target of that size has the working size."""
        return PatchGeometry.around(
            *box.center, box.width / self.target_width, box.height / self.target_height, self.width, self.height
        )


_LONGEST = 1.5
"""A square window is longer than the target by this factor at least."""


class Seeker:
    """Finds the target's place in the density of a patch: start, then mean shift. All in elements of the density."""

    def __init__(self, window: SearchWindow, cell: int, search: SearchSettings, mean_shift: MeanShiftSettings) -> None:
        """Seek in densities with one element per `cell` x `cell` pixels of the window's patches."""
        target = (window.target_width / cell, window.target_height / cell)
        side = mean_shift.window
        self._size = target if side is None else (side, side)
        self._shape = (window.height // cell, window.width // cell)
        self._center = (window.width / cell / 2, window.height / cell / 2)
        self._whole = (max(round(target[0]), 1), max(round(target[1]), 1))
        self._search = search
        self._settings = mean_shift
        self._rule = StoppingRule(mean_shift.tolerance, mean_shift.max_iterations)
        sigma = search.motion_sigma * math.sqrt(target[0] * target[1])
        self._prior = self._motion_prior(sigma) if search.start == "peak" else None

    def seek(self, view: View) -> Mode:
        """Return the mode that mean shift climbs to from the start, in elements of the density."""
        return seek_mode(
            view.density,
            *self._start(view),
            *self._size,
            kernel=self._settings.kernel,
            shape=self._settings.shape,
            rule=self._rule,
        )

    def _start(self, view: View) -> tuple[float, float]:
        """Where to begin, as set; the greatest windowed mass or density tries every place, so no jump is too far."""
        if self._search.start == "maximum":
            row, column = divmod(int(view.density.argmax()), self._shape[1])
            return column + 0.5, row + 0.5
        if self._prior is None:
            return self._center
        score = view.summed.windows(*self._whole) * self._prior
        top, left = divmod(int(score.argmax()), score.shape[1])
        if score[top, left] <= 0.0:
            return self._center
        return left + self._whole[0] / 2, top + self._whole[1] / 2

    def _motion_prior(self, sigma: float) -> NDArray[np.float64]:
        """Gaussian over window positions, highest where the window stands at the patch's centre."""
        x = np.arange(self._shape[1] - self._whole[0] + 1) + self._whole[0] / 2 - self._center[0]
        y = np.arange(self._shape[0] - self._whole[1] + 1) + self._whole[1] / 2 - self._center[1]
        prior: NDArray[np.float64] = np.exp(-(np.square(y)[:, None] + np.square(x)[None, :]) / (2 * sigma**2))
        return prior


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
