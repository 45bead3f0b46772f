"""Where the target is looked for, how its place in the density is found, and what was found there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tracker.cues.base import Evidence, Response, separation, share_above
from tracker.geometry import Box
from tracker.image import Image
from tracker.meanshift.kernels import StoppingRule
from tracker.meanshift.window import Mode, SeekWindow, Stop
from tracker.patch import Patch, PatchGeometry, cut_patch, cut_smooth_patch
from tracker.tracking.scale import ScaleChange
from tracker.values import value

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import SearchSettings, TrackerConfig


class SearchRegion:
    """Cuts a patch of fixed shape in which the target always has the same size, whatever its size in the frame.

    Cost depends on neither the target's size nor the frame's.

    Attributes:
        target_width: width of the target in the patch, patch pixels.
        target_height: height of the target in the patch, patch pixels.
        width: width of the patch, pixels.
        height: height of the patch, pixels.
        shifts: whether what was found is moved toward the middle of its pixels.
    """

    def __init__(self, box: Box, settings: SearchSettings) -> None:
        if settings.window == "square":
            side = max((1 + settings.margin) * math.sqrt(box.area), settings.longest * max(box.width, box.height))
            shrink = settings.side / side
            self.width = self.height = settings.side
        else:
            shrink = min(1.0, math.sqrt(settings.target_area / box.area))
            margin = settings.margin * math.sqrt(box.width * shrink * (box.height * shrink))
            self.width, self.height = (round(side * shrink + margin) for side in (box.width, box.height))
        self.target_width = box.width * shrink
        self.target_height = box.height * shrink
        self.shifts = any((*settings.teach_shift, *settings.box_shift))
        self._settings = settings

    def around(self, box: Box) -> PatchGeometry:
        """Return the geometry of the patch about `box`, scaled so that a target of that size has the working size."""
        step_x, step_y = box.width / self.target_width, box.height / self.target_height
        x, y = box.x + box.width / 2, box.y + box.height / 2
        return PatchGeometry.around(x, y, step_x, step_y, self.width, self.height)

    def crop(self, image: Image, box: Box) -> Patch:
        """Return the patch about `box`."""
        return self._cut(image, self.around(box))

    def close_up(self, image: Image, box: Box, part: float) -> Patch:
        """Return a patch of `box` and a pixel all round, at `part` of the working size per side, at least 4 pixels."""
        width, height = (max(round(side * part), 4) for side in (self.target_width, self.target_height))
        step_x, step_y = box.width / width, box.height / height
        return self._cut(image, PatchGeometry.around(*box.center, step_x, step_y, width + 2, height + 2))

    def shifted(self, found: Box, offset: tuple[float, float], response: Response) -> tuple[Box, Box]:
        """Return `found` as it is to be learned from and as it is to be shown, moved toward the middle of its pixels.

        Args:
            found: the target where the mode stands, patch pixels.
            offset: from there to the middle of the target's pixels; see `Cue.off_center`.
            response: the response that it was found in: the more its colors stand out, the further both are moved.
        """
        (x, y), s = offset, self._settings
        if not (x or y):
            return found, found
        colors, clear = response.colored(found), 0.0
        if colors is not None:
            clear = share_above(separation(*colors), s.clear_separations)
        taught, shown = (
            found.moved(x * (across + (most - across) * clear), y * (down + (most - down) * clear))
            for (across, down), most in ((s.teach_shift, s.clear_teach_shift), (s.box_shift, s.clear_box_shift))
        )
        return taught, shown

    def _cut(self, image: Image, geometry: PatchGeometry) -> Patch:
        return cut_smooth_patch(image, geometry) if self._settings.smooth else cut_patch(image, geometry)


class ModeSeeker:
    """Finds the mode of a density over the search region: start, then mean shift. All in elements of the density."""

    def __init__(self, region: SearchRegion, cell: int, config: TrackerConfig) -> None:
        """Seek in densities with one element per `cell` x `cell` pixels of the region's patches."""
        search, mean_shift = config.search, config.mean_shift
        target = (region.target_width / cell, region.target_height / cell)
        side = mean_shift.window
        size = target if side is None else (side, side)
        rule = StoppingRule(mean_shift.tolerance, mean_shift.max_iterations)
        self._window = SeekWindow(*size, kernel=mean_shift.kernel, shape=mean_shift.shape, rule=rule)
        self._center = (region.width / cell / 2, region.height / cell / 2)
        self._whole = (max(round(target[0]), 1), max(round(target[1]), 1))
        self._start_at = search.start
        sigma = search.motion_sigma * math.sqrt(target[0] * target[1])
        shape = (region.height // cell, region.width // cell)
        self._prior = self._motion_prior(shape, sigma) if search.start == "peak" else None

    def seek(self, response: Response) -> Mode:
        """Return the mode that mean shift climbs to from the start."""
        return self._window.seek(response.density, *self._start(response))

    def _start(self, response: Response) -> tuple[float, float]:
        """Where to begin, as set; the greatest windowed mass or density tries every place, so no jump is too far."""
        if self._start_at == "maximum":
            row, column = divmod(int(response.density.argmax()), response.density.shape[1])
            return column + 0.5, row + 0.5
        if self._prior is None:
            return self._center
        score = response.summed.windows(*self._whole) * self._prior
        top, left = divmod(int(score.argmax()), score.shape[1])
        if score[top, left] <= 0.0:
            return self._center
        return left + self._whole[0] / 2, top + self._whole[1] / 2

    def _motion_prior(self, shape: tuple[int, int], sigma: float) -> NDArray[np.float64]:
        """Gaussian over window positions, highest where the window stands at the region's center."""
        x = np.arange(shape[1] - self._whole[0] + 1) + self._whole[0] / 2 - self._center[0]
        y = np.arange(shape[0] - self._whole[1] + 1) + self._whole[1] / 2 - self._center[1]
        prior: NDArray[np.float64] = np.exp(-(np.square(y)[:, None] + np.square(x)[None, :]) / (2 * sigma**2))
        return prior


@value
class Place:
    """A place in the response to one patch.

    Attributes:
        response: what the cue says of the patch.
        mode: how mean shift came there, elements of the density.
        target: the target there, at the size it was looked for, patch pixels: where to learn from.
        box: the same, frame pixels, at the place to show.
    """

    response: Response
    mode: Mode
    target: Box
    box: Box

    @property
    def is_empty(self) -> bool:
        """Whether there was no density to climb."""
        return self.mode.stop is Stop.NO_MASS


@value
class Localization:
    """Where the target was found in a frame, as yet undecided and unlearned.

    Attributes:
        predicted: where it was looked for, frame pixels.
        box: the target at its new size, frame pixels.
        place: the same in the patch, at the size it was looked for.
        change: how the size was measured to have changed.
        evidence: how much the place looks like the target.
        confidence: how sure it is by this evidence alone that it is the target, in [0, 1].
        repeats: whether the evidence is that of an earlier look, which this one goes on from as usual.
    """

    predicted: Box
    box: Box
    place: Place
    change: ScaleChange
    evidence: Evidence
    confidence: float = 0.0
    repeats: bool = False
