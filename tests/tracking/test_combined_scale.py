"""Size by structure and by color: which of them decides."""

import cv2
import numpy as np
import pytest

from tracker.config.settings import ColorSettings, FusionSettings, ModelSettings, SizeSettings, TemplateSettings
from tracker.cues.fused import FusedCue
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.template import TemplateCue
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch
from tracker.tracking.combined_scale import CombinedScale
from tracker.tracking.scale_filter import ScaleFilter

SETTINGS = SizeSettings(method="combined", steps=8, damping=1.0, color_damping=1.0)
TARGET = Box.around(90, 90, 52, 52)


def picture(scale=1.0, turned=0.0, colored=True):
    """A disc with a pattern, red on gray or gray on gray, enlarged and turned about its center."""
    rng = np.random.default_rng(3)
    image = np.full((180, 180, 3), 110, np.uint8) + rng.integers(0, 12, (180, 180, 1)).astype(np.uint8)
    disc = np.zeros((180, 180), np.uint8)
    cv2.circle(disc, (90, 90), round(26 * scale), 255, -1)
    pattern = cv2.GaussianBlur(rng.integers(0, 256, (180, 180)).astype(np.uint8), (0, 0), 4)
    pattern = cv2.normalize(pattern, None, 60, 250, cv2.NORM_MINMAX)
    pattern = cv2.warpAffine(pattern, cv2.getRotationMatrix2D((90, 90), turned, scale), (180, 180))
    image[disc > 0] = cv2.merge([pattern // 8, pattern // 8, pattern] if colored else [pattern] * 3)[disc > 0]
    return cut_patch(image, PatchGeometry(0, 0, 1, 1, 180, 180))


def cue_of(patch):
    cue = FusedCue(
        TemplateCue(TemplateSettings(), ring=1.4), ColorHistogramCue(ColorSettings(), ModelSettings()), FusionSettings()
    )
    cue.init(patch, TARGET)
    return cue


def followed(estimator, cue, **change):
    """The size that comes of ten frames of a target that changes so much a frame, as a ratio to the first."""
    size, at = 1.0, {"scale": 1.0, "turned": 0.0}
    for _ in range(10):
        at = {"scale": at["scale"] * change.get("grows", 1.0), "turned": at["turned"] + change.get("turns", 0.0)}
        shown = picture(at["scale"] / size, at["turned"], colored=change.get("colored", True))
        measured = estimator.measure(cue.respond(shown), TARGET, size)
        size *= measured.across
        estimator.update(measured)
    return size / at["scale"]


@pytest.mark.parametrize("grows", [0.985, 1.0, 1.015])
def test_a_turning_target_that_stands_out_by_color_keeps_its_size(grows):
    cue, made = cue_of(picture()), CombinedScale(SETTINGS)
    made.init(cue.respond(picture()), TARGET)
    assert followed(made, cue, grows=grows, turns=12.0) == pytest.approx(1, abs=0.12)


def test_without_color_it_is_the_filter_alone():
    patch, other = picture(colored=False), picture(1.06, colored=False)
    cue = cue_of(patch)
    made, alone = CombinedScale(SETTINGS), ScaleFilter(SETTINGS)
    for estimator in (made, alone):
        estimator.init(cue.respond(patch), TARGET)
    want = alone.measure(cue.respond(other), TARGET, 1.0)
    assert made.measure(cue.respond(other), TARGET, 1.0).across == want.across == pytest.approx(1.06, abs=0.02)


def test_a_copy_learns_on_its_own():
    cue, made = cue_of(picture()), CombinedScale(SETTINGS)
    made.init(cue.respond(picture()), TARGET)
    shown = cue.respond(picture(1.05))
    before = made.measure(shown, TARGET, 1.0).across
    twin = made.copied()
    for _ in range(20):
        twin.update(twin.measure(cue.respond(picture(1.02)), TARGET, 1.0))
    assert made.measure(shown, TARGET, 1.0).across == before


def test_the_template_draws_the_size_back():
    cue, made = cue_of(picture()), ScaleFilter(SETTINGS.model_copy(update={"zoom": 0.5}))
    made.init(cue.respond(picture()), TARGET)
    shown = cue.respond(picture())
    assert made.measure(shown, TARGET, 1.0, 0.1).across > 1.02 > made.measure(shown, TARGET, 1.0).across
    for _ in range(200):
        made.update(made.measure(shown, TARGET, 1.0, 0.1))
    assert made.measure(shown, TARGET, 1.0, 0.1).across == pytest.approx(1, abs=0.02), "what it always says is no drift"
