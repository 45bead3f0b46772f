"""The numbers behind the structure cue, its fusion with colour, and the gate on learning.

Origins: [G17] Kiani Galoogahi, Fagg & Lucey 2017, "Learning background-aware correlation filters"; [B10] Bolme et al.
2010, "Visual object tracking using adaptive correlation filters"; [W17] Wang, Liu & Huang 2017, "Large margin object
tracking with circulant feature maps"; [measured] as in `tracker.config.settings`.
"""

from __future__ import annotations

from pydantic import Field

from tracker.config.section import Section


class TemplateSettings(Section):
    """The correlation filter and the cells it looks at."""

    cell: int = Field(4, ge=2, le=16)
    """Patch pixels of a cell, per side."""
    sigma: float = Field(1 / 16, gt=0, le=1)
    """Standard deviation of the wanted response's peak in target sizes √(w·h), at least half a cell [G17]."""
    rounds: int = Field(2, ge=1, le=20)
    """Rounds of the filter's optimisation [G17: 2; measured: 2 to 4 alike]."""
    rate: float = Field(0.04, ge=0, le=1)
    """Share of the filter that a lesson renews [measured: 0.025 to 0.04 alike]."""
    every: int = Field(2, ge=1, le=100)
    """The filter learns from every so manyth frame that may be learnt from."""
    anchor: float = Field(0.01, ge=0, le=1)
    """Share of the first frame's filter that a lesson brings back, against drift [measured]."""


class FusionSettings(Section):
    """Density = response · (floor + min(share of colour, cap))."""

    color: bool = True
    """false: the response alone, as for a target without colour."""
    floor: float = Field(0.15, gt=0, le=100)
    """What a place without any of the target's colours still counts [measured]."""
    cap: float = Field(1.1, gt=0, le=100)
    """A place with more colour than this share of the first target's counts no more for it [measured]."""
    min_chroma: float = Field(12, ge=0, le=510)
    """Mean |B − G| + |G − R| of the first target, grey levels, below which it has no colour to go by."""


class GateSettings(Section):
    """When the cue and the size may learn. Without a template the quality is constant, and its test always passed.

    A frame's quality is the smaller of response / (response_part · its mean) and sharpness / (sharpness_part · its
    mean) [W17]; means run over the frames before.
    """

    response_part: float = Field(0.6, gt=0, le=1)
    """Part of the mean response that a frame must reach [W17]."""
    sharpness_part: float = Field(0.45, gt=0, le=1)
    """Part of the mean sharpness that a frame must reach [W17]."""
    hold_below: float = Field(0.8, ge=0, le=1)
    """Below this quality the box keeps its size as well [measured]."""
    min_coverage: float = Field(0, ge=0, le=1)
    """Part of the box that must lie in the frame. Structure seen in part is another structure, of another size; the
    colors of a part are the target's."""
    settle: int = Field(5, ge=0, le=1000)
    """The first frames always pass that test: the response falls from its first height before it is steady."""
    rate: float = Field(0.05, gt=0, le=1)
    """Share of the means that a frame which passes renews; half of it one that does not, so that a lasting change is
    accepted in the end [measured]."""
