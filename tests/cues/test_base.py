"""What all cues share: contrast, coverage, and what distractors leave of a density."""

import numpy as np
import pytest

from tracker.cues.base import NO_DISTRACTORS, Distractors, Response, cleared_outside, contrast, coverage
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch


def patch_at(x=0.0, y=0.0, step=1.0, width=40, height=30):
    return cut_patch(np.zeros((60, 80, 3), np.uint8), PatchGeometry(x, y, step, step, width, height))


def ones(shape=(30, 40)):
    return np.ones(shape, np.float32)


def test_contrast_is_the_ratio_of_the_means_inside_and_in_the_ring():
    density = ones()
    density[10:20, 10:20] = 5
    assert contrast(Response(patch_at(), density), Box(10, 10, 10, 10), ring=1.4) == pytest.approx(5, rel=0.05)
    coarse = ones((6, 8))
    coarse[2:4, 2:4] = 5
    seen = contrast(Response(patch_at(), coarse, 5), Box(10, 10, 10, 10), ring=2.0)
    assert seen == pytest.approx(5, rel=0.05)


def test_a_box_without_density_has_no_contrast_and_a_ring_without_any_a_great_one():
    density = np.zeros((30, 40), np.float32)
    density[10:20, 10:20] = 1
    assert contrast(Response(patch_at(), density.copy()), Box(10, 10, 10, 10), ring=1.4) > 1e3
    assert contrast(Response(patch_at(), density), Box(25, 22, 5, 5), ring=1.4) == 0


@pytest.mark.parametrize(("box", "part"), [(Box(5, 5, 10, 10), 1.0), (Box(-20, 0, 40, 30), 0.25), (Box(0, 0, 5, 5), 0)])
def test_coverage_is_the_part_of_the_box_in_the_frame(box, part):
    patch = patch_at(-10, -6) if part < 1 else patch_at()
    assert coverage(patch, box) == pytest.approx(part if part else 0, abs=0.2)


def test_cells_that_are_not_wholly_in_the_frame_are_cleared():
    cleared = cleared_outside(ones((7, 10)), patch_at(-10, -6), 4)
    assert not cleared[:2].any()
    assert not cleared[:, :3].any()
    assert cleared[2:, 3:].all()
    whole = ones()
    assert cleared_outside(whole, patch_at()) is whole
    assert whole.all()


def test_without_distractors_the_density_is_the_same_array():
    density = ones()
    assert NO_DISTRACTORS.excluded(density, patch_at()) is density


def test_distractors_are_placed_in_frame_pixels_and_leave_the_original_alone():
    density = ones()
    left = Distractors((Box(30, 20, 20, 10),), Box(40, 20, 10, 10)).excluded(density, patch_at(20, 10, step=2.0))
    assert density.all()
    assert not left[5:10, 5:10].any()
    assert left[5:10, 10:15].all()
    assert left.sum() == density.sum() - 25


def test_a_response_sums_its_density_once():
    response = Response(patch_at(), ones())
    assert response.summed is response.summed
    with pytest.raises(ValueError, match="read-only"):
        response.density[0] = 0
