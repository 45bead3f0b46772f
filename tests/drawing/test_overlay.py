"""The overlay: pure, at home on any frame, never in the way of a run."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.drawing.pictures import gray, painted
from tracker.density import DensityMap
from tracker.drawing.overlay import draw_overlay
from tracker.drawing.parts import PARTS, parse_style
from tracker.drawing.style import STATE_STYLES, OverlayStyle, Sizes, Trails
from tracker.geometry import Box, RotatedBox
from tracker.patch import PatchGeometry
from tracker.tracking.result import Track, TrackResult, TrackState

MakeTrack = Callable[..., Track]
ALL = OverlayStyle(density=True)
BARE = OverlayStyle(label=False, trail=False, search=False, path=False)


def test_the_frame_is_not_changed(make_track: MakeTrack) -> None:
    frame = gray()
    frame.setflags(write=False)
    drawn = draw_overlay(frame, [make_track(density=True)], style=ALL, caption="frame 1")
    assert drawn.shape == frame.shape
    assert not np.shares_memory(drawn, frame)
    assert (frame == 120).all()
    assert painted(frame, drawn).any()


def test_drawn_in_place_it_is_the_same_picture_and_no_copy(make_track: MakeTrack) -> None:
    frame, fixed = gray(), gray()
    fixed.setflags(write=False)
    drawn = draw_overlay(frame, [make_track(density=True)], style=ALL, caption="frame 1", in_place=True)
    assert drawn is frame
    for picture in (fixed, np.asfortranarray(gray())):
        again = draw_overlay(picture, [make_track(density=True)], style=ALL, caption="frame 1", in_place=True)
        np.testing.assert_array_equal(again, drawn)
        assert (picture == 120).all()


def test_without_targets_it_is_a_copy() -> None:
    frame = gray()
    drawn = draw_overlay(frame, [])
    np.testing.assert_array_equal(drawn, frame)
    assert drawn is not frame


def test_the_same_input_gives_the_same_picture(make_track: MakeTrack) -> None:
    tracks = [make_track(density=True), make_track(id=1, state=TrackState.LOST)]
    first, second = (draw_overlay(gray(), tracks, style=ALL, caption="x") for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_the_outermost_pixels_of_the_box_carry_its_line(make_track: MakeTrack) -> None:
    frame = gray(64, 48)
    drawn = draw_overlay(frame, [make_track(Box(10, 20, 12, 8))], style=BARE)
    color = list(STATE_STYLES[TrackState.TRACKING].color)
    assert Sizes.of(64, 48).line == 1
    for x, y in ((10, 20), (21, 20), (21, 27), (10, 27), (15, 20), (10, 23)):
        assert drawn[y, x].tolist() == color
    rows, columns = np.nonzero((drawn == color).all(axis=2))
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (10, 21, 20, 27)


@pytest.mark.parametrize("level", [0, 60, 128, 200, 255])
@pytest.mark.parametrize("state", list(TrackState))
def test_every_state_stands_out_on_any_gray(make_track: MakeTrack, level: int, state: TrackState) -> None:
    frame = gray(level=level)
    drawn = draw_overlay(frame, [make_track(Box(100, 80, 80, 60), state=state)], style=BARE)
    on_line = drawn[painted(frame, drawn)]
    contrast = np.abs(cv2.cvtColor(on_line[None], cv2.COLOR_BGR2GRAY).astype(int) - level)
    assert contrast.max() > 80  # the line or its rim


def test_states_differ_without_color(make_track: MakeTrack) -> None:
    frame, box = gray(), Box(60, 60, 200, 120)
    shares = []
    for state in TrackState:
        drawn = draw_overlay(frame, [make_track(box, state=state)], style=BARE)
        line = drawn[60, 60:260].tolist()
        shares.append(np.mean([pixel == list(STATE_STYLES[state].color) for pixel in line]))
    tracking, occluded, lost = shares
    assert tracking == 1.0
    assert 0.55 < occluded < 0.8
    assert 0.2 < lost < 0.5


def test_each_part_can_be_switched_off(make_track: MakeTrack) -> None:
    track = make_track(Box(100, 80, 60, 50), density=True)
    trails = Trails()
    for shift in range(20):
        result = replace(track.result, box=Box(20 + 4 * shift, 40 + 3 * shift, 60, 50))
        trails.update([replace(track, result=result)])
    frame = gray()
    full = draw_overlay(frame, [track], style=ALL, trails=trails)
    for part in ("label", "trail", "search", "path", "density"):
        without = draw_overlay(frame, [track], style=replace(ALL, **{part: False}), trails=trails)
        assert painted(full, without).any(), part


def test_the_label_names_state_and_reason(make_track: MakeTrack) -> None:
    frame, box = gray(640, 360), Box(200, 150, 60, 50)
    style = replace(BARE, label=True)
    short = draw_overlay(frame, [make_track(box)], style=style)
    long = draw_overlay(frame, [make_track(box, state=TrackState.LOST, reason="left_frame")], style=style)
    above = slice(110, 145)
    assert painted(frame, long)[above].sum() > 1.5 * painted(frame, short)[above].sum()


def test_labels_keep_clear_of_each_other(make_track: MakeTrack) -> None:
    frame = gray(640, 360)
    style = replace(BARE, label=True)
    one = make_track(Box(200, 150, 60, 50), label="one")
    two = make_track(Box(210, 155, 60, 50), label="two", id=1)
    plate = painted(draw_overlay(frame, [one], style=BARE), draw_overlay(frame, [one], style=style))
    both = draw_overlay(frame, [one, two], style=style)
    alone = draw_overlay(frame, [one], style=style)
    np.testing.assert_array_equal(both[plate], alone[plate])


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (16, 16), (64, 48), (1, 500), (500, 1), (1280, 720), (3840, 2160)])
@pytest.mark.parametrize("state", list(TrackState))
def test_any_frame_size(make_track: MakeTrack, size: tuple[int, int], state: TrackState) -> None:
    width, height = size
    box = Box(0.3 * width, 0.3 * height, 0.4 * width, 0.4 * height)
    rotated = RotatedBox(*box.center, box.width, box.height, 30)
    track = make_track(box, state=state, label="somebody", reason="why", rotated=rotated, density=True)
    drawn = draw_overlay(gray(*size), [track], style=ALL, caption="frame 1")
    assert drawn.shape == (height, width, 3)


ANY = st.one_of(
    st.floats(-500, 500),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -1e7, 1e7, 1e9, -1e300]),
)
SIDE = st.one_of(ANY, st.floats(0, 300))


@settings(deadline=None, max_examples=150)
@given(x=ANY, y=ANY, width=SIDE, height=SIDE, angle=ANY, confidence=ANY, state=st.sampled_from(list(TrackState)))
@example(x=0, y=0, width=5e-324, height=0, angle=0, confidence=0, state=TrackState.LOST)
def test_no_box_is_too_odd(
    x: float, y: float, width: float, height: float, angle: float, confidence: float, state: TrackState
) -> None:
    box = Box(x, y, width, height)
    rotated = RotatedBox(x, y, width, height, angle if math.isfinite(angle) else 0.0)
    result = TrackResult(box, state, confidence, "why", rotated, search=box, path=((x, y), (y, x)))
    density = DensityMap(np.ones((8, 9), np.float32), PatchGeometry(x, y, 1.0, 1.0, 9, 8))
    tracks = [Track(0, "odd", result, density), Track(1, "", replace(result, rotated_box=None))]
    trails = Trails()
    trails.update(tracks)
    trails.update(tracks)
    assert draw_overlay(gray(120, 90), tracks, style=ALL, trails=trails).shape == (90, 120, 3)


def test_the_trail_breaks_where_the_target_was_lost(make_track: MakeTrack) -> None:
    trails = Trails()
    frame = gray()
    places = [(40, True), (80, True), (160, False), (240, True), (280, True)]
    for x, seen in places:
        state = TrackState.TRACKING if seen else TrackState.LOST
        trails.update([make_track(Box.around(x, 120, 10, 10), state=state)])
    assert trails.of(0)[2] is None
    track = make_track(Box.around(280, 120, 10, 10))
    without = draw_overlay(frame, [track], style=BARE, trails=trails)
    drawn = draw_overlay(frame, [track], style=replace(BARE, trail=True), trails=trails)
    columns = np.nonzero(painted(drawn, without).any(axis=0))[0]
    assert columns.min() <= 41
    assert not ((columns > 85) & (columns < 235)).any()


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_part_is_drawn_and_left_out_by_itself(make_track: MakeTrack, part: str) -> None:
    track = make_track(Box(100, 80, 60, 40), density=True)
    trails = Trails(results=50)
    for k in range(20):
        trails.update([make_track(Box(80 + k, 80, 60, 40), confidence=k / 20)])

    def drawn(style: OverlayStyle) -> np.ndarray:
        return draw_overlay(gray(320, 240), [track], style=style, trails=trails, caption="frame 1")

    nothing, everything = parse_style("none"), parse_style(",".join(PARTS))
    assert not painted(gray(320, 240), drawn(nothing)).any()
    assert painted(gray(320, 240), drawn(parse_style(part))).any()
    without = parse_style(",".join(name for name in PARTS if name != part))
    assert painted(drawn(everything), drawn(without)).any()


def test_lines_and_letters_grow(make_track: MakeTrack) -> None:
    def share(text: str) -> float:
        style = parse_style(text)
        drawn = draw_overlay(gray(640, 360), [make_track(Box(200, 150, 100, 80))], style=style)
        return float(painted(gray(640, 360), drawn).mean())

    assert share("box,thickness=3") > 2 * share("box")
    assert share("label,font=2") > 2 * share("label")
