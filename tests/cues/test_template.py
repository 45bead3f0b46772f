"""The structure cue: where it looks, and what it says of something else."""

import cv2
import numpy as np
import pytest

from tests.cues.scenes import CELL, SIDE, TARGET, patch_of, peak, scene
from tracker.config.settings import TemplateSettings
from tracker.cues.template import TemplateCue
from tracker.geometry import Box


@pytest.fixture
def cue():
    made = TemplateCue(TemplateSettings(), ring=1.4)
    made.init(patch_of(scene()), TARGET)
    return made


def test_the_density_is_the_positive_part_of_the_response_and_peaks_on_the_moved_target(cue):
    moved = TARGET.moved(20, -12)
    response = cue.respond(patch_of(scene(moved, seed=5)))
    assert response.cell == CELL
    assert response.density.shape == (SIDE // CELL, SIDE // CELL)
    assert (response.density == np.maximum(response.heights, 0)).all()
    assert peak(response.density) == pytest.approx(moved.center, abs=CELL)


def test_few_principal_components_respond_nearly_as_all_features():
    heights = []
    for channels in (14, 30):
        cue = TemplateCue(TemplateSettings(channels=channels), ring=1.4)
        cue.init(patch_of(scene()), TARGET)
        response = cue.respond(patch_of(scene(TARGET.moved(20, -12), seed=5)))
        assert len(response.features) == channels
        heights.append(response.heights.ravel())
    assert np.corrcoef(heights)[0, 1] > 0.9


def test_what_is_reduced_already_gives_the_same_response(cue):
    patch = patch_of(scene(seed=5))
    whole, reduced = cue.respond(patch), cue.respond_with(patch, patch.reduced(2))
    assert reduced.heights == pytest.approx(whole.heights, abs=0.02 * float(whole.heights.max()))


def test_recentered_on_a_target_far_off_it_is_seen_better_at_the_same_place(cue):
    moved = TARGET.moved(44, 40)
    response = cue.respond(patch_of(scene(moved, seed=5)))
    recentered = cue.recentered(response, moved)
    assert recentered.patch is response.patch
    assert peak(recentered.density) == pytest.approx(moved.center, abs=CELL)
    assert cue.evidence(recentered, moved).response > 1.1 * cue.evidence(response, moved).response


def test_recentered_on_the_middle_it_is_the_same(cue):
    response = cue.respond(patch_of(scene(seed=5)))
    middle = Box.around(SIDE / 2, SIDE / 2, TARGET.width, TARGET.height)
    assert (cue.recentered(response, middle).density == response.density).all()


def test_the_evidence_falls_for_something_else(cue):
    same = cue.evidence(cue.respond(patch_of(scene(seed=5))), TARGET)
    other = cue.evidence(cue.respond(patch_of(scene(seed=5, look=7))), TARGET)
    assert same.similarity > 0.5 > 0.4 > other.similarity
    assert other.recall < 0.4 * same.recall
    assert other.response < 0.4 * same.response
    assert other.sharpness < 0.4 * same.sharpness
    assert same.coverage == 1
    assert same.contrast > 3


def test_the_first_look_is_kept_beside_what_is_learned(cue):
    new = patch_of(scene(seed=5, look=7))
    before = cue.structure(cue.respond(new), TARGET)
    for _ in range(40):
        cue.update(cue.respond(new), TARGET)
    after = cue.structure(cue.respond(new), TARGET)
    assert after.response > 1.8 * before.response
    assert after.recall == before.recall


@pytest.mark.parametrize("scale", [0.94, 1.0, 1.06])
def test_it_says_how_much_larger_the_target_is_than_the_box(cue, scale):
    grown = cv2.resize(scene(), None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    place = Box(TARGET.x * scale, TARGET.y * scale, TARGET.width * scale, TARGET.height * scale)
    same_size = Box.around(*place.center, TARGET.width, TARGET.height)
    wide = cv2.copyMakeBorder(grown, 0, SIDE, 0, SIDE, cv2.BORDER_REPLICATE)[:SIDE, :SIDE]
    assert cue.zoom(cue.respond(patch_of(wide)), same_size) == pytest.approx(np.log(scale), abs=0.03)


def test_where_it_responds_to_nothing_it_has_no_opinion_of_the_size(cue):
    response = cue.respond(patch_of(scene(seed=5)))
    response.features[:] = 0
    assert cue.zoom(response, TARGET) == 0.0
