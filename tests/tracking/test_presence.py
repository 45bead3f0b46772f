"""Scores and bars: this target's own history decides what is good enough."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from tracker.config.presence import GallerySettings, PresenceSettings
from tracker.cues.base import NO_EVIDENCE, Evidence, Response
from tracker.geometry import Box
from tracker.meanshift.window import Mode, Stop
from tracker.patch import Patch, PatchGeometry
from tracker.tracking.localization import Localization, Place
from tracker.tracking.presence import NOTHING_THERE, Judgment, PresenceJudge
from tracker.tracking.scale import UNCHANGED
from tracker.tracking.scene import FrameDescriptor

BOX = Box(20, 20, 24, 24)
SETTINGS = PresenceSettings(settle=5)


def patch_of(seed=0, gain=1.0):
    rng = np.random.default_rng(seed)
    image = np.kron(rng.integers(30, 220, (16, 16, 3)), np.ones((4, 4, 1))) * gain
    return Patch(image.clip(0, 255).astype(np.uint8), PatchGeometry(0, 0, 1, 1, 64, 64), (0, 0, 64, 64))


def look(seed=0, box=BOX, *, elsewhere=0.0, gain=1.0, evidence=None):
    patch = patch_of(seed, gain)
    density = np.zeros((64, 64), np.float32)
    density[20:44, 20:44] = 1.0
    density[:10, 40:64] = elsewhere
    response = Response(patch, density)
    mode = Mode(*BOX.center, 1.0, 1, Stop.CONVERGED, (BOX.center,))
    evidence = evidence or Evidence(0.9, 6.0, 1.0)
    return Localization(BOX, box, Place(response, mode, BOX, BOX), UNCHANGED, evidence)


def frame(level):
    return FrameDescriptor(np.full((90, 160, 3), level, np.uint8))


def judge(settings=SETTINGS):
    return PresenceJudge(settings, GallerySettings(quarantine=0), patch_of(), BOX, frame(100))


def score(judged, found, confidence=0.9, expected=BOX, **more):
    return judged.judge(found, confidence, expected, more.pop("patience", 0.0), **more).score


def settled(level=None, times=40):
    """A judge that has seen a target for a while; `level`: with this score, whatever it looked like."""
    judged = judge()
    for _ in range(times):
        said = judged.judge(look(), 0.9, BOX, 0.0)
        said = said if level is None else replace(said, score=level)
        judged.smooth(said)
        judged.confirm(look(), said)
    return judged


def test_nothing_there_has_the_lowest_score():
    assert score(judge(), look(evidence=NO_EVIDENCE)) == NOTHING_THERE
    assert score(settled(), look(seed=3, elsewhere=9.0), expected=BOX.moved(500, 0)) == NOTHING_THERE


def test_other_colors_distractors_and_jumps_cost():
    judged = settled()
    usual = score(judged, look())
    assert score(judged, look(seed=1)) < usual - 3
    assert score(judged, look(elsewhere=3.0)) < usual - 1
    assert score(judged, look(), expected=BOX.moved(60, 0)) < usual - 1
    assert score(judged, look(), expected=BOX.moved(60, 0), patience=3.0) == usual
    assert score(judged, look(), expected=BOX.moved(10, 0)) == usual, "less than free_jump"


def test_a_thumbnail_that_lacks_structure_costs_where_it_is_a_witness():
    judged, other = settled(), look()
    turned = np.ascontiguousarray(other.place.response.patch.image[::-1, ::-1])
    patch = replace(other.place.response.patch, image=turned)
    other = replace(other, place=replace(other.place, response=Response(patch, other.place.response.density.copy())))
    assert judged.lack(other) > 0.4
    plain = score(judged, other)
    assert score(judged, other, witness=8.0) < plain or plain <= judged.low


def test_the_bar_is_the_floor_until_the_usual_score_is_known_and_then_follows_it():
    assert judge().low == SETTINGS.floor
    assert judge().found == judge().back == SETTINGS.floor + SETTINGS.margin, "of one look, nothing is usual"
    high, low = settled(level=4.0), settled(level=2.0)
    assert high.usual == pytest.approx(4.0)
    assert high.low == min(4.0 - SETTINGS.drop, SETTINGS.ceiling)
    assert low.low == max(2.0 - SETTINGS.drop, SETTINGS.floor)
    assert low.low < high.low, "each by its own history"


def test_bars_are_in_order_and_a_deep_doubt_takes_more():
    judged = settled(level=4.0)
    assert judged.low < judged.again(0.0) < judged.again(1.0) < judged.again(9.0) == judged.back
    assert judged.again(-1.0) == judged.low + SETTINGS.margin


def test_an_unsure_look_hardly_moves_what_is_usual_and_is_not_remembered():
    judged = settled(level=4.0)
    poor = replace(judged.judge(look(), 0.9, BOX, 0.0), score=judged.low + 0.1)
    kept = pickle.dumps(judged.gallery)
    assert not judged.confirm(look(), poor)
    assert judged.usual > 3.9
    assert pickle.dumps(judged.gallery) == kept
    below = replace(poor, score=judged.low - 0.1)
    before = judged.usual
    assert not judged.confirm(look(), below)
    assert judged.usual == before
    assert not judged.confirm(look(evidence=Evidence(0.9, 6.0, 0.5)), replace(poor, score=4.0)), "half out of the frame"


def test_forgiving_moves_what_is_usual_toward_what_is_seen():
    judged = settled(level=4.0)
    for _ in range(50):
        judged.forgive(Judgment(0.0), 0.02)
    assert 1.0 < judged.usual < 3.0
    for _ in range(2000):
        judged.forgive(Judgment(-9.0), 0.02)
    assert judged.usual == pytest.approx(SETTINGS.floor), "not below the floor"


def test_the_smoothed_score_lags():
    judged = settled(level=4.0)
    judged.smooth(Judgment(-4.0))
    assert judged.smoothed == pytest.approx(0.0)
    assert not judged.is_usual


def test_colors_in_other_light_are_the_same_colors():
    judged = settled()
    dark = look(gain=0.5)
    in_same_light = score(judged, dark)
    judged.frame = frame(50)
    assert score(judged, dark) > in_same_light + 2


def test_judging_changes_nothing():
    judged = settled()
    before = pickle.dumps(judged)
    judged.judge(look(seed=2), 0.2, BOX, 0.0, 8.0)
    judged.most_promising([patch_of(2), patch_of(0)], BOX)
    assert pickle.dumps(judged) == before


def test_a_place_that_looks_right_promises_more():
    judged = settled()
    for seed in range(1, 6):
        assert judged.most_promising([patch_of(seed), patch_of(0), patch_of(seed + 9)], BOX)[0] == 1
    assert judged.most_promising([patch_of(3)], BOX) == [0]


def test_what_was_doubted_is_adopted_for_a_look_of_the_target():
    judged, other = settled(), look(seed=1)
    said = judged.judge(other, 0.9, BOX, 0.0)
    judged.adopt(other, said)
    assert score(judged, other) > said.score + 3
    judged.adopt(other, Judgment(NOTHING_THERE))
