"""The window's picture: pure drawing, of any size, that changes nothing it is given."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from tracker.drawing.style import target_color
from tracker.drawing.viewer_frame import Layer, ViewerFrame, ViewerStyle, density_layer, draw_notes, draw_viewer_frame
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import Track, TrackState
from tracker.viewer.keys import HELP

MakeTrack = Callable[..., Track]


def picture(width: int = 320, height: int = 240) -> Image:
    return np.full((height, width, 3), 120, np.uint8)


def full_frame(make_track: MakeTrack, image: Image) -> ViewerFrame:
    track = make_track(density=True)
    results = [
        make_track(state=state, confidence=c).result for c, state in zip((0.9, 0.5, 0.1), TrackState, strict=True)
    ]
    return ViewerFrame(image, [track], track, results * 100, caption="frame 1", dragged=Box(5, 5, 30, 20))


ALL = ViewerStyle(layer=Layer.BOTH, histogram=True, curve=True)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 200), (200, 2), (64, 48), (321, 241), (1920, 1080)])
def test_any_size_and_nothing_is_changed(make_track: MakeTrack, width: int, height: int) -> None:
    image = picture(width, height)
    image.setflags(write=False)
    drawn = draw_viewer_frame(full_frame(make_track, image), ALL)
    draw_notes(drawn, ["hello"], HELP)
    assert drawn.shape == image.shape
    assert (image == 120).all()


def test_each_switch_shows(make_track: MakeTrack) -> None:
    scene = full_frame(make_track, picture())
    styles = [
        ViewerStyle(),
        ViewerStyle(layer=Layer.DENSITY),
        ViewerStyle(layer=Layer.BOTH),
        ViewerStyle(histogram=True),
        ViewerStyle(curve=True),
    ]
    drawn = [draw_viewer_frame(scene, style) for style in styles]
    for number, one in enumerate(drawn):
        for other in drawn[number + 1 :]:
            assert (one != other).any()


def test_without_a_target_it_is_the_picture() -> None:
    np.testing.assert_array_equal(draw_viewer_frame(ViewerFrame(picture()), ALL), picture())


def test_layers_go_round() -> None:
    layers = [Layer.PICTURE]
    for _ in range(3):
        layers.append(layers[-1].following())
    assert layers == [Layer.PICTURE, Layer.DENSITY, Layer.BOTH, Layer.PICTURE]


def test_the_density_lies_where_it_was_computed(make_track: MakeTrack) -> None:
    density = make_track(Box(100, 80, 40, 40), density=True).density
    assert density is not None
    layer = density_layer([density], 320, 240)
    brightest = np.argwhere(layer.sum(axis=2) == layer.sum(axis=2).max())
    y, x = brightest.mean(axis=0)
    assert (x, y) == pytest.approx((120, 100), abs=8)
    assert not layer[:10, :10].any()


def test_a_density_outside_the_frame_is_no_fault(make_track: MakeTrack) -> None:
    for box in (Box(-200, -200, 40, 40), Box(310, 230, 40, 40)):
        density = make_track(box, density=True).density
        assert density is not None
        assert density_layer([density], 320, 240).shape == (240, 320, 3)


def test_the_curve_follows_the_confidence(make_track: MakeTrack) -> None:
    tops = []
    for confidence in (0.1, 0.5, 0.9):
        results = [make_track(confidence=confidence).result] * 600
        drawn = draw_viewer_frame(ViewerFrame(picture(), results=results), ViewerStyle(curve=True))
        green = (drawn[:, :, 1].astype(int) - drawn[:, :, 2]) > 100
        tops.append(np.argwhere(green)[:, 0].min())
    assert all(lower > higher for lower, higher in pairwise(tops))


def test_densities_of_several_are_seen_in_their_places(make_track: MakeTrack) -> None:
    tracks = [make_track(Box(x, 80, 40, 40), density=True) for x in (40, 230)]
    both = density_layer([track.density for track in tracks], 320, 240)
    first, second = (density_layer([track.density], 320, 240) for track in tracks)
    np.testing.assert_array_equal(both, np.maximum(first, second))
    assert (both != first).any()
    assert (both != second).any()


def test_panels_say_whose_they_are_where_there_are_several(make_track: MakeTrack) -> None:
    one, other = make_track(Box(20, 20, 40, 40)), make_track(Box(120, 20, 40, 40), id=1)
    alone = draw_viewer_frame(ViewerFrame(picture(), [one], one), ViewerStyle(histogram=True))
    style = ViewerStyle(histogram=True, several=True)
    first, second = (
        draw_viewer_frame(ViewerFrame(picture(), [one, other], subject), style) for subject in (one, other)
    )
    corner = np.s_[200:, 220:]
    assert (alone[corner] != first[corner]).any()
    assert (first[corner] != second[corner]).any()


def test_several_are_told_apart_by_color(make_track: MakeTrack) -> None:
    one, other = (make_track(Box(x, 20, 40, 40), id=k) for k, x in enumerate((20, 120)))
    drawn = draw_viewer_frame(ViewerFrame(picture(), [one, other]), ViewerStyle(several=True))
    for track in (one, other):
        assert (drawn == target_color(track.id)).all(axis=2).any()
