from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import ConfigError
from tracker.geometry import Box
from tracker.reframing import ViewSettings, VirtualCamera

FPS = 25.0
WIDTH, HEIGHT = 640, 360
UPRIGHT = 9 / 16


def views(
    boxes: list[Box | None], settings: ViewSettings | None = None, aspect: float = UPRIGHT, ahead: int = 25
) -> list[Box]:
    camera = VirtualCamera(WIDTH, HEIGHT, aspect, settings, ahead=ahead)
    found: list[Box] = []
    for number, box in enumerate(boxes):
        found += camera.push(number / FPS, box)
    return [*found, *camera.finish()]


def at(x: float, y: float = 180.0, size: float = 40.0) -> Box:
    return Box.around(x, y, size, size)


def wander(count: int, seed: int = 1) -> list[Box]:
    """A target that goes about the whole picture, with jitter."""
    rng = np.random.default_rng(seed)
    n = np.arange(count)
    x = 320 + 260 * np.sin(2 * np.pi * n / 110) + rng.normal(0, 2, count)
    y = 180 + 120 * np.sin(2 * np.pi * n / 67) + rng.normal(0, 2, count)
    return [at(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def test_every_frame_gets_one_view_the_known_number_of_frames_late() -> None:
    camera = VirtualCamera(WIDTH, HEIGHT, 1.0, ahead=6)
    given_out = [len(list(camera.push(n / FPS, at(300)))) for n in range(30)]
    assert given_out == [0] * 6 + [1] * 24
    assert len(list(camera.finish())) == 6


@pytest.mark.parametrize(("aspect", "size"), [(UPRIGHT, (202.5, 360)), (1.0, (360, 360)), (4.0, (640, 160))])
def test_the_largest_view_of_a_shape(aspect: float, size: tuple[float, float]) -> None:
    (view,) = views([at(300)], aspect=aspect)
    assert (view.width, view.height) == pytest.approx(size)


def test_a_target_that_rests_is_in_the_middle() -> None:
    assert all(view.center == pytest.approx((300, 180)) for view in views([at(300)] * 50))


def test_within_the_dead_zone_nothing_moves() -> None:
    found = views([at(300 + 8 * math.sin(n)) for n in range(80)], ViewSettings(dead_zone=0.2))
    assert np.ptp([view.x for view in found]) < 1


def test_jitter_is_smoothed_away() -> None:
    rng = np.random.default_rng(5)
    found = views([at(300 + float(e)) for e in rng.normal(0, 3, 120)], ViewSettings(dead_zone=0.0))
    assert np.abs(np.diff([view.x for view in found])).max() < 0.6


def test_it_looks_ahead() -> None:
    """The target jumps at frame 40; the camera is under way before, and half way there when it jumps."""
    found = [view.center[0] for view in views([at(200)] * 40 + [at(400)] * 40, ViewSettings(dead_zone=0))]
    assert found[27] > 201
    assert found[40] == pytest.approx(300, abs=25)
    assert found[60] == pytest.approx(400, abs=5)
    late = [view.center[0] for view in views([at(200)] * 40 + [at(400)] * 40, ViewSettings(dead_zone=0), ahead=0)]
    assert max(late[:40]) < 200.1


def test_the_target_stays_in_view() -> None:
    boxes = wander(300)
    for box, view in zip(boxes, views(list(boxes)), strict=True):
        assert view.contains(*box.center)


def test_it_holds_while_the_target_is_lost() -> None:
    found = views([at(300)] * 30 + [None] * 60 + [at(300)] * 10)
    assert np.ptp([view.x for view in found]) < 1e-6


def test_a_steady_pan_is_followed_at_its_speed() -> None:
    found = [view.center[0] for view in views([at(150 + 2.0 * n) for n in range(150)], ViewSettings(dead_zone=0.0))]
    assert np.diff(found[40:110]) == pytest.approx(np.full(69, 2.0), abs=0.01)
    assert found[75] == pytest.approx(300, abs=0.5)


def test_the_view_zooms_to_keep_the_size_of_the_target() -> None:
    sizes = [40 * 1.01**n for n in range(120)]
    boxes: list[Box | None] = [at(320, 180, size) for size in sizes]
    found = views(boxes, ViewSettings(crop=0.2, fill=0.4), aspect=16 / 9)
    shares = [size / view.height for size, view in zip(sizes, found, strict=True)]
    assert shares[10:90] == pytest.approx(np.full(80, 0.4), rel=0.12)
    assert np.abs(np.diff([math.log(view.height) for view in found], 2)).max() < 0.01


def test_a_still_camera_keeps_the_target_at_one_place() -> None:
    boxes = [at(320 + 90 * math.sin(n / 9), 180 + 30 * math.cos(n / 7)) for n in range(150)]
    found = views(list(boxes), ViewSettings.still(), aspect=16 / 9, ahead=3)
    places = np.array(
        [(box.center[0] - view.x, box.center[1] - view.y) for box, view in zip(boxes, found, strict=True)]
    )
    assert np.ptp(places[5:-5], axis=0) == pytest.approx((0, 0), abs=1.5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    steps=st.lists(
        st.tuples(st.floats(-200, 840), st.floats(-200, 560), st.floats(2, 700), st.booleans()), min_size=1, max_size=60
    ),
    aspect=st.sampled_from([UPRIGHT, 1.0, 16 / 9, 3.0]),
    crop=st.floats(0.05, 1.0),
    fill=st.sampled_from([None, 0.2, 0.7]),
    ahead=st.integers(0, 30),
    acceleration=st.sampled_from([0.5, 4.0, 1e6]),
)
def test_the_view_never_leaves_the_picture(
    steps: list[tuple[float, float, float, bool]],
    aspect: float,
    crop: float,
    fill: float | None,
    ahead: int,
    acceleration: float,
) -> None:
    boxes = [at(x, y, size) if seen else None for x, y, size, seen in steps]
    found = views(boxes, ViewSettings(crop=crop, fill=fill, acceleration=acceleration), aspect, ahead)
    assert len(found) == len(boxes)
    for view in found:
        assert view.x >= -1e-6
        assert view.y >= -1e-6
        assert view.right <= WIDTH + 1e-6
        assert view.bottom <= HEIGHT + 1e-6
        assert view.width / view.height == pytest.approx(aspect)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    stops=st.lists(st.tuples(st.floats(0, 640), st.floats(0, 360), st.integers(1, 30)), min_size=1, max_size=8),
    limit=st.floats(0.2, 10.0),
    ahead=st.sampled_from([0, 10, 25]),
)
def test_its_acceleration_is_bounded(stops: list[tuple[float, float, int]], limit: float, ahead: int) -> None:
    """Whatever the target does: jumps, too, and at the edges."""
    boxes: list[Box | None] = [at(x, y) for x, y, count in stops for _ in range(count)]
    found = views(boxes, ViewSettings(acceleration=limit, crop=0.6, dead_zone=0.0), ahead=ahead)
    for values, unit in (([view.x for view in found], found[0].width), ([view.y for view in found], found[0].height)):
        accelerations = np.diff(values, 2) * FPS * FPS / unit
        assert np.abs(accelerations).max(initial=0.0) <= limit * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize(
    "wrong", [{"crop": 0.0}, {"crop": math.nan}, {"fill": 2.0}, {"acceleration": 0.0}, {"dead_zone": -1.0}]
)
def test_a_setting_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    (name,) = wrong
    with pytest.raises(ConfigError, match=name):
        ViewSettings(**wrong)  # type: ignore[arg-type]  # wrong on purpose
