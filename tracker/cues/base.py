"""What a cue is: it learns a target from a patch and says, for other patches, how much each place looks like it.

Data goes one way: `respond` and `evidence` observe and change nothing, `update` alone learns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar

from tracker.cues.target_model import TargetModel
from tracker.density import Density, SummedDensity
from tracker.geometry import Box, shared_area
from tracker.patch import Patch
from tracker.values import value


@value
class Evidence:
    """How much a box looks like the target, for the tracker's confidence.

    Attributes:
        similarity: likeness of the box's content to the FIRST look of the target, in [0, 1].
        contrast: mean density in the box over mean density in the ring around it, ≥ 0.
        coverage: part of the box that lies in the frame, in [0, 1].
        response: height of the template's response there, comparable between frames. 1 for cues without one.
        recall: the same for the template of the FIRST look.
        sharpness: how narrow and alone the response's peak is, > 0. 1 for cues without a template.
    """

    similarity: float
    contrast: float
    coverage: float
    response: float = 1.0
    recall: float = 1.0
    sharpness: float = 1.0


_RING = 1.4
"""Size, in boxes per side, of the ring that the separation is taken against, as `ModelSettings.ring` is by default."""
_MOST_DISTRACTION = 2.0
"""Mass elsewhere counts as so many times the target's at most."""

NO_EVIDENCE = Evidence(similarity=0.0, contrast=0.0, coverage=0.0, response=0.0, recall=0.0, sharpness=0.0)
"""Of a place without any density."""


@dataclass(frozen=True, slots=True)
class Distractors:
    """The other targets near one target.

    A target sees none of its density where another one is expected. Where it is expected itself it sees everything:
    so two that overlap both keep the common part, and neither is pushed off its place.

    Attributes:
        boxes: where the others are expected, frame pixels.
        own: where the target itself is expected; None where that is unknown, as while it is lost.
        overlap: the greatest part of the target, or of another one that is smaller, that the two are expected to
            share, in [0, 1].
        everywhere: where all others of the frame are expected, for a target that may be anywhere.
    """

    boxes: tuple[Box, ...] = ()
    own: Box | None = None
    overlap: float = 0.0
    everywhere: tuple[Box, ...] = ()

    def cover(self, x: float, y: float) -> bool:
        """Whether a frame point lies in one of `boxes`."""
        return any(box.contains(x, y) for box in self.boxes)

    def excluded(self, density: Density, patch: Patch, cell: int = 1) -> Density:
        """Return `density` over `patch`, in cells of `cell` x `cell` pixels, with zeros in `boxes` but not in `own`.

        It is a copy where something is excluded, else `density` itself.
        """
        if not self.boxes:
            return density
        cleared = density.copy()
        for box in self.boxes:
            cleared[_cells(patch, box, cell)] = 0
        if self.own is not None:
            kept = _cells(patch, self.own, cell)
            cleared[kept] = density[kept]
        return cleared


NO_DISTRACTORS = Distractors()
"""A target that is alone."""


class Response:
    """What a cue says of one patch: read-only once made.

    Attributes:
        patch: the patch.
        density: the density over the patch, one element a cell, float32, finite, ≥ 0; zero outside the frame and where
            distractors are.
        cell: patch pixels per element of the density, per side.
    """

    __slots__ = ("_summed", "cell", "density", "patch")

    def __init__(self, patch: Patch, density: Density, cell: int = 1) -> None:
        density.flags.writeable = False
        self.patch = patch
        self.density = density
        self.cell = cell
        self._summed: SummedDensity | None = None

    @property
    def summed(self) -> SummedDensity:
        """Summed-area table of the density, made when first asked for: not every search needs it."""
        if self._summed is None:
            self._summed = SummedDensity(self.density)
        return self._summed

    def colored(self, target: Box) -> tuple[Response, Box] | None:
        """Return the response of the colors alone, with `target` in its pixels; None where colors tell nothing."""
        return None


ResponseT = TypeVar("ResponseT", bound=Response)


class Cue(ABC, Generic[ResponseT]):
    """A target model with its density. One cue follows one target; it holds all that is learned.

    Boxes are in patch pixels.

    Attributes:
        mass_tells: whether a mode of as much mass as before is as good a look as before, so that neither evidence nor
            a lesson is needed of it.
    """

    mass_tells: ClassVar[bool] = False

    @abstractmethod
    def init(self, patch: Patch, target: Box) -> None:
        """Forget what was learned and learn the target from its first patch.

        Raises:
            TargetError: the patch shows nothing that could be learned.
        """

    @abstractmethod
    def respond(self, patch: Patch, distractors: Distractors = NO_DISTRACTORS) -> ResponseT:
        """Return how much each place of the patch looks like the target."""

    def respond_coarse(self, patch: Patch, distractors: Distractors = NO_DISTRACTORS) -> Response:
        """Return where in a patch of any shape and scale the target may be, to be looked at more closely."""
        return self.respond(patch, distractors)

    def recentered(self, response: ResponseT, target: Box, distractors: Distractors = NO_DISTRACTORS) -> ResponseT:
        """Return the response to the same patch with `target` in the middle of what the cue attends to.

        Most cues attend to the whole patch alike.
        """
        return response

    def off_center(self, response: ResponseT, target: Box) -> tuple[float, float]:
        """Return how far the middle of the target's pixels lies from the middle of `target`, patch pixels (x, y).

        Most cues see the middle at the density's mode.
        """
        return 0.0, 0.0

    def zoom(self, response: ResponseT, target: Box) -> float:
        """Return the logarithm of the scale, about 0, at which `target` looks most like the target.

        Most cues have no opinion: 0.
        """
        return 0.0

    @abstractmethod
    def copied(self) -> Self:
        """Return a copy that learns on its own; what lessons replace, and do not change, is shared."""

    @abstractmethod
    def evidence(self, response: ResponseT, target: Box) -> Evidence:
        """Return how much `target` looks like the target."""

    @abstractmethod
    def update(self, response: ResponseT, target: Box, frames: int = 1) -> None:
        """Let the model follow the look of `target` and of its surroundings, for as many frames as the lesson is of."""


class ColoredCue(Cue[ResponseT]):
    """A cue that knows the target's colors: what a tracker follows with, and what can be kept in a file."""

    @property
    @abstractmethod
    def model(self) -> TargetModel:
        """The target's colors as learned; `init` comes first."""


def contrast(response: Response, target: Box, ring: float) -> float:
    """Return the mean density in the box over that in the ring around it, which reaches `ring` boxes out (per side)."""
    inner, outer = _means(response, target, ring)
    return inner / max(outer, 1e-6)


def separation(response: Response, target: Box, ring: float = _RING) -> float:
    """Return the mean density in the box less that in the ring around it."""
    inner, outer = _means(response, target, ring)
    return inner - outer


def share_above(value: float, bounds: tuple[float, float]) -> float:
    """Return where `value` stands between two bounds: 0 at or below the first, 1 at or above the second."""
    low, high = bounds
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _means(response: Response, target: Box, ring: float) -> tuple[float, float]:
    """Mean density in the box and in the ring around it, which reaches `ring` boxes out (per side)."""
    cell, summed = response.cell, response.summed
    x, y, width, height = target.x / cell, target.y / cell, target.width / cell, target.height / cell
    wide, high = width * ring, height * ring
    inner = summed.mass(x, y, width, height)
    outer = summed.mass(x + width / 2 - wide / 2, y + height / 2 - high / 2, wide, high)
    area = width * height
    return inner / area, (outer - inner) / (area * (ring**2 - 1))


def distraction(response: Response, target: Box) -> float:
    """Return the greatest mass of a box of this size, half a box away or further, over the target's own; at most 2."""
    cell, rows, columns = response.cell, *response.density.shape
    x, y, wide, high = target.x / cell, target.y / cell, target.width / cell, target.height / cell
    width, height = max(round(wide), 1), max(round(high), 1)
    own = response.summed.mass(x, y, wide, high)
    if own <= 0.0 or height > rows or width > columns:
        return _MOST_DISTRACTION
    elsewhere = response.summed.windows(width, height).copy()
    left, top = round(x), round(y)
    across, down = width // 2, height // 2
    elsewhere[max(top - down, 0) : max(top + down + 1, 0), max(left - across, 0) : max(left + across + 1, 0)] = 0
    return min(float(elsewhere.max()) / own, _MOST_DISTRACTION)


def coverage(patch: Patch, target: Box) -> float:
    """Return the part of the box that lies in the frame, in [0, 1]."""
    left, top, right, bottom = patch.inside
    return shared_area(target, Box(left, top, right - left, bottom - top)) / (target.width * target.height)


def cleared_outside(density: Density, patch: Patch, cell: int = 1) -> Density:
    """Set a new `density` to zero in the cells that are not wholly in the frame, and return it."""
    left, top, right, bottom = patch.inside
    if left or top or right < patch.geometry.width or bottom < patch.geometry.height:
        first_row, first_column = -(-top // cell), -(-left // cell)
        last_row, last_column = bottom // cell, right // cell
        density[:first_row] = density[last_row:] = density[:, :first_column] = density[:, last_column:] = 0
    return density


def _cells(patch: Patch, box: Box, cell: int) -> tuple[slice, slice]:
    """The elements of a density over `patch` that `box`, in frame pixels, covers; its edges rounded."""
    left, top, right, bottom = (max(round(edge / cell), 0) for edge in patch.geometry.box_to_patch(box).xyxy)
    return slice(top, bottom), slice(left, right)
