from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.conftest import MakeTrack
from tracker.errors import ConfigError
from tracker.geometry import Box, RotatedBox
from tracker.reframing import ReframeStage, Reframing, ViewSettings, parse_aspect, parse_size
from tracker.reframing.stage import cut
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame


def slope(width: int = 320, height: int = 180) -> np.ndarray:
    """A picture whose blue is the column / 2 and whose green is the row."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0] = np.arange(width)[None] / 2
    image[..., 1] = np.arange(height)[:, None]
    return image


def passed(stage: ReframeStage, tracks: list[list[Track]], image: np.ndarray | None = None) -> list:
    picture = slope() if image is None else image
    done = []
    for n, targets in enumerate(tracks):
        done += stage.push(Frame(picture, n, n / 25), targets)
    return [*done, *stage.finish()]


@pytest.mark.parametrize("live", [False, True])
def test_every_frame_comes_out_once_in_order_and_in_the_size_asked_for(live: bool, make_track: MakeTrack) -> None:
    stage = ReframeStage(Reframing(size=(90, 160)), live=live)
    done = passed(stage, [[make_track(Box(40 + 2 * n, 60, 20, 20))] for n in range(60)])
    assert [frame.index for frame, _ in done] == list(range(60))
    assert {frame.image.shape for frame, _ in done} == {(160, 90, 3)}


def test_the_picture_shows_the_target_where_the_result_says(make_track: MakeTrack) -> None:
    """A square in the source is at the result's box in the new picture."""
    done = []
    stage = ReframeStage(Reframing(aspect=1.0, camera=ViewSettings(crop=0.5)))
    for n in range(40):
        image = np.full((180, 320, 3), 90, np.uint8)
        image[60:80, 40 + 4 * n : 60 + 4 * n] = 255
        done += stage.push(Frame(image, n, n / 25), [make_track(Box(40 + 4 * n, 60, 20, 20))])
    for frame, (track,) in [*done, *stage.finish()]:
        left, top, width, height = cv2.boundingRect((frame.image[..., 0] > 170).astype(np.uint8))
        assert (left, top, width, height) == pytest.approx(tuple(track.result.box), abs=1.5)


def test_the_view_follows_the_middle_of_those_that_are_seen(make_track: MakeTrack) -> None:
    seen = [make_track(Box(50, 60, 20, 20)), make_track(Box(130, 60, 20, 20), id=1)]
    lost = make_track(Box(300, 60, 20, 20), id=2, state=TrackState.LOST)
    done = passed(ReframeStage(Reframing(aspect=1.0)), [[*seen, lost]] * 10)
    assert done[5][1][0].result.box.x == pytest.approx(40)  # the view is 180 wide and centered at 100
    assert done[5][1][1].result.box.x == pytest.approx(120)


def test_targets_keep_what_they_are(make_track: MakeTrack) -> None:
    turned = RotatedBox(110, 70, 20, 10, 30)
    track = make_track(Box(100, 60, 20, 20), label="ann", rotated=turned, density=True)
    ((_, (moved,)),) = passed(ReframeStage(Reframing(size=(360, 360))), [[track]])
    assert (moved.id, moved.label, moved.result.confidence) == (track.id, "ann", track.result.confidence)
    assert (moved.density, moved.result.search, moved.result.path) == (None, None, ())
    assert moved.result.rotated_box == RotatedBox(180, 140, 40, 20, 30)


def test_without_targets_the_middle_is_shown() -> None:
    ((frame, tracks),) = passed(ReframeStage(Reframing(aspect=1.0)), [[]])
    assert tracks == ()
    np.testing.assert_allclose(frame.image, slope()[:, 70:250], atol=1)


def test_a_cut_of_whole_pixels_is_exact() -> None:
    np.testing.assert_array_equal(cut(slope(), Box(10, 20, 100, 80), (100, 80)), slope()[20:100, 10:110])


def test_a_cut_is_placed_to_a_fraction_of_a_pixel() -> None:
    at, later = (cut(slope(), Box(x, 20, 100, 80), (100, 80)).astype(float) for x in (10, 11))
    between = cut(slope(), Box(10.5, 20, 100, 80), (100, 80))
    np.testing.assert_allclose(between[..., 0], (at + later)[..., 0] / 2, atol=1)


@pytest.mark.parametrize(
    "view", [Box(-20, -20, 50, 50), Box(300, 160, 90, 90), Box(0, 0, 1000, 1000), Box(5, 5, 0.2, 0.2)]
)
def test_a_cut_takes_any_view(view: Box) -> None:
    assert cut(slope(), view, (64, 48)).shape == (48, 64, 3)


def test_the_size_is_that_of_the_view_where_none_is_asked_for() -> None:
    assert Reframing(aspect=9 / 16).size_in(1920, 1080) == (608, 1080)
    assert Reframing(aspect=1.0, camera=ViewSettings(crop=0.5)).size_in(1920, 1080) == (540, 540)
    assert Reframing().size_in(641, 361) == (640, 360)


def test_aspect_and_size_must_agree() -> None:
    assert Reframing(aspect=9 / 16, size=(608, 1080)).size == (608, 1080)
    with pytest.raises(ConfigError, match="give one of the two"):
        Reframing(aspect=1.0, size=(1080, 1920))


def test_large_pictures_are_looked_ahead_of_for_fewer_frames() -> None:
    stage, image = ReframeStage(Reframing(camera=ViewSettings(ahead=1000))), np.zeros((2160, 3840, 3), np.uint8)
    waiting = 0
    while not list(stage.push(Frame(image, waiting, waiting / 25), [])):
        waiting += 1
    assert waiting == 2**29 // image.nbytes


@pytest.mark.parametrize(("text", "aspect"), [("9:16", 0.5625), ("1", 1.0), ("16/9", 16 / 9), (" 2.35:1 ", 2.35)])
def test_an_aspect_is_read(text: str, aspect: float) -> None:
    assert parse_aspect(text) == pytest.approx(aspect)


@pytest.mark.parametrize("text", ["", "wide", "0:16", "16:0", "100:1", "-1", "9:16:2", "1:30"])
def test_what_is_no_aspect_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="no aspect"):
        parse_aspect(text)


@pytest.mark.parametrize("text", ["", "1080", "1081x1920", "0x0", "10000x10", "axb", "1080x1920x3"])
def test_what_is_no_size_is_told(text: str) -> None:
    assert parse_size("1080x1920") == (1080, 1920)
    with pytest.raises(ConfigError, match="no size"):
        parse_size(text)
