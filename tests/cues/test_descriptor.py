"""Color layouts and thumbnails of a box."""

import numpy as np
import pytest

from tracker.cues.descriptor import color_layout, thumbnail
from tracker.geometry import Box
from tracker.patch import Patch, PatchGeometry

BOX = Box(10, 10, 20, 20)


def patch_of(image, inside=None):
    height, width = image.shape[:2]
    return Patch(image, PatchGeometry(0, 0, 1, 1, width, height), inside or (0, 0, width, height))


def halves(left, right):
    image = np.empty((40, 40, 3), np.uint8)
    image[:, :20], image[:, 20:] = left, right
    return image


def test_each_quarter_sums_to_one_and_knows_its_own_colors():
    layout = color_layout(patch_of(halves((200, 30, 30), (30, 30, 200))), BOX)
    assert layout.shape == (4, 512)
    assert layout.dtype == np.float32
    assert np.square(layout).sum(axis=1) == pytest.approx([1] * 4)
    top_left, top_right, bottom_left, _ = layout
    assert top_left @ bottom_left == pytest.approx(1)
    assert top_left @ top_right < 0.1


def test_what_is_beyond_the_frame_does_not_count():
    layout = color_layout(patch_of(halves((200, 30, 30), (30, 30, 200)), (0, 0, 20, 40)), BOX)
    assert np.square(layout).sum(axis=1) == pytest.approx([1, 0, 1, 0], abs=0.05)


def test_a_little_more_light_keeps_most_of_the_likeness_and_a_known_gain_all_of_it():
    rng = np.random.default_rng(0)
    image = np.kron(rng.integers(40, 120, (8, 8, 3)), np.ones((5, 5, 1))).astype(np.uint8)
    plain = color_layout(patch_of(image), BOX)
    lighter = patch_of((image * 2.0).astype(np.uint8))
    dimmed = color_layout(lighter, BOX, 0.5)
    assert (plain * dimmed).sum() / 4 > 0.98
    assert (plain * dimmed).sum() > (plain * color_layout(lighter, BOX)).sum()


def test_a_thumbnail_shows_the_box_and_a_margin():
    image = np.zeros((40, 40, 3), np.uint8)
    image[10:30, 10:30] = 255
    small = thumbnail(patch_of(image), BOX)
    assert small.shape == (14, 14)
    assert small[3:-3, 3:-3].min() == 255
    assert small[0].mean() < 200


BOXES = [Box(-50, -50, 20, 20), Box(39.6, 39.6, 0.3, 0.3), Box(0, 0, 40, 40), Box(30, 5, 60, 1)]


@pytest.mark.parametrize("box", BOXES)
def test_any_box_has_descriptors(box):
    patch = patch_of(halves(10, 240))
    assert np.isfinite(color_layout(patch, box)).all()
    assert np.isfinite(thumbnail(patch, box)).all()
