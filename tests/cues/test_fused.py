"""The structure cue and its fusion with colour: where they look, what they agree on, when colour has no say."""

import copy
import pickle

import numpy as np
import pytest

from tracker.config.settings import ColorSettings, FusionSettings, ModelSettings, TemplateSettings
from tracker.cues.fused import ColorShare, FusedCue
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.template import TemplateCue
from tracker.geometry import Box
from tracker.patch import Patch, PatchGeometry, cut_patch

SIDE, CELL = 180, 4
TARGET = Box(70, 60, 40, 56)


def textured(seed, shape):
    """Blotches of a few pixels, mean 0."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(0, 30, (-(-shape[0] // 5), -(-shape[1] // 5), 3))
    return np.repeat(np.repeat(coarse, 5, axis=0), 5, axis=1)[: shape[0], : shape[1]]


def scene(at=TARGET, color=(60, 70, 190), seed=0, gray=False, look=1):
    """A textured target on a textured ground."""
    image = np.array((110, 120, 100)) + textured(seed + 10, (SIDE, SIDE))
    x, y, w, h = at.rounded()
    image[y : y + h, x : x + w] = np.array(color) + textured(look, (h, w))
    pixels = image.clip(0, 255).astype(np.uint8)
    return np.repeat(pixels.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2) if gray else pixels


def patch_of(image, x=0.0, y=0.0):
    return cut_patch(image, PatchGeometry(x, y, 1, 1, SIDE, SIDE))


def fused(**changes):
    color = ColorHistogramCue(ColorSettings(), ModelSettings())
    return FusedCue(TemplateCue(TemplateSettings()), color, FusionSettings(**changes))


def peak(density):
    row, column = np.unravel_index(density.argmax(), density.shape)
    return (column + 0.5) * CELL, (row + 0.5) * CELL


@pytest.fixture(params=["template", "fused"])
def cue(request):
    return TemplateCue(TemplateSettings()) if request.param == "template" else fused()


def test_the_density_peaks_on_the_moved_target(cue):
    cue.begin(patch_of(scene()), TARGET)
    moved = Box(TARGET.x + 20, TARGET.y - 12, TARGET.width, TARGET.height)
    view = cue.look(patch_of(scene(moved, seed=5)))
    assert view.cell == CELL
    assert view.density.shape == (SIDE // CELL, SIDE // CELL)
    assert view.density.dtype == np.float32
    assert (view.density >= 0).all()
    assert peak(view.density) == pytest.approx(moved.center, abs=CELL)


def test_focused_on_a_target_far_off_the_cue_sees_it_better_at_the_same_place(cue):
    cue.begin(patch_of(scene()), TARGET)
    moved = Box(TARGET.x + 44, TARGET.y + 40, TARGET.width, TARGET.height)
    view = cue.look(patch_of(scene(moved, seed=5)))
    focused = view.focused(moved)
    assert focused.patch is view.patch
    assert peak(focused.density) == pytest.approx(moved.center, abs=CELL)
    assert focused.judge(moved).response > 1.1 * view.judge(moved).response


def test_focused_on_the_middle_the_cue_sees_the_same(cue):
    cue.begin(patch_of(scene()), TARGET)
    view = cue.look(patch_of(scene(seed=5)))
    middle = Box.around(SIDE / 2, SIDE / 2, TARGET.width, TARGET.height)
    assert (view.focused(middle).density == view.density).all()


def test_nothing_is_seen_beyond_the_frame(cue):
    cue.begin(patch_of(scene()), TARGET)
    density = cue.look(patch_of(scene(), -41, -22)).density
    assert not density[:, :11].any()
    assert not density[:6].any()
    assert density[6:, 11:].any()


def test_a_look_changes_nothing_and_copies_agree(cue):
    patch = patch_of(scene())
    cue.begin(patch, TARGET)
    first = cue.look(patch).density.copy()
    other, wire = copy.deepcopy(cue), pickle.loads(pickle.dumps(cue))
    for _ in range(4):
        other.look(patch_of(scene(look=7))).learn(TARGET)
    assert (cue.look(patch).density == first).all()
    assert (wire.look(patch).density == first).all()
    assert (other.look(patch).density != first).any()


def test_the_evidence_falls_for_something_else():
    cue = fused()
    cue.begin(patch_of(scene()), TARGET)
    same = cue.look(patch_of(scene(seed=5))).judge(TARGET)
    other = cue.look(patch_of(scene(seed=5, look=7))).judge(TARGET)
    assert other.recall < 0.4 * same.recall
    assert other.response < 0.4 * same.response
    assert other.sharpness < 0.4 * same.sharpness
    assert same.coverage == 1


def test_color_decides_between_equal_structures():
    cue = fused()
    cue.begin(patch_of(scene()), TARGET)
    image = scene(Box(20, 60, 40, 56), color=(190, 70, 60))
    right = scene(Box(115, 60, 40, 56))
    image[:, 100:] = right[:, 100:]
    assert peak(cue.look(patch_of(image)).density) == pytest.approx((135, 88), abs=CELL)


def test_grey_video_leaves_color_out():
    colored, gray = fused(), fused()
    colored.begin(patch_of(scene()), TARGET)
    gray.begin(patch_of(scene(gray=True)), TARGET)
    assert colored.uses_color
    assert not gray.uses_color
    moved = Box(TARGET.x - 16, TARGET.y + 8, TARGET.width, TARGET.height)
    view = gray.look(patch_of(scene(moved, seed=5, gray=True)))
    assert peak(view.density) == pytest.approx(moved.center, abs=CELL)
    assert view.off_center(TARGET) == (0, 0)


def test_color_can_be_switched_off():
    cue = fused(color=False)
    cue.begin(patch_of(scene()), TARGET)
    assert not cue.uses_color


def test_the_colors_tell_where_the_middle_is():
    cue = fused()
    cue.begin(patch_of(scene()), TARGET)
    across, down = cue.look(patch_of(scene())).off_center(TARGET.moved(10, 0))
    assert -10 < across < -2
    assert down == pytest.approx(0, abs=1)


def test_a_survey_takes_any_patch():
    cue = fused()
    cue.begin(patch_of(scene()), TARGET)
    far = PatchGeometry(0, 0, 3, 3, 60, 47)
    assert cue.survey(cut_patch(scene(), far)).density.shape == (47, 60)


def test_the_color_share_is_one_on_the_first_target_and_small_elsewhere():
    density = np.zeros((90, 90), np.float32)
    density[31:59, 35:55] = 0.8
    share = ColorShare(density, Box(35, 31, 20, 28), (45, 45))
    assert share.usual == pytest.approx(0.8, abs=0.08)
    per_cell = share.per_cell(density, (45, 45))
    assert per_cell[22, 22] == pytest.approx(1, abs=0.03)
    assert per_cell[3, 3] == 0


def test_patches_are_halved_by_averaging():
    image = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    small = Patch(image, PatchGeometry(5, 6, 2, 2, 30, 20), (3, 2, 30, 19)).reduced(2)
    assert small.image[1, 1] == pytest.approx(image[2:4, 2:4].mean(axis=(0, 1)), abs=0.5)
    assert small.geometry == PatchGeometry(5, 6, 4, 4, 15, 10)
    assert small.inside == (2, 1, 15, 9)
