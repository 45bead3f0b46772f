"""Clean looks: which are kept, when they count, and how like them a look is."""

import numpy as np
import pytest

from tracker.config.presence import GallerySettings
from tracker.cues.descriptor import color_layout, thumbnail
from tracker.geometry import Box
from tracker.patch import Patch, PatchGeometry
from tracker.tracking.gallery import Gallery, Likeness

BOX = Box(8, 8, 24, 24)


def patch_of(seed):
    rng = np.random.default_rng(seed)
    image = np.kron(rng.integers(0, 256, (8, 8, 3)), np.ones((5, 5, 1))).astype(np.uint8)
    return Patch(image, PatchGeometry(0, 0, 1, 1, 40, 40), (0, 0, 40, 40))


def look(seed):
    patch = patch_of(seed)
    return color_layout(patch, BOX), thumbnail(patch, BOX)


def begun(**settings):
    return Gallery(GallerySettings(**settings), *look(0), 100.0)


def shown(gallery, seed, times=1):
    """Show a sure look several times."""
    layout, small = look(seed)
    for _ in range(times):
        gallery.remember(layout, gallery.likeness(layout), small if gallery.wants_thumbnail else None, 80.0)


def test_the_first_look_is_like_itself_and_another_is_not():
    gallery = begun()
    assert gallery.likeness(look(0)[0]).whole == pytest.approx(1, abs=1e-3)
    assert gallery.likeness(look(0)[0]).half == pytest.approx(1, abs=1e-3)
    assert gallery.likeness(look(1)[0]).whole < 0.8
    assert gallery.surplus(Likeness(0.1, 0.1)) == Likeness(0, 0), "nothing is usual yet"


def test_one_half_may_be_hidden():
    patch = patch_of(0)
    image = patch.image.copy()
    image[:, 20:] = 255
    likeness = begun().likeness(color_layout(Patch(image, patch.geometry, patch.inside), BOX))
    assert likeness.whole < 0.8
    assert likeness.half == pytest.approx(1, abs=1e-3)


def test_a_look_counts_only_after_its_quarantine():
    gallery = begun(quarantine=3)
    for expected in (False, False, False, False, True):  # the very first one after the beginning is not kept
        shown(gallery, 1)
        assert (gallery.likeness(look(1)[0]).whole > 0.99) is expected


def test_looks_that_wait_when_a_doubt_begins_are_dropped():
    gallery = begun(quarantine=3)
    shown(gallery, 1, 3)
    gallery.forget_waiting()
    shown(gallery, 2, 3)
    assert gallery.likeness(look(1)[0]).whole < 0.9


def test_what_is_adopted_counts_at_once():
    gallery = begun()
    gallery.adopt(*look(3), 50.0)
    assert gallery.likeness(look(3)[0]).whole == pytest.approx(1, abs=1e-3)
    assert gallery.lights == (100.0, 50.0)
    assert len(gallery.thumbnails) == 2


def test_a_full_gallery_keeps_the_first_look_and_thins_out_the_old_ones():
    gallery = begun(size=4, quarantine=0, every=1)
    for seed in range(1, 30):
        shown(gallery, seed)
    kept = [seed for seed in range(30) if gallery.likeness(look(seed)[0]).whole > 0.99]
    assert len(kept) == 4
    assert kept[0] == 0
    assert kept[-1] == 29
    gaps = np.diff(kept)
    assert gaps[0] >= gaps[-1], "the older, the further apart"


def test_thumbnails_are_asked_for_often_at_first_and_then_rarely():
    gallery = begun(every=10)
    wanted = []
    for index in range(100):
        wanted += [index] if gallery.wants_thumbnail else []
        shown(gallery, 0)
    gaps = np.diff(wanted)
    assert gaps[0] <= 2
    assert gaps[-1] == 10


def test_usual_likeness_follows_what_is_seen():
    gallery = begun(quarantine=2)
    layout = look(0)[0]
    for _ in range(60):
        gallery.remember(layout, Likeness(0.8, 0.9), None, 80.0)
    surplus = gallery.surplus(Likeness(0.7, 1.0))
    assert surplus.whole == pytest.approx(-0.1, abs=0.01)
    assert surplus.half == pytest.approx(0.1, abs=0.01)


def test_a_thumbnail_lacks_what_it_is_less_like_than_usual():
    gallery = begun()
    assert gallery.lack(look(0)[1]) == pytest.approx(0, abs=1e-3)
    assert gallery.lack(np.roll(look(0)[1], 1, axis=1)) < 0.4, "a pixel's shift is searched"
    assert gallery.lack(look(1)[1]) > 0.5
    assert gallery.lack(np.full_like(look(0)[1], 7)) == pytest.approx(1, abs=1e-3), "no structure at all"
