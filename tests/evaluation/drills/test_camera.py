import numpy as np
import pytest

from tests.evaluation.drills.clips import HEIGHT, WIDTH
from tracker.evaluation.drills.base import DrillClip
from tracker.evaluation.drills.camera import CameraView, way_out


@pytest.mark.parametrize("border", [None, np.full((HEIGHT, WIDTH, 3), 7, np.uint8)])
def test_a_shift_by_whole_pixels_moves_the_picture_and_blurs_nothing(border) -> None:
    image = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    moved = CameraView(-30, 20).image(image, border)
    np.testing.assert_array_equal(moved[20:, :-30], image[:-20, 30:])
    uncovered = moved[:20, :-30]
    expected = image[20:0:-1, 30:] if border is None else border[:20, :-30]
    np.testing.assert_array_equal(uncovered, expected)


def test_the_plain_view_changes_nothing() -> None:
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    assert CameraView().image(image) is image
    box = np.array([-50.0, 3, 10, 10])
    assert CameraView().box(box, WIDTH, HEIGHT) is box


def test_a_box_is_clipped_and_gone_when_hardly_any_of_it_is_left() -> None:
    box = np.array([100.0, 50, 20, 20])
    assert CameraView(50, 0).box(box, WIDTH, HEIGHT).tolist() == [150, 50, 10, 20]
    assert np.isnan(CameraView(59.5, 0).box(box, WIDTH, HEIGHT)).all()
    assert CameraView(-100, -50, 2.0).box(box, WIDTH, HEIGHT).tolist() == [100, 50, 40, 40]


@pytest.mark.parametrize(
    ("box", "way", "mirrors"),
    [
        ([10, 50, 20, 20], (-34, 0), False),
        ([130, 50, 20, 20], (34, 0), False),
        ([70, 5, 20, 20], (0, -29), False),
        ([70, 95, 20, 20], (0, 29), False),
        ([40, 20, 90, 90], (0, 104), True),
    ],
)
def test_the_way_out_is_the_shortest(box, way, mirrors) -> None:
    clip = DrillClip("", np.array([box, box], float), WIDTH, HEIGHT)
    out = way_out(clip, 0, 2)
    assert (out.x, out.y, out.mirrors) == (*way, mirrors)
    assert np.isnan(CameraView(out.x, out.y).box(clip.truth[0], WIDTH, HEIGHT)).all()
