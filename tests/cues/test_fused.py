"""Structure times color: what the two agree on, and when color has no say."""

import numpy as np
import pytest

from tests.cues.scenes import CELL, SIDE, TARGET, patch_of, peak, scene
from tracker.config.settings import ColorSettings, FusionSettings, ModelSettings, TemplateSettings
from tracker.cues.base import Distractors
from tracker.cues.fused import ColorShare, FusedCue
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.template import TemplateCue
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch


def fused(**changes):
    color = ColorHistogramCue(ColorSettings(), ModelSettings())
    return FusedCue(TemplateCue(TemplateSettings(), ring=1.4), color, FusionSettings(**changes))


def test_the_density_peaks_on_the_moved_target():
    cue = fused()
    cue.init(patch_of(scene()), TARGET)
    moved = TARGET.moved(20, -12)
    response = cue.respond(patch_of(scene(moved, seed=5)))
    assert response.density.shape == (SIDE // CELL, SIDE // CELL)
    assert peak(response.density) == pytest.approx(moved.center, abs=CELL)


def test_color_raises_or_lowers_the_response_by_its_share():
    cue = fused(floor=0.15, cap=1.1)
    cue.init(patch_of(scene()), TARGET)
    response = cue.respond(patch_of(scene(seed=5)))
    raised = response.structure.density > 0
    trust = response.density[raised] / response.structure.density[raised]
    assert 0.149 < trust.min() < 0.3
    assert 0.9 < trust.max() < 1.251


def test_recentered_on_a_target_far_off_it_is_seen_better_at_the_same_place():
    cue = fused()
    cue.init(patch_of(scene()), TARGET)
    moved = TARGET.moved(44, 40)
    response = cue.respond(patch_of(scene(moved, seed=5)))
    recentered = cue.recentered(response, moved)
    assert recentered.colors is response.colors
    assert cue.evidence(recentered, moved).response > 1.1 * cue.evidence(response, moved).response


def test_similarity_and_contrast_come_from_the_colors_the_rest_from_the_template():
    cue = fused()
    cue.init(patch_of(scene()), TARGET)
    repainted = cue.evidence(cue.respond(patch_of(scene(seed=5, color=(190, 70, 60)))), TARGET)
    same = cue.evidence(cue.respond(patch_of(scene(seed=5))), TARGET)
    assert repainted.similarity < 0.5 * same.similarity
    assert repainted.contrast < 0.2 * same.contrast
    assert repainted.response > 0.4 * same.response


def test_distractors_are_left_out_of_the_colors_too():
    cue = fused()
    cue.init(patch_of(scene()), TARGET)
    response = cue.respond(patch_of(scene()), Distractors((TARGET,)))
    assert not response.colors.density[31:57, 36:54].any()
    assert cue.off_center(response, TARGET.moved(10, 0)) == (0, 0)


def test_color_decides_between_equal_structures():
    cue = fused()
    cue.init(patch_of(scene()), TARGET)
    image = scene(Box(20, 60, 40, 56), color=(190, 70, 60))
    right = scene(Box(115, 60, 40, 56))
    image[:, 100:] = right[:, 100:]
    assert peak(cue.respond(patch_of(image)).density) == pytest.approx((135, 88), abs=CELL)


def test_gray_video_leaves_color_out():
    colored, gray = fused(), fused()
    colored.init(patch_of(scene()), TARGET)
    gray.init(patch_of(scene(gray=True)), TARGET)
    assert colored.uses_color
    assert not gray.uses_color
    moved = Box(TARGET.x - 16, TARGET.y + 8, TARGET.width, TARGET.height)
    response = gray.respond(patch_of(scene(moved, seed=5, gray=True)))
    assert peak(response.density) == pytest.approx(moved.center, abs=CELL)
    assert gray.off_center(response, TARGET) == (0, 0)


def test_color_can_be_switched_off():
    cue = fused(color=False)
    cue.init(patch_of(scene()), TARGET)
    assert not cue.uses_color


def test_the_colors_tell_where_the_middle_is():
    cue = fused()
    cue.init(patch_of(scene()), TARGET)
    across, down = cue.off_center(cue.respond(patch_of(scene())), TARGET.moved(10, 0))
    assert -10 < across < -2
    assert down == pytest.approx(0, abs=1)


def test_a_coarse_response_takes_any_patch():
    cue = fused()
    cue.init(patch_of(scene()), TARGET)
    far = PatchGeometry(0, 0, 3, 3, 60, 47)
    assert cue.respond_coarse(cut_patch(scene(), far)).density.shape == (47, 60)


def test_the_color_share_is_one_on_the_first_target_and_small_elsewhere():
    density = np.zeros((90, 90), np.float32)
    density[31:59, 35:55] = 0.8
    share = ColorShare(density, Box(35, 31, 20, 28), (45, 45))
    assert share.usual == pytest.approx(0.8, abs=0.08)
    per_cell = share.per_cell(density)
    assert per_cell[22, 22] == pytest.approx(1, abs=0.03)
    assert per_cell[3, 3] == 0
