"""One suite over every cue: what the tracker relies on, whatever the cue looks at."""

import copy
import pickle

import numpy as np
import pytest

from tracker.config.settings import ColorSettings, ModelSettings, TrackerConfig
from tracker.cues import registry
from tracker.cues.histogram import ColorHistogramCue
from tracker.errors import TargetError
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch

CUES = {
    "bgr likelihood": lambda: ColorHistogramCue(ColorSettings(), ModelSettings()),
    "bgr ratio": lambda: ColorHistogramCue(ColorSettings(), ModelSettings(density="ratio", kernel="epanechnikov")),
    "hs": lambda: ColorHistogramCue(ColorSettings(space="hs", bins=(16, 8)), ModelSettings()),
    "hsv": lambda: ColorHistogramCue(ColorSettings(space="hsv", bins=(16, 8, 8)), ModelSettings()),
    "lab": lambda: ColorHistogramCue(ColorSettings(space="lab"), ModelSettings()),
    "ycrcb": lambda: ColorHistogramCue(ColorSettings(space="ycrcb"), ModelSettings()),
    "gray": lambda: ColorHistogramCue(ColorSettings(space="gray", bins=(32,)), ModelSettings()),
    **{f"registry: {name}": lambda make=make: make(TrackerConfig(), None) for name, make in registry.CUES.items()},
}
TARGET = Box(30, 25, 24, 20)
HERE = PatchGeometry(0, 0, 1, 1, 100, 80)


@pytest.fixture(params=sorted(CUES))
def cue(request):
    return CUES[request.param]()


def scene(color=(20, 30, 200), at=TARGET, seed=0):
    """A target of one colour with some noise on a noisy grey-green ground."""
    rng = np.random.default_rng(seed)
    image = rng.normal((90, 120, 90), 8, (80, 100, 3))
    x, y, w, h = at.rounded()
    image[y : y + h, x : x + w] = rng.normal(color, 8, (h, w, 3))
    return image.clip(0, 255).astype(np.uint8)


def dense(view):
    """The density with one element a pixel."""
    return np.kron(view.density, np.ones((view.cell, view.cell), np.float32))


@pytest.mark.parametrize(
    "color", [(20, 30, 200), (20, 20, 20), (240, 240, 240), (170, 170, 170), (10, 10, 220), (30, 0, 230)]
)
def test_the_density_stands_on_the_target(cue, color):
    patch = cut_patch(scene(color), HERE)
    cue.begin(patch, TARGET)
    view = cue.look(cut_patch(scene(color, Box(50, 40, 24, 20), seed=1), HERE))
    assert view.density.dtype == np.float32
    assert np.isfinite(view.density).all()
    assert (view.density >= 0).all()
    density = dense(view)
    assert density.shape == (80, 100)
    inside = density[40:60, 50:74].mean()
    assert inside > 5 * (density.sum() - inside * 480) / (8000 - 480)


def test_the_target_is_told_from_the_ground(cue):
    cue.begin(cut_patch(scene(), HERE), TARGET)
    view = cue.look(cut_patch(scene(seed=1), HERE))
    on, off = view.judge(TARGET), view.judge(Box(70, 50, 24, 20))
    assert on.similarity > 0.8 > 0.3 > off.similarity
    assert on.contrast > 3 > off.contrast
    assert on.coverage == 1


def test_a_loose_box_is_survived(cue):
    loose = Box(21, 18, 42, 34)
    cue.begin(cut_patch(scene(), HERE), loose)
    density = dense(cue.look(cut_patch(scene(seed=1), HERE)))
    assert density[25:45, 30:54].mean() > 3 * density[18:25, 21:63].mean()


def test_nothing_is_seen_beyond_the_frame(cue):
    cue.begin(cut_patch(scene(), HERE), TARGET)
    view = cue.look(cut_patch(scene(), PatchGeometry(-30, -20, 1, 1, 100, 80)))
    assert not dense(view)[:, :30].any()
    assert not dense(view)[:20].any()
    assert view.judge(Box(20, 30, 20, 20)).coverage == pytest.approx(0.5)


def test_looking_changes_nothing(cue):
    image = scene()
    patch = cut_patch(image, HERE)
    before = patch.image.copy()
    cue.begin(patch, TARGET)
    first = cue.look(patch)
    first.judge(TARGET)
    assert (patch.image == before).all()
    assert (cue.look(patch).density == first.density).all()


def test_learning_follows_new_surroundings(cue):
    cue.begin(cut_patch(scene(), HERE), TARGET)
    rng = np.random.default_rng(5)
    image = rng.normal((150, 160, 60), 8, (80, 100, 3)).clip(0, 255).astype(np.uint8)
    image[25:45, 30:54] = scene()[25:45, 30:54]
    patch = cut_patch(image, HERE)
    for _ in range(60):
        cue.look(patch).learn(TARGET)
    density = dense(cue.look(patch))
    assert density[25:45, 30:54].mean() > 8 * density[60:].mean()


def test_beginning_again_forgets(cue):
    cue.begin(cut_patch(scene((200, 40, 40)), HERE), TARGET)
    cue.begin(cut_patch(scene(), HERE), TARGET)
    fresh = dense(cue.look(cut_patch(scene(), HERE)))
    assert fresh[25:45, 30:54].mean() > 5 * fresh[60:].mean()


def test_copies_go_their_own_way(cue):
    patch = cut_patch(scene(), HERE)
    cue.begin(patch, TARGET)
    other, wire = copy.deepcopy(cue), pickle.loads(pickle.dumps(cue))
    before = cue.look(patch).density
    other.look(cut_patch(scene((200, 40, 40)), HERE)).learn(TARGET)
    assert (cue.look(patch).density == before).all()
    assert (wire.look(patch).density == before).all()


def test_black_frames_teach_nothing(cue):
    with pytest.raises(TargetError, match="nearly black"):
        cue.begin(cut_patch(np.full((80, 100, 3), 4, np.uint8), HERE), TARGET)


def test_a_target_that_fills_the_frame_has_no_surroundings(cue):
    whole = Box(0, 0, 100, 80)
    cue.begin(cut_patch(scene(), HERE), whole)
    density = dense(cue.look(cut_patch(scene(), HERE)))
    assert density[30:50, 40:60].mean() > max(0.5 * density.mean(), 0.01)
