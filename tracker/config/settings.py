"""Every number that decides how the tracker behaves, with its unit, range and origin. Validated here and nowhere else.

Origins are named in brackets, as `tracker.config.origins` spells them out; a setting without one was chosen by reason,
not measured.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from tracker.config.presence import DoubtSettings, GallerySettings, PresenceSettings, SceneSettings
from tracker.config.section import Section


class TemplateSettings(Section):
    """The correlation filter and the cells it looks at."""

    cell: int = Field(4, ge=2, le=16)
    """Patch pixels of a cell, per side."""
    channels: int = Field(24, ge=1, le=30)
    """Principal components kept of the 30 features of a cell: fewer take less time and hold less [measured]."""
    sigma: float = Field(1 / 16, gt=0, le=1)
    """Standard deviation of the wanted response's peak in target sizes √(w·h), at least half a cell [G17]."""
    rounds: int = Field(2, ge=1, le=20)
    """Rounds of the filter's optimization [G17: 2; measured: 2 to 4 alike]."""
    rate: float = Field(0.04, ge=0, le=1)
    """Share of the filter that a lesson renews [measured: 0.025 to 0.04 alike]."""
    every: int = Field(2, ge=1, le=100)
    """The filter learns from every n-th frame that may be learned from."""
    anchor: float = Field(0.01, ge=0, le=1)
    """Share of the first frame's filter that a lesson brings back, against drift [measured]."""


class FusionSettings(Section):
    """Density = response · (floor + min(share of color, cap))."""

    color: bool = True
    """false: the response alone, as for a target without color."""
    floor: float = Field(0.15, gt=0, le=100)
    """What a place without any of the target's colors still counts [measured]."""
    cap: float = Field(1.1, gt=0, le=100)
    """A place with more color than this share of the first target's counts no more for it [measured]."""
    coarser: int = Field(2, ge=1, le=8)
    """Patch pixels per pixel that the colors are looked at, per side: color needs less detail than structure [set]."""
    min_share: float = Field(0.5, ge=0, le=1)
    """Share of the first target's color, in the box, below which colors do not say where the middle is [set]."""
    min_chroma: float = Field(12, ge=0, le=510)
    """Mean |B − G| + |G − R| of the first target, gray levels, below which it has no color to go by."""


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


ColorSpaceName = Literal["bgr", "hsv", "hs", "lab", "ycrcb", "gray"]


def rising(bounds: tuple[float, float]) -> tuple[float, float]:
    """Return two bounds within [0, 1], the second above the first.

    Raises:
        ValueError: they are not.
    """
    if not 0 <= bounds[0] < bounds[1] <= 1:
        raise ValueError("give two rising numbers in [0, 1]")
    return bounds


class ColorSettings(Section):
    """Which colors are told apart."""

    space: ColorSpaceName = "bgr"
    """The color space of the histograms; hs is hue and saturation, without value [B98]."""
    bins: tuple[Annotated[int, Field(ge=1, le=256)], ...] = Field((16, 16, 16), strict=False)
    """Bins per channel: 3 for bgr, hsv, lab and ycrcb, 2 for hs, 1 for gray; at most 2^20 in all. 16 each [CM03]."""
    min_saturation: int = Field(32, ge=0, le=255)
    """hs and hsv: a pixel less saturated than this has no dependable hue and counts as a gray level."""
    min_value: int = Field(32, ge=0, le=255)
    """hs and hsv: a pixel darker than this has no dependable hue and counts as a gray level."""

    @model_validator(mode="after")
    def _one_count_a_channel(self) -> ColorSettings:
        channels = {"hs": 2, "gray": 1}.get(self.space, 3)
        if len(self.bins) != channels:
            raise ValueError(f"color space {self.space} has {channels} channel(s): give {channels} bin count(s)")
        total = 1
        for count in self.bins:
            total *= count
        if total > 2**20:
            raise ValueError(f"{total} bins are too many: at most {2**20} in all")
        return self


class ModelSettings(Section):
    """How the target's and its surroundings' colors are learned, and how they become a density."""

    density: Literal["likelihood", "ratio"] = "likelihood"
    """likelihood: posterior of target against surroundings; ratio: back-projection of the histogram ratio [SB91]."""
    kernel: Literal["flat", "epanechnikov"] = "flat"
    """Weight of a pixel in the target histogram by its distance from the box's center [CM03]."""
    inner: float = Field(0.8, gt=0, le=1)
    """Part of the box (per side) that the target histogram is taken from [measured]."""
    outer: float = Field(1.1, ge=1, le=3)
    """Pixels outside this many boxes (per side) are surroundings [measured]."""
    prior: float = Field(0.1, gt=0, lt=1)
    """likelihood: prior probability that a pixel is the target's [measured]."""
    floor: float = Field(1e-5, gt=0, le=1)
    """likelihood: probability of a color never seen, so that no evidence decides nothing."""
    target_rate: float = Field(0.01, ge=0, le=1)
    """Share of the target histogram that is renewed a frame; faster learns the occluder [measured]."""
    background_rate: float = Field(0.1, ge=0, le=1)
    """Share of the surroundings' histogram that is renewed a frame [measured]."""
    ring: float = Field(1.4, gt=1, le=3)
    """The ring that the box's contrast is taken against reaches this many boxes out (per side) [measured]."""
    min_brightness: float = Field(12, ge=0, le=255)
    """A target starts dark where the mean brightest channel about it is below this: contrast is stretched then."""
    min_contrast: float = Field(8, ge=0, le=255)
    """A target that starts dark needs this contrast about it, in gray levels, for its colors to be more than noise."""


class SearchSettings(Section):
    """Where the tracker looks, and at what size."""

    window: Literal["target", "square"] = "target"
    """target: as wide and high as the target and the margin; square: of `side` working pixels whatever the target."""
    side: int = Field(180, ge=32, le=1000)
    """square: working pixels per side [measured: 180 as good as 220]."""
    longest: float = Field(1.5, ge=1, le=8)
    """square: the region is at least this many times as long as the target's longer side [set]."""
    smooth: bool = False
    """Interpolate or average the frame's pixels instead of picking the nearest: gradients need it, colors do not."""
    looks: int = Field(1, ge=1, le=10)
    """Patches a frame at most: cut another one where the target turned out to be of another size. With more than one, a
    target found elsewhere is looked at again in the middle of what the cue attends to."""
    look_again: float = Field(0.5, ge=0, le=100)
    """Elsewhere is further than this, in elements of the density."""
    resized: float = Field(0.02, ge=0, le=1)
    """Of another size: the logarithm of the side's ratio is greater than this [set]."""
    target_area: float = Field(700, ge=64, le=1e5)
    """target: working pixels the target is sampled at; a smaller target is not enlarged [measured: 1600 no better]."""
    margin: float = Field(1.5, gt=0, le=8)
    """The window is wider and higher than the target by this many target sizes √(w·h) [measured]."""
    widening: float = Field(4, ge=1, le=16)
    """After a gap in time the target is looked for in a region as many times as wide and high as usual frame intervals
    have passed, at most this many times; 1 does not widen it [measured with `fast` on 42 clips: targets held after gaps
    of 8 frames .88 of those held before, .87 without; of 20 frames .86, .85 without]."""
    start: Literal["peak", "maximum", "last"] = "peak"
    """peak: begin at the greatest windowed density near the prediction; maximum: at the greatest density of all; last:
    at the prediction itself."""
    motion_sigma: float = Field(0.7, gt=0, le=10)
    """peak: standard deviation of the motion prior in target sizes [measured]."""
    teach_shift: tuple[float, float] = Field((0.0, 0.0), strict=False)
    """Part of the way, across and down, to the middle of the target's pixels that the place to learn from is moved: a
    template keeps whatever place it was taught, this slowly brings it back [measured]."""
    box_shift: tuple[float, float] = Field((0.0, 0.0), strict=False)
    """The same for the box. Less down than across: walkers and animals are not alike from end to end [measured]."""
    clear_teach_shift: float = Field(0.5, ge=0, le=1)
    """`teach_shift`, both ways, where the colors tell the target wholly from what is around it [set] ..."""
    clear_box_shift: float = Field(1.0, ge=0, le=1)
    """... and `box_shift` [set] ..."""
    clear_separations: tuple[float, float] = Field((0.4, 0.7), strict=False)
    """... and mean likelihood of the colors in the box less that around it from which they do so in part, and wholly
    [measured]."""

    @field_validator("clear_separations")
    @classmethod
    def _rising(cls, value: tuple[float, float]) -> tuple[float, float]:
        return rising(value)


class MeanShiftSettings(Section):
    """The windowed iterator."""

    kernel: Literal["flat", "epanechnikov", "gaussian"] = "flat"
    """Weight of an element of the density by its distance from the window's center [CM03]."""
    shape: Literal["rectangle", "ellipse"] = "rectangle"
    """Outline of the window."""
    tolerance: float = Field(0.2, gt=0, le=10)
    """Stop when the window moves by less, in elements of the density."""
    window: float | None = Field(None, gt=0, le=100)
    """Sides of the window in elements of the density; none: the target's."""
    max_iterations: int = Field(10, ge=1, le=1000)
    """Stop after this many moves."""


class SizeSettings(Section):
    """How the box follows the target's size."""

    method: Literal["fixed", "mass", "moments", "filter", "combined"] = "mass"
    """fixed: keep the first size; mass: regularized windowed mass over scales; moments: spread and angle [B98]; filter:
    correlation filter over scales [D14]; combined: filter, and mass over the colors as far as they stand out."""
    step: float = Field(1.03, gt=1, le=1.5)
    """mass, filter: ratio of neighboring scales."""
    steps: int = Field(3, ge=1, le=20)
    """mass, filter: scales tried in each direction."""
    sample_area: float = Field(512, ge=64, le=1e5)
    """filter: working pixels of the target at each scale [D14]."""
    rate: float = Field(0.025, ge=0, le=1)
    """filter: share that a frame renews [D14]."""
    damping: float = Field(0.3, gt=0, le=1)
    """Part of the measured change that is applied a frame [measured]."""
    zoom: float = Field(0.2, ge=0, le=1)
    """filter: part of the scale at which the template responds most that is applied a frame, against drift
    [measured]."""
    color_steps: int = Field(3, ge=1, le=20)
    """combined: scales tried in each direction by the mass of the colors [set]."""
    color_damping: float = Field(0.4, gt=0, le=1)
    """combined: `damping` of the mass of the colors [measured]."""
    separations: tuple[float, float] = Field((0.3, 0.6), strict=False)
    """combined: mean likelihood of the colors in the box less that around it from which they count, and from which they
    alone decide [measured]."""
    zoom_rate: float = Field(0.02, ge=0, le=1)
    """filter: renewal a lesson of what the template usually says of the scale, which is no drift [set]."""
    least_border: float = Field(0.15, ge=0, le=1)
    """mass: the density at the first box's border counts as this share of the mean in the box at least [set]."""
    most_border: float = Field(0.7, ge=0, le=1)
    """mass: the same, at most: a loose box would shrink, a tight one grow, whatever comes [set]."""
    least_mass: float = Field(0.5, ge=0, le=1)
    """mass: share of the first mean density below which there is too little evidence to measure a size [set]."""
    least_moment: float = Field(0.3, ge=0, le=1)
    """moments: share of the first mass below which the size is not measured [set]."""
    reach: float = Field(1.4, ge=1, le=4)
    """moments: they are taken over a box this many times the target's (per side) [set]."""
    regularization: float = Field(0.01, ge=0, le=1)
    """filter: λ of [D14] eq. 6, as a share of the filter's mean energy [set]."""
    stiffness: float = Field(1.0, ge=0, le=100)
    """mass: weight of (ln s)², against a sudden change [measured]."""
    pull: float = Field(0.1, ge=0, le=10)
    """mass: weight of |ln(size / first size)|, against drift [measured]."""
    relax: float = Field(0.2, ge=0, le=1)
    """mass: return toward the first size a frame while there is too little evidence."""
    min_scale: float = Field(0.1, gt=0, le=1)
    """Smallest size as a ratio to the first."""
    max_scale: float = Field(10, ge=1, le=100)
    """Largest size as a ratio to the first."""

    @model_validator(mode="after")
    def _border(self) -> SizeSettings:
        if self.least_border > self.most_border:
            raise ValueError("give least_border <= most_border")
        rising(self.separations)
        return self

    @property
    def scales(self) -> tuple[float, ...]:
        """The scales tried, smallest first."""
        return tuple(self.step**k for k in range(-self.steps, self.steps + 1))


class ConfidenceSettings(Section):
    """How sure a look is on its own.

    Its confidence is logistic(similarity_weight·S + contrast_weight·ln(C + 0.1) + recall_weight·ln(R) − offset).

    S is the Bhattacharyya coefficient to the first look, C the density in the box over that in the ring around it, R
    the response of the first frame's template (1 without a template).
    The weights are a logistic regression of overlap > 0.5 against < 0.1, rounded [measured]. Where less than
    `full_coverage` of the box is in the frame, the confidence falls in proportion.
    """

    similarity_weight: float = Field(7.5, ge=0, le=100)
    """Weight of the likeness S to the first look in the confidence [measured]."""
    contrast_weight: float = Field(4.5, ge=0, le=100)
    """Weight of the contrast ln(C + 0.1) with the surroundings in the confidence [measured]."""
    recall_weight: float = Field(0, ge=0, le=100)
    """Weight of the first frame's template ln(R) in the confidence; 0 without a template [measured]."""
    offset: float = Field(8, ge=-100, le=100)
    """What the weighted sum must exceed for a confidence above 0.5 [measured]."""
    clear_contrast: float = Field(8, gt=0, le=1000)
    """C of a target that stands out clearly; more counts as this much [set]."""
    clear_recall: float = Field(0.1, gt=0, le=10)
    """R of a target that has not changed much; `reason` names a response below it [set]."""
    faint_recall: float = Field(1e-3, gt=0, le=1)
    """R below this counts as this much [set]."""
    full_coverage: float = Field(0.5, gt=0, le=1)
    """Part of the box in the frame from which its being cut off costs no confidence [set]."""
    occluded_below: float = Field(0.1, ge=0, le=1)
    """A look below this is doubtful on its own, whatever its score (see `PresenceSettings`) ..."""
    tracking_above: float = Field(0.3, ge=0, le=1)
    """... until one reaches this; what is seen again where it is expected needs as much."""
    found_above: float = Field(0.6, ge=0, le=1)
    """What is found elsewhere, or was followed into a loss, needs as much."""
    lost_after: int = Field(15, ge=1, le=10000)
    """Doubtful frames in a row after which what is followed needs `found_above`, too; LOST comes after
    `doubt.lost_after`."""

    @model_validator(mode="after")
    def _hysteresis(self) -> ConfidenceSettings:
        if not self.occluded_below <= self.tracking_above <= self.found_above:
            raise ValueError("give occluded_below <= tracking_above <= found_above, or the state would flicker")
        return self


class RecognitionSettings(Section):
    """What the target must still be like, as shares of what was usual while TRACKING."""

    min_recall: float = Field(0.3, ge=0, le=1)
    """Response of the first frame's template that it needs in any state [measured]."""
    rate: float = Field(0.05, gt=0, le=1)
    """Share of what is usual that a frame renews [set]."""


class RedetectionSettings(Section):
    """How a target in doubt is looked for in the whole frame: one tile a frame, the nearest first."""

    target_area: float = Field(64, ge=4, le=1e5)
    """Working pixels the target is sampled at in a tile."""
    tile_area: float = Field(20_000, ge=1000, le=1e7)
    """Working pixels of a tile: the bound on the work of a frame."""
    candidates: int = Field(3, ge=1, le=20)
    """Places of a tile that are looked at closely."""
    thumbnail_area: float = Field(144, ge=4, le=1e5)
    """The same in a tile that is compared with the thumbnails of the clean looks [set]."""
    sizes: tuple[Annotated[float, Field(gt=0, le=10)], ...] = Field((1.0, 0.65, 1.5), strict=False)
    """Sizes, as ratios to the last known one, that places are screened at, beside 1: one a turn through the tiles.
    Steps that the size estimator bridges in a look or two [measured on rendered scenes]."""


class SeveralSettings(Section):
    """How several targets of one video keep out of each other's way."""

    velocity_rate: float = Field(0.3, gt=0, le=1)
    """Part of a target's velocity that a frame renews [measured on two scenes: 0.15 and 0.5 lose more]."""
    hidden_overlap: float = Field(0.3, ge=0, le=1)
    """Overlap with another target from which measured motion tells nothing: the velocity is kept [measured]."""
    touching_overlap: float = Field(0.1, ge=0, le=1)
    """Overlap with another target from which nothing is learned: it might be the other one's look [set]."""
    same_place: float = Field(0.6, gt=0, le=1)
    """Part of the smaller box that lies in the other one from which two boxes are one place [set]."""


class TrackerConfig(Section):
    """All settings of a tracker. Presets: `classic`, `fast`, `accurate` (the default)."""

    description: str = ""
    """What the preset is for."""
    cue: Literal["color", "fused"] = "color"
    """color: back-projection of color histograms; fused: that times the response of a template."""
    color: ColorSettings = ColorSettings()
    model: ModelSettings = ModelSettings()
    template: TemplateSettings = TemplateSettings()
    fusion: FusionSettings = FusionSettings()
    gate: GateSettings = GateSettings()
    search: SearchSettings = SearchSettings()
    mean_shift: MeanShiftSettings = MeanShiftSettings()
    size: SizeSettings = SizeSettings()
    confidence: ConfidenceSettings = ConfidenceSettings()
    recognition: RecognitionSettings = RecognitionSettings()
    redetection: RedetectionSettings = RedetectionSettings()
    scene: SceneSettings = SceneSettings()
    gallery: GallerySettings = GallerySettings()
    presence: PresenceSettings = PresenceSettings()
    doubt: DoubtSettings = DoubtSettings()
    several: SeveralSettings = SeveralSettings()
