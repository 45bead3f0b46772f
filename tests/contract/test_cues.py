"""One suite over every cue: what the tracker relies on, whatever the cue looks at."""

import copy
import pickle

import numpy as np
import pytest

from tracker.config.settings import ColorSettings, ModelSettings, TrackerConfig
from tracker.cues.base import Distractors
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.registry import CUES, load_cue
from tracker.errors import TargetError
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch

MAKERS = {
    **{f"registry: {name}": lambda name=name: load_cue(name)(TrackerConfig(), None) for name in CUES},
    "bgr ratio": lambda: ColorHistogramCue(ColorSettings(), ModelSettings(density="ratio", kernel="epanechnikov")),
    "hs": lambda: ColorHistogramCue(ColorSettings(space="hs", bins=(16, 8)), ModelSettings()),
    "hsv": lambda: ColorHistogramCue(ColorSettings(space="hsv", bins=(16, 8, 8)), ModelSettings()),
    "lab": lambda: ColorHistogramCue(ColorSettings(space="lab"), ModelSettings()),
    "ycrcb": lambda: ColorHistogramCue(ColorSettings(space="ycrcb"), ModelSettings()),
    "gray": lambda: ColorHistogramCue(ColorSettings(space="gray", bins=(32,)), ModelSettings()),
}
TARGET = Box(30, 25, 24, 20)
HERE = PatchGeometry(0, 0, 1, 1, 100, 80)


@pytest.fixture(params=sorted(MAKERS))
def cue(request):
    return MAKERS[request.param]()


def scene(color=(20, 30, 200), at=TARGET, seed=0):
    """A target of one color with some noise on a noisy gray-green ground."""
    rng = np.random.default_rng(seed)
    image = rng.normal((90, 120, 90), 8, (80, 100, 3))
    x, y, w, h = at.rounded()
    image[y : y + h, x : x + w] = rng.normal(color, 8, (h, w, 3))
    return image.clip(0, 255).astype(np.uint8)


def dense(response):
    """The density with one element a pixel."""
    return np.kron(response.density, np.ones((response.cell, response.cell), np.float32))


@pytest.mark.parametrize(
    "color", [(20, 30, 200), (20, 20, 20), (240, 240, 240), (170, 170, 170), (10, 10, 220), (30, 0, 230)]
)
def test_the_density_stands_on_the_target(cue, color):
    patch = cut_patch(scene(color), HERE)
    cue.init(patch, TARGET)
    response = cue.respond(cut_patch(scene(color, Box(50, 40, 24, 20), seed=1), HERE))
    assert response.density.dtype == np.float32
    assert np.isfinite(response.density).all()
    assert (response.density >= 0).all()
    density = dense(response)
    assert density.shape == (80, 100)
    inside = density[40:60, 50:74].mean()
    assert inside > 5 * (density.sum() - inside * 480) / (8000 - 480)


def test_the_target_is_told_from_the_ground(cue):
    cue.init(cut_patch(scene(), HERE), TARGET)
    response = cue.respond(cut_patch(scene(seed=1), HERE))
    on, off = cue.evidence(response, TARGET), cue.evidence(response, Box(70, 50, 24, 20))
    assert on.similarity > 0.8 > 0.3 > off.similarity
    assert on.contrast > 3 > off.contrast
    assert on.coverage == 1


def test_a_loose_box_is_survived(cue):
    loose = Box(21, 18, 42, 34)
    cue.init(cut_patch(scene(), HERE), loose)
    density = dense(cue.respond(cut_patch(scene(seed=1), HERE)))
    assert density[25:45, 30:54].mean() > 3 * density[18:25, 21:63].mean()


def test_nothing_is_seen_beyond_the_frame(cue):
    cue.init(cut_patch(scene(), HERE), TARGET)
    response = cue.respond(cut_patch(scene(), PatchGeometry(-30, -20, 1, 1, 100, 80)))
    assert not dense(response)[:, :30].any()
    assert not dense(response)[:20].any()
    assert cue.evidence(response, Box(20, 30, 20, 20)).coverage == pytest.approx(0.5)


def test_observing_changes_nothing(cue):
    patch = cut_patch(scene(), HERE)
    before = patch.image.copy()
    cue.init(patch, TARGET)
    wire = pickle.dumps(cue)
    first = cue.respond(patch)
    cue.evidence(first, TARGET)
    cue.off_center(first, TARGET)
    cue.recentered(first, TARGET)
    cue.respond_coarse(patch)
    assert (patch.image == before).all()
    assert pickle.dumps(cue) == wire
    assert (cue.respond(patch).density == first.density).all()


def test_a_response_cannot_be_written(cue):
    patch = cut_patch(scene(), HERE)
    cue.init(patch, TARGET)
    for response in (cue.respond(patch), cue.respond_coarse(patch), cue.recentered(cue.respond(patch), TARGET)):
        with pytest.raises(ValueError, match="read-only"):
            response.density[0, 0] = 1


def test_distractors_have_no_density_but_where_the_target_is_expected_itself(cue):
    patch = cut_patch(scene(), HERE)
    cue.init(patch, TARGET)
    plain = cue.respond(patch)
    other, own = Box(20, 20, 22, 30), Box(36, 20, 20, 30)
    beside = cue.respond(patch, Distractors((other,), own))
    left_out, kept = dense(beside)[20:48, 20:36], dense(beside)[20:48, 36:56]
    assert not left_out.any()
    assert (kept == dense(plain)[20:48, 36:56]).all()
    assert kept.any()
    alone = cue.respond(patch, Distractors((other,)))
    assert not dense(alone)[20:48, 20:40].any()
    assert not dense(cue.recentered(alone, TARGET, Distractors((other,))))[20:48, 20:40].any()
    assert not dense(cue.respond_coarse(patch, Distractors((other,))))[20:48, 20:40].any()


def test_learning_follows_new_surroundings(cue):
    cue.init(cut_patch(scene(), HERE), TARGET)
    rng = np.random.default_rng(5)
    image = rng.normal((150, 160, 60), 8, (80, 100, 3)).clip(0, 255).astype(np.uint8)
    image[25:45, 30:54] = scene()[25:45, 30:54]
    patch = cut_patch(image, HERE)
    for _ in range(60):
        cue.update(cue.respond(patch), TARGET)
    density = dense(cue.respond(patch))
    assert density[25:45, 30:54].mean() > 8 * density[60:].mean()


def test_learning_leaves_earlier_responses_as_they_were(cue):
    patch = cut_patch(scene(), HERE)
    cue.init(patch, TARGET)
    response = cue.respond(patch)
    before = response.density.copy()
    for _ in range(4):
        cue.update(cue.respond(cut_patch(scene((200, 40, 40)), HERE)), TARGET)
    assert (response.density == before).all()


def test_beginning_again_forgets(cue):
    cue.init(cut_patch(scene((200, 40, 40)), HERE), TARGET)
    cue.init(cut_patch(scene(), HERE), TARGET)
    fresh = dense(cue.respond(cut_patch(scene(), HERE)))
    assert fresh[25:45, 30:54].mean() > 5 * fresh[60:].mean()


def test_copies_go_their_own_way(cue):
    patch = cut_patch(scene(), HERE)
    cue.init(patch, TARGET)
    other, wire = copy.deepcopy(cue), pickle.loads(pickle.dumps(cue))
    before = cue.respond(patch).density
    other.update(other.respond(cut_patch(scene((200, 40, 40)), HERE)), TARGET)
    assert (cue.respond(patch).density == before).all()
    assert (wire.respond(patch).density == before).all()


def test_black_frames_teach_nothing(cue):
    with pytest.raises(TargetError, match="nearly black"):
        cue.init(cut_patch(np.full((80, 100, 3), 4, np.uint8), HERE), TARGET)


def test_a_target_that_fills_the_frame_has_no_surroundings(cue):
    whole = Box(0, 0, 100, 80)
    cue.init(cut_patch(scene(), HERE), whole)
    density = dense(cue.respond(cut_patch(scene(), HERE)))
    assert density[30:50, 40:60].mean() > max(0.5 * density.mean(), 0.01)
