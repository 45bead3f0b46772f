"""How the box follows the target's size: what each estimator measures on a density of known size."""

import numpy as np
import pytest

from tracker.config.settings import SizeSettings
from tracker.cues.base import Response
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch
from tracker.tracking.scale import UNCHANGED, MassScale, MomentScale
from tracker.tracking.scale_registry import load_scale_estimator

TARGET = Box.around(40, 30, 20, 16)
IMAGE = np.zeros((60, 80, 3), np.uint8)


def response_of(width, height, *, level=0.05, step=1.0):
    """A density of 0.8 in a box of this size about the target's center, `level` elsewhere."""
    density = np.full((60, 80), level, np.float32)
    left, top, w, h = Box.around(40, 30, width, height).rounded()
    density[top : top + h, left : left + w] = 0.8
    return Response(cut_patch(IMAGE, PatchGeometry(0, 0, step, step, 80, 60)), density)


def begun(name, **changes):
    estimator = load_scale_estimator(name)(SizeSettings(method=name, **changes))
    estimator.init(response_of(20, 16), TARGET)
    return estimator


def test_fixed_keeps_the_size():
    assert begun("fixed").measure(response_of(30, 24), TARGET, 1.0) == UNCHANGED


def test_mass_grows_and_shrinks_with_the_target_and_rests_where_it_is_right():
    estimator = begun("mass", damping=1.0, steps=5)
    assert estimator.measure(response_of(26, 20), TARGET, 1.0).across > 1.05
    assert estimator.measure(response_of(14, 12), TARGET, 1.0).across < 0.95
    assert estimator.measure(response_of(20, 16), TARGET, 1.0).across == pytest.approx(1, abs=0.01)


def test_mass_relaxes_toward_the_first_size_where_there_is_little_evidence():
    estimator = begun("mass", relax=0.2)
    empty = response_of(20, 16, level=0.0).density * 0.1
    faint = Response(response_of(20, 16).patch, empty.astype(np.float32))
    assert estimator.measure(faint, TARGET, 2.0).across == pytest.approx(2**-0.2)
    assert estimator.measure(faint, TARGET, 0.5).across == pytest.approx(2**0.2)


def test_moments_measure_width_and_height_apart():
    change = begun("moments", damping=1.0).measure(response_of(26, 16), TARGET, 1.0)
    assert change.across == pytest.approx(1.25, abs=0.1)
    assert change.down == pytest.approx(1, abs=0.1)


def test_moments_return_length_and_breadth_in_frame_pixels():
    estimator = MomentScale(SizeSettings(method="moments"))
    estimator.init(response_of(20, 16, step=2.0), TARGET)
    length, breadth, _ = estimator.measure(response_of(20, 16, step=2.0), TARGET, 1.0).turned
    assert (length, breadth) == pytest.approx((40, 32), rel=0.15)


def test_moments_at_the_border_of_a_patch_are_those_of_what_is_inside_it():
    estimator = MomentScale(SizeSettings(method="moments", damping=1.0))
    response = response_of(20, 16)
    estimator.init(response, TARGET)
    density = np.zeros((60, 80), np.float32)
    density[20:40, 0:10] = 0.8  # the right half of a target that is half outside
    cut = Response(response.patch, density)
    density = density.copy()
    density[20:40, 14:30] = 0.8  # a thing beyond what the window covers
    beside = Response(response.patch, density)
    half_out = Box.around(0, 30, 20, 16)
    _, down, turned = (getattr(estimator.measure(cut, half_out, 1.0), name) for name in ("across", "down", "turned"))
    assert estimator.measure(beside, half_out, 1.0).turned == pytest.approx(turned, rel=0.2)
    assert down == pytest.approx(1.1, abs=0.2)


def test_moments_of_little_mass_change_nothing():
    estimator = begun("moments")
    assert estimator.measure(response_of(4, 4), TARGET, 1.0) == UNCHANGED


def test_no_density_changes_nothing():
    for name in ("mass", "moments"):
        nothing = Response(response_of(4, 4).patch, np.zeros((60, 80), np.float32))
        assert begun(name).measure(nothing, TARGET, 1.0).across == 1


def test_only_a_filter_learns():
    estimator = begun("mass")
    before = estimator.measure(response_of(26, 20), TARGET, 1.0)
    for _ in range(5):
        estimator.update(before)
    assert estimator.measure(response_of(26, 20), TARGET, 1.0) == before
    assert isinstance(estimator, MassScale)
