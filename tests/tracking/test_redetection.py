"""Where a lost target may be."""

import numpy as np
import pytest

from tracker.config.settings import ColorSettings, ModelSettings, RedetectionSettings
from tracker.cues.base import NO_DISTRACTORS, Distractors, Response
from tracker.cues.descriptor import thumbnail
from tracker.cues.histogram import ColorHistogramCue
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch
from tracker.tracking.redetection import Redetector, Scan, matches, peaks

RED = (30, 40, 210)
LAST = Box(20, 20, 24, 20)


def picture(*boxes, width=320, height=240):
    rng = np.random.default_rng(0)
    image = rng.normal((90, 130, 90), 6, (height, width, 3)).clip(0, 255).astype(np.uint8)
    for box in boxes:
        x, y, w, h = box.rounded()
        image[y : y + h, x : x + w] = RED
    return image


@pytest.fixture
def cue():
    made = ColorHistogramCue(ColorSettings(), ModelSettings())
    made.init(cut_patch(picture(LAST), PatchGeometry(0, 0, 1, 1, 80, 60)), LAST)
    return made


def proposals(redetector, cue, image, count, **more):
    return [box for turn in range(count) for box in redetector.propose(image, cue, Scan(turn, LAST, 1.0), **more)]


def test_a_target_anywhere_is_proposed_at_every_size(cue):
    elsewhere = Box(250, 180, 24, 20)
    boxes = proposals(Redetector(RedetectionSettings(sizes=(1.0, 0.5))), cue, picture(elsewhere), 12)
    near = [box for box in boxes if abs(box.center[0] - 262) < 6 and abs(box.center[1] - 190) < 6]
    assert {round(box.width) for box in near} == {12, 24}


def test_tiles_are_gone_through_the_nearest_first(cue):
    settings = RedetectionSettings(tile_area=1000, sizes=(1.0,), candidates=2)
    redetector = Redetector(settings)
    image = picture(Box(22, 22, 24, 20), Box(280, 200, 24, 20))
    first = proposals(redetector, cue, image, 1)
    assert first[0].center == pytest.approx((34, 32), abs=6)
    rest = proposals(redetector, cue, image, 20)
    assert any(box.x > 250 for box in rest)
    assert proposals(redetector, cue, image, 1) == first, "nothing is remembered from turn to turn"


def test_what_the_target_looked_like_is_found_where_its_colors_are_not(cue):
    image = picture()
    drawn = np.kron(np.indices((2, 3)).sum(axis=0) % 2, np.ones((10, 8)))  # a pattern in the ground's own colors
    image[170:190, 230:254] = np.where(drawn[..., None] > 0, image[170:190, 230:254] // 2, image[170:190, 230:254])
    where = Box(230, 170, 24, 20)
    looks = thumbnail(cut_patch(image, PatchGeometry(0, 0, 1, 1, 320, 240)), where)
    scan = Scan(1, LAST, 1.0, (looks,))
    boxes = Redetector(RedetectionSettings(sizes=(1.0,))).propose(image, cue, scan)
    assert any(abs(box.x - 230) < 4 and abs(box.y - 170) < 4 for box in boxes)


def test_of_two_alike_places_the_one_in_reach_comes_first():
    density = np.zeros((40, 120), np.float32)
    density[10:20, 10:20] = density[10:20, 90:100] = 1.0
    patch = cut_patch(picture(), PatchGeometry(0, 0, 1, 1, 120, 40))
    near = Box(86, 12, 10, 10)
    assert peaks(Response(patch, density), near, 1, reach=1.0) == [(95, 15)]
    assert len(matches(patch, near, [np.full((14, 14), 90, np.float32)], 1.0)) == 2


def test_a_whole_search_takes_a_bounded_number_of_turns():
    redetector = Redetector(RedetectionSettings(sizes=(1.0, 0.5)))
    small, large = redetector.count(picture(), LAST), redetector.count(picture(), LAST.scaled(5))
    assert large <= small
    assert small == redetector.count(picture(), LAST)


def test_a_tile_without_density_has_no_places(cue):
    nothing = cut_patch(picture(), PatchGeometry(900, 900, 1, 1, 80, 60))  # wholly beyond the frame
    assert not cue.respond(nothing).density.any()
    assert peaks(cue.respond(nothing), LAST, 3) == []


def test_places_of_distractors_are_left_out(cue):
    elsewhere = Box(250, 180, 24, 20)
    redetector = Redetector(RedetectionSettings(sizes=(1.0,)))
    boxes = proposals(redetector, cue, picture(elsewhere), 4, distractors=Distractors((elsewhere.scaled(1.3),)))
    assert all(abs(box.center[0] - 262) > 10 for box in boxes)


def test_no_two_peaks_lie_within_a_target_of_each_other():
    density = np.zeros((40, 60), np.float32)
    density[5:15, 5:15] = 1.0
    density[20:30, 40:50] = 0.5
    patch = cut_patch(picture(), PatchGeometry(0, 0, 1, 1, 60, 40))
    found = peaks(Response(patch, density), Box(0, 0, 10, 10), 5)
    assert found == [(10, 10), (45, 25)]
    assert peaks(Response(patch, density), Box(0, 0, 500, 500), 5) == [(30, 20)]


def test_a_widened_region_is_looked_at_in_as_many_pixels(cue):
    far = Box(130, 100, 24, 20)
    region = PatchGeometry.around(32, 30, 1, 1, 70, 60)
    seen = []
    respond = cue.respond_coarse
    cue.respond_coarse = lambda patch, distractors: seen.append(patch) or respond(patch, distractors)
    redetector = Redetector(RedetectionSettings())
    boxes = redetector.widened(picture(far), cue, region, LAST, NO_DISTRACTORS, 4.0)
    assert seen[0].image.shape == (60, 70, 3)
    assert boxes[0].center == pytest.approx(far.center, abs=6)
    assert (boxes[0].width, boxes[0].height) == (LAST.width, LAST.height)
