"""The color-histogram cue: what is counted, and how it is projected back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tracker.config.settings import ColorSettings, ModelSettings
from tracker.cues.histogram import (
    BACK_PROJECTIONS,
    ColorHistogramCue,
    background_histogram,
    likelihood,
    ratio,
    target_histogram,
)
from tracker.cues.target_model import TargetModel, normalized
from tracker.errors import TargetError
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch

GRAY = ColorSettings(space="gray", bins=(8,))
TARGET = Box(6, 4, 8, 8)
counts = arrays(np.float32, 8, elements=st.floats(0, 100, width=32))


def patch_of(target=200, ground=40, x=0.0):
    image = np.full((16, 20, 3), ground, np.uint8)
    image[4:12, 6:14] = target
    return cut_patch(image, PatchGeometry(x, 0, 1, 1, 20, 16))


@pytest.mark.parametrize("name", sorted(BACK_PROJECTIONS))
@settings(deadline=None)
@given(counts, counts)
def test_every_table_is_a_density(name, target, background):
    table = BACK_PROJECTIONS[name](normalized(target), normalized(background), ModelSettings())
    assert table.dtype == np.float32
    assert np.isfinite(table).all()
    assert (table >= 0).all()
    assert (table <= 1 + 1e-6).all()


def test_likelihood_is_bayes_with_a_floor():
    settings = ModelSettings(prior=0.25, floor=1e-3)
    q, b = np.array([0.5, 0.0, 0.5], np.float32), np.array([0.0, 0.5, 0.5], np.float32)
    want = 0.25 * (q + 1e-3) / (0.25 * q + 0.75 * b + 1e-3)
    assert likelihood(q, b, settings) == pytest.approx(want, rel=1e-4)


def test_ratio_makes_background_colors_of_a_loose_box_weigh_little():
    q, b = np.array([0.5, 0.5], np.float32), np.array([0.95, 0.05], np.float32)
    assert ratio(q, b, ModelSettings()) == pytest.approx([0.5 / 0.95, 1.0])


def test_the_inner_part_of_the_box_is_the_target_and_the_rest_of_the_patch_its_surroundings():
    patch = patch_of()
    bins = patch.image[..., 0].astype(np.intp) // 32
    inner, outer = ModelSettings(inner=0.5, outer=1.0), ModelSettings(outer=1.5)
    bins[4, 6] = 0
    assert target_histogram(bins, patch, TARGET, inner, 8)[6] == 1
    assert background_histogram(bins, patch, TARGET, inner, 8)[1] == 1
    around = background_histogram(bins, patch, TARGET, outer, 8)
    assert around.sum() == pytest.approx(1)
    assert around[6] == 0


def test_the_kernel_lets_the_middle_weigh_more():
    patch = patch_of()
    bins = np.zeros((16, 20), np.intp)
    bins[7:9, 9:11] = 3
    flat = target_histogram(bins, patch, TARGET, ModelSettings(inner=1), 8)
    weighted = target_histogram(bins, patch, TARGET, ModelSettings(inner=1, kernel="epanechnikov"), 8)
    assert weighted[3] > 1.5 * flat[3]
    assert weighted.sum() == pytest.approx(1)


def test_what_lies_beyond_the_frame_is_not_counted():
    patch = patch_of(x=10.0)
    bins = np.ones((16, 20), np.intp)
    bins[:, 10:] = 5
    box = Box(6, 4, 8, 8)
    assert target_histogram(bins, patch, box, ModelSettings(), 8)[5] == 0
    assert background_histogram(bins, patch, box, ModelSettings(), 8)[5] == 0


def test_evidence_and_learning_count_a_box_once():
    cue = ColorHistogramCue(GRAY, ModelSettings())
    cue.init(patch_of(), TARGET)
    response = cue.respond(patch_of())
    first = response.histogram(TARGET, ModelSettings(), 8)
    assert response.histogram(Box(*TARGET), ModelSettings(), 8) is first
    assert response.histogram(TARGET.moved(1, 0), ModelSettings(), 8) is not first


def test_a_given_model_is_used_and_not_changed():
    first = normalized(np.eye(8, dtype=np.float32)[1])
    given = TargetModel(GRAY, first, normalized(np.eye(8, dtype=np.float32)[6]))
    cue = ColorHistogramCue(GRAY, ModelSettings(target_rate=0.5), given)
    cue.init(patch_of(), TARGET)
    response = cue.respond(patch_of())
    assert response.density[0, 0] > 0.9
    assert response.density[8, 10] < 0.1
    cue.update(response, TARGET)
    assert (given.target == first).all()
    assert cue.model.target[6] == pytest.approx(0.5)


def test_a_model_of_other_colors_is_refused():
    model = TargetModel(GRAY, normalized(np.ones(8)), normalized(np.ones(8)))
    with pytest.raises(TargetError, match="use the same color settings"):
        ColorHistogramCue(ColorSettings(), ModelSettings(), model)


@pytest.mark.parametrize("light", [0.05, 0.1, 0.5, 1.0])
def test_a_dark_start_is_followed_into_the_light(light: float, caplog: pytest.LogCaptureFixture) -> None:
    cue = ColorHistogramCue(GRAY, ModelSettings())
    cue.init(patch_of(target=14, ground=3), TARGET)
    assert "nearly black" in caplog.text
    density = cue.respond(patch_of(target=int(250 * light), ground=int(50 * light))).density
    assert density[4:12, 6:14].min() > 0.9
    assert density[:4].max() < 0.1


def test_black_is_refused_and_so_is_its_noise() -> None:
    noise = np.random.default_rng(1).integers(0, 5, (16, 20, 3)).astype(np.uint8)
    for image in (np.zeros((16, 20, 3), np.uint8), noise):
        with pytest.raises(TargetError, match="min_contrast"):
            ColorHistogramCue(GRAY, ModelSettings()).init(cut_patch(image, PatchGeometry(0, 0, 1, 1, 20, 16)), TARGET)


def test_a_lesson_of_several_frames_is_as_many_lessons_of_the_same_look():
    patient, eager = (ColorHistogramCue(GRAY, ModelSettings(target_rate=0.2)) for _ in range(2))
    for cue in (patient, eager):
        cue.init(patch_of(), TARGET)
    elsewhere = TARGET.moved(5, 3)
    patient.update(patient.respond(patch_of()), elsewhere, frames=3)
    response = eager.respond(patch_of())
    for _ in range(3):
        eager.update(response, elsewhere)
    for mine, other in (
        (patient.model.target, eager.model.target),
        (patient.model.background, eager.model.background),
    ):
        assert mine == pytest.approx(other, abs=1e-6)
    assert patient.model.target.sum() == pytest.approx(1)


def test_copies_share_histograms_that_no_lesson_changes():
    cue = ColorHistogramCue(GRAY, ModelSettings(target_rate=0.5))
    cue.init(patch_of(), TARGET)
    twin, before = cue.copied(), cue.model.target.copy()
    assert twin.model.target is cue.model.target
    twin.update(twin.respond(patch_of()), TARGET.moved(6, 0))
    assert (cue.model.target == before).all()
    assert (twin.model.target != before).any()
