"""What a cue is: it learns a target from a patch and says, for other patches, how much each place looks like it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

from tracker.geometry import Box
from tracker.image import Density, Patch, SummedDensity


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much a box looks like the target, for the tracker's confidence.

    Attributes:
        similarity: likeness of the box's content to the FIRST look of the target, in [0, 1].
        contrast: mean density in the box over mean density in the ring around it, ≥ 0.
        coverage: part of the box that lies in the frame, in [0, 1].
    """

    similarity: float
    contrast: float
    coverage: float


class View(ABC):
    """One patch as a cue sees it. Boxes are in patch pixels. Work shared by the questions is done once."""

    @property
    @abstractmethod
    def density(self) -> Density:
        """The density over the patch, (h, w) float32, finite, ≥ 0; zero outside the frame."""

    @cached_property
    def summed(self) -> SummedDensity:
        """Summed-area table of the density."""
        return SummedDensity(self.density)

    @abstractmethod
    def judge(self, target: Box) -> Evidence:
        """Return how much `target` looks like the target."""

    @abstractmethod
    def learn(self, target: Box) -> None:
        """Let the cue's model follow the look of `target` and of its surroundings in this patch."""


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
