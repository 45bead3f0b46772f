"""What a cue is: it learns a target from a patch and says, for other patches, how much each place looks like it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.cues.target_model import TargetModel
from tracker.density import Density, SummedDensity
from tracker.geometry import Box
from tracker.patch import Patch

RING = 1.4
"""The ring that the contrast is taken against reaches this many boxes out (per side); as [measured] best."""


@dataclass(frozen=True, slots=True)
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


class View(ABC):
    """One patch as a cue sees it. Boxes are in patch pixels. Work shared by the questions is done once.

    Attributes:
        patch: the patch.
        cell: patch pixels per element of the density, per side.
    """

    def __init__(self, patch: Patch, cell: int = 1) -> None:
        """See the patch in cells of `cell` x `cell` pixels."""
        self.patch = patch
        self.cell = cell

    @property
    @abstractmethod
    def density(self) -> Density:
        """The density over the patch, one element a cell, float32, finite, ≥ 0; zero outside the frame."""

    @cached_property
    def summed(self) -> SummedDensity:
        """Summed-area table of the density."""
        return SummedDensity(self.density)

    def off_center(self, target: Box) -> tuple[float, float]:
        """Return how far the middle of the target's pixels lies from the middle of `target`, patch pixels (x, y).

        Most cues see the middle at the density's mode.
        """
        return 0.0, 0.0

    def focused(self, target: Box) -> View:
        """Return the same patch, seen with `target` in the middle of what the cue attends to.

        Most cues attend to the whole patch alike.
        """
        return self

    @abstractmethod
    def judge(self, target: Box) -> Evidence:
        """Return how much `target` looks like the target."""

    @abstractmethod
    def learn(self, target: Box) -> None:
        """Let the cue's model follow the look of `target` and of its surroundings in this patch."""

    def exclude(self, boxes: Sequence[Box], keep: Box | None) -> None:
        """Set the density to zero in `boxes`, but not in `keep`; comes before any other question."""
        density = self.density
        kept = None if keep is None else self._cells(keep)
        saved = None if kept is None else density[kept].copy()
        for box in boxes:
            density[self._cells(box)] = 0
        if kept is not None and saved is not None:
            density[kept] = saved

    def contrast(self, target: Box) -> float:
        """Mean density in the box over mean density in the ring around it."""
        box = target.over(self.cell)
        inner, outer = self.summed.mass(box), self.summed.mass(box.scaled(RING))
        ring = max((outer - inner) / (box.area * (RING**2 - 1)), 1e-6)
        return inner / box.area / ring

    def coverage(self, target: Box) -> float:
        """Part of the box that lies in the frame."""
        left, top, right, bottom = self.patch.inside
        across = min(target.right, right) - max(target.x, left)
        down = min(target.bottom, bottom) - max(target.y, top)
        return max(across, 0.0) * max(down, 0.0) / target.area

    def _cells(self, box: Box) -> tuple[slice, slice]:
        """The elements of the density that `box` covers, its edges rounded."""
        left, top, right, bottom = (max(round(edge / self.cell), 0) for edge in box.xyxy)
        return slice(top, bottom), slice(left, right)

    def clear_outside(self, density: Density) -> None:
        """Set `density` to zero in cells that are not wholly in the frame."""
        left, top, right, bottom = self.patch.inside
        first_row, first_column = -(-top // self.cell), -(-left // self.cell)
        last_row, last_column = bottom // self.cell, right // self.cell
        density[:first_row] = density[last_row:] = density[:, :first_column] = density[:, last_column:] = 0


class Cue(ABC):
    """A target model with its density. One cue follows one target; it holds all that is learnt."""

    @abstractmethod
    def begin(self, patch: Patch, target: Box) -> None:
        """Forget what was learnt and learn the target from its first patch; `target` in patch pixels.

        Raises:
            TargetError: the patch shows nothing that could be learnt.
        """

    @abstractmethod
    def look(self, patch: Patch) -> View:
        """Return the patch as this cue sees it."""

    def survey(self, patch: Patch) -> View:
        """Return where in a patch of any shape and scale the target may be, to be looked at more closely."""
        return self.look(patch)


class ColoredCue(Cue):
    """A cue that knows the target's colours: what a tracker follows with, and what can be kept in a file."""

    @property
    @abstractmethod
    def model(self) -> TargetModel:
        """The target's colours as learnt; `begin` comes first."""
