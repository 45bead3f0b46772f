"""The numbers behind the question whether a target is there: scene, clean looks, score, bars and waits.

Origins in brackets as in `tracker.config.settings`. [measured]: on 28 real clips with absences put into them; by
leaving clips out; see the decision on states in ARCHITECTURE.md.
"""

from __future__ import annotations

from pydantic import Field

from tracker.config.section import Section


class SceneSettings(Section):
    """A frame begins another scene where all three conditions hold.

    Any one alone does not tell: a shaken camera changes the layout, a flash changes the colors.
    """

    difference: float = Field(0.6, gt=0, le=100)
    """Mean difference of the thumbnails, in standard deviations, is above this [measured]."""
    likeness: float = Field(0.97, gt=0, le=1)
    """Bhattacharyya coefficient of the color histograms is below this [measured]."""
    correlation: float = Field(0.7, gt=0, le=1)
    """Correlation of the thumbnails is below this [measured]."""


class GallerySettings(Section):
    """The clean looks that are kept of a target."""

    every: int = Field(5, ge=1, le=1000)
    """One look in so many sure frames is kept [measured]."""
    size: int = Field(8, ge=3, le=64)
    """Looks kept, the first one always; the older, the further apart [measured]."""
    quarantine: int = Field(4, ge=0, le=100)
    """Sure looks that a look waits before it counts, and that are undone when a doubt begins: an occluder takes about
    as many frames to come in [measured]."""
    checkpoint: int = Field(2, ge=1, le=100)
    """What is learned is put by at every n-th sure look, for the quarantine to go back to [set]."""
    rate: float = Field(0.1, gt=0, le=1)
    """Share of the usual likeness that a sure frame renews [measured]."""
    match_rate: float = Field(0.2, gt=0, le=1)
    """Share of the usual correlation of thumbnails that a kept look renews [set]."""


class PresenceSettings(Section):
    """The score of a look, and the bars that this target's own history sets.

    g = whole_weight·Δw + half_weight·Δh − distractor_weight·V + odds_weight·ln(c / (1 − c)) + offset − jump_weight·j.

    Δw and Δh: likeness to the best of the clean looks, of the whole box and of its better half, minus what is usual,
    at most `surplus_cap`; V: greatest mass of density elsewhere over the box's own; c: the confidence of the look on
    its own; j: the jump beyond `free_jump`, at most `jump_cap`. Weights: a logistic regression of seen against hidden,
    cut away and lost, rounded [measured].
    """

    whole_weight: float = Field(12, ge=0, le=100)
    """Weight of Δw, the likeness of the whole box to the clean looks [measured]."""
    half_weight: float = Field(11, ge=0, le=100)
    """Weight of Δh, the likeness of the better half of the box [measured]."""
    surplus_cap: float = Field(0.1, ge=0, le=1)
    """Likeness above the usual one counts up to this much [set]."""
    distractor_weight: float = Field(6, ge=0, le=100)
    """Weight of V, the density elsewhere over that in the box [measured]."""
    odds_weight: float = Field(0, ge=0, le=10)
    """Weight of the log-odds of the confidence of the look on its own [measured]."""
    odds_cap: float = Field(9, ge=0, le=10)
    """Log-odds above this count no more: a sure look on its own must not make up for another look [measured]."""
    offset: float = Field(7.5, ge=-100, le=100)
    """Constant part of the score [measured]."""
    jump_weight: float = Field(1.5, ge=0, le=100)
    """Price of a jump of one target size beyond `free_jump` [measured]."""
    jump_cap: float = Field(3, ge=0, le=100)
    """A jump counts up to this many target sizes [set]."""
    free_jump: float = Field(0.6, ge=0, le=100)
    """Motion in a usual frame interval, in target sizes √(w·h), that costs nothing [measured]."""
    free_motion: float = Field(0.05, ge=0, le=100)
    """In a doubt, further motion off the expected place, target sizes a frame of the doubt, that costs nothing
    [measured]."""
    back_witness: float = Field(4, ge=0, le=100)
    """Weight of what the thumbnail lacks in correlation with the best clean look, beyond `free_lack`, where the target
    is expected after a doubt ..."""
    found_witness: float = Field(8, ge=0, le=100)
    """... and elsewhere [measured]."""
    free_lack: float = Field(0.1, ge=0, le=1)
    """Lack of correlation that costs nothing [set]."""
    doubtful: float = Field(1, ge=0, le=100)
    """A look below the bar and this is also scored as it would be in the light of the clean looks [measured]."""
    least_gain: float = Field(0.1, ge=0, le=10)
    """Change of light, as its logarithm, that is worth that [set]."""
    most_gain: float = Field(4, ge=1, le=100)
    """Light is changed by this factor at most [set]."""
    smoothing: float = Field(0.5, gt=0, le=1)
    """Share of the smoothed score that a frame renews [measured]."""
    settle: int = Field(15, ge=1, le=1000)
    """The first frames are always sure, and the bar is `floor`: the score falls from its first height before it is
    steady [measured]."""
    rate: float = Field(0.05, gt=0, le=1)
    """Share of the usual score that a sure frame renews ..."""
    slow_rate: float = Field(0.01, ge=0, le=1)
    """... and one that is not: so that the usual score does not follow an occluder down [measured]."""
    min_coverage: float = Field(0.9, ge=0, le=1)
    """Part of the box that must lie in the frame for a look to be remembered [set]."""
    drop: float = Field(3.5, ge=0, le=100)
    """The bar lies this far below the target's usual score ..."""
    floor: float = Field(-2, ge=-100, le=100)
    """... but not below this ..."""
    ceiling: float = Field(1, ge=-100, le=100)
    """... nor above this [measured]."""
    sure_drop: float = Field(2.5, ge=0, le=100)
    """A look at most this far below the usual score is sure: it is remembered [measured]."""
    margin: float = Field(0.5, ge=0, le=100)
    """How far above the bar a look must be to end a doubt [measured]."""
    back_drop: float = Field(2.3, ge=0, le=100)
    """A target is back, where it was expected, by a score at most this far below the usual one [measured]."""
    deep: float = Field(2, gt=0, le=100)
    """What is followed in a doubt needs as much if the smoothed score fell this far below the bar, less in between
    [measured]."""
    found_drop: float = Field(2.0, ge=0, le=100)
    """A target is found elsewhere by a score at most this far below the usual one [measured]."""
    foreign_margin: float = Field(0.5, ge=0, le=100)
    """In another scene it needs this much more [set]."""


class DoubtSettings(Section):
    """What is waited for while the target is not surely there."""

    gap: int = Field(3, ge=1, le=1000)
    """Usual frame intervals without a frame from which a doubtful look begins a doubt at once [set]."""
    coast: int = Field(10, ge=0, le=1000)
    """Usual frame intervals that the last sure motion is expected to go on [measured]."""
    widening: float = Field(0.05, ge=0, le=10)
    """Target sizes √(w·h) by which the places searched first reach further, a frame of the doubt [set]."""
    screen: float = Field(0.8, gt=0, le=2)
    """Part of the working size, per side, at which proposed places are screened before one is localized at [set]."""
    back_frames: int = Field(2, ge=1, le=100)
    """Frames in a row that the look of before the doubt must be seen where it is expected; one more while LOST ..."""
    found_frames: int = Field(3, ge=1, le=100)
    """... and elsewhere; one more in another scene [measured]."""
    lost_after: float = Field(0.6, gt=0, le=1000)
    """Seconds in a row in which what is followed is doubtful on its own, after which the target is LOST [measured]."""
    give_up_after: int = Field(8, ge=0, le=1000)
    """Looks in a row, while LOST, without a likely place, after which what was followed into the loss is given up
    [set]."""
    rest: int = Field(2, ge=0, le=100)
    """Frames that a sure target is followed without being judged: most of the cost is there [measured] ..."""
    rest_above: float = Field(0.6, ge=0, le=1)
    """... while the confidence in a look is at least this part of the smoothed one [set]."""
    rest_mass: float = Field(0.88, ge=0, le=1)
    """... and the mass of its density, where that tells, at least this part of the usual one and of the last judged
    look's: then the frame needs neither evidence nor a lesson of its own [measured]."""
    rest_rate: float = Field(0.1, gt=0, le=1)
    """Share of the usual mass that a judged look renews [measured on rendered scenes]."""
    forgive_after: float = Field(2.0, ge=0, le=1000)
    """Seconds in doubt after which the usual score begins to follow what is followed all the same [measured]."""
    forgive_rate: float = Field(0.02, ge=0, le=1)
    """Share of the usual score that a frame then renews, at full credit ... [measured]"""
    no_credit: float = Field(0.5, ge=0, lt=1)
    """... and none below this credit, the smoothed confidence of what is followed [set]."""
    full_credit: float = Field(0.9, gt=0, le=1)
    """With credit above this it is the target, which has changed, as soon as that begins ..."""
    most_lack: float = Field(0.5, ge=0, le=2)
    """... unless its thumbnail lacks as much of the usual correlation with the clean looks [measured]."""
    credit_rate: float = Field(0.1, gt=0, le=1)
    """Share of the credit that a frame renews; it begins at a half [set]."""
    confidence_rate: float = Field(0.5, gt=0, le=1)
    """Share of the smoothed confidence that a frame renews [measured]."""
