"""The search region, the seeker of modes, and what a localization says."""

import math

import numpy as np
import pytest

from tracker.config.reader import load_config
from tracker.config.settings import MeanShiftSettings, SearchSettings, TrackerConfig
from tracker.cues.base import Response
from tracker.geometry import Box
from tracker.meanshift.window import Stop
from tracker.tracking.localization import ModeSeeker, Place, SearchRegion

IMAGE = np.zeros((240, 320, 3), np.uint8)
BOX = Box(100, 80, 40, 30)


def test_the_target_has_one_size_in_the_patch_whatever_it_has_in_the_frame():
    region = SearchRegion(BOX, SearchSettings())
    for box in (BOX, BOX.scaled(3), Box(5, 5, 20, 60)):
        patch = region.crop(IMAGE, box)
        assert patch.image.shape == (region.height, region.width, 3)
        inside = patch.geometry.box_to_patch(box)
        assert (inside.width, inside.height) == pytest.approx((region.target_width, region.target_height))
        assert inside.center == pytest.approx((region.width / 2, region.height / 2))


def test_a_region_about_the_target_has_its_area_and_the_margin():
    region = SearchRegion(BOX, SearchSettings(target_area=300, margin=2))
    assert region.target_width * region.target_height == pytest.approx(300)
    assert region.width == pytest.approx(region.target_width + 2 * math.sqrt(300), abs=1)
    small = SearchRegion(Box(0, 0, 8, 6), SearchSettings(target_area=300))
    assert (small.target_width, small.target_height) == (8, 6), "a small target is not enlarged"


def test_a_square_region_has_its_side_and_is_longer_than_the_target():
    region = SearchRegion(BOX, SearchSettings(window="square", side=120, margin=3))
    assert (region.width, region.height) == (120, 120)
    assert region.around(BOX).box.width == pytest.approx(4 * math.sqrt(BOX.area))
    thin = SearchRegion(Box(0, 0, 300, 4), SearchSettings(window="square", side=120, margin=0.1, longest=1.5))
    assert thin.around(Box(0, 0, 300, 4)).box.width == pytest.approx(450)


def response_with(*bumps, region):
    density = np.zeros((region.height, region.width), np.float32)
    for x, y, height in bumps:
        density[y - 3 : y + 3, x - 3 : x + 3] = height
    return Response(region.crop(IMAGE, BOX), density)


@pytest.mark.parametrize(("start", "x"), [("peak", 25), ("maximum", 60), ("last", None)])
def test_each_start_climbs_to_its_mode(start, x):
    config = TrackerConfig(
        search=SearchSettings(start=start, motion_sigma=0.5), mean_shift=MeanShiftSettings(max_iterations=30)
    )
    region = SearchRegion(BOX, config.search)
    seeker = ModeSeeker(region, 1, config)
    mode = seeker.seek(response_with((25, 30, 0.9), (60, 30, 1.0), region=region))
    if x is None:
        assert mode.path[0] == (region.width / 2, region.height / 2)
    else:
        assert mode.x == pytest.approx(x, abs=3)


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_without_density_there_is_no_mode(preset):
    config = load_config(preset)
    region = SearchRegion(BOX, config.search)
    response = response_with(region=region)
    mode = ModeSeeker(region, 1, config).seek(response)
    assert mode.stop is Stop.NO_MASS
    place = Place(response, mode, BOX, BOX)
    assert place.is_empty
