"""What each scene puts before the tracker."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tracker.geometry import Box
from tracker.video.span import Span
from tracker.video.synthetic.scene import Renderer
from tracker.video.synthetic.source import SyntheticSource, parse_scene
from tracker.video.synthetic.texture import Paint


def truths(spec: str) -> tuple[Box | None, ...]:
    with SyntheticSource(parse_scene(spec), Span()) as source:
        return source.truths


def gaps(boxes: tuple[Box | None, ...]) -> list[int]:
    """Lengths of the stretches without target."""
    text = "".join("x" if box is None else " " for box in boxes)
    return [len(stretch) for stretch in text.split()]


def test_the_target_is_wholly_hidden_twice_behind_the_wall() -> None:
    lengths = gaps(truths("synth:occlusion"))
    assert len(lengths) == 2
    assert min(lengths) >= 10


@pytest.mark.parametrize("name", ["return", "decoy"])
def test_the_target_leaves_and_comes_back_elsewhere_in_another_size(name: str) -> None:
    boxes = truths(f"synth:{name}")
    assert len(gaps(boxes)) == 2
    assert min(gaps(boxes)) >= 15
    left = next(index for index, box in enumerate(boxes) if box is None)
    back = next(index for index in range(left, len(boxes)) if boxes[index] is not None)
    assert boxes[left - 1].center[0] > 600
    assert boxes[back].center[0] < 40
    assert boxes[100].area > 1.5 * boxes[0].area
    assert boxes[-1].area < 0.6 * boxes[0].area


def test_the_fast_target_makes_steps_of_six_tenths_of_its_size() -> None:
    boxes = truths("synth:fast")
    steps = [abs(b.center[0] - a.center[0]) / a.width for a, b in pairwise(boxes)]
    assert 0.57 < max(steps) <= 0.6


def test_the_zoom_goes_from_four_tenths_to_two_and_a_half() -> None:
    widths = [box.width for box in truths("synth:zoom")]
    assert min(widths) / widths[0] == pytest.approx(0.4, rel=0.01)
    assert max(widths) / widths[0] == pytest.approx(2.5, rel=0.01)


def test_light_fades_on_target_and_background_alike() -> None:
    renderer = Renderer(parse_scene("synth:fade"))
    assert renderer.image(110).mean() == pytest.approx(0.3 * renderer.image(0).mean(), rel=0.05)


def test_the_camera_shakes_the_background() -> None:
    scene = parse_scene("synth:shake:noise=0")
    first, second = (Renderer(scene).image(index)[:40, :40].astype(int) for index in (0, 1))
    assert np.abs(first - second).mean() > 1


def test_the_twin_has_the_colors_of_the_target() -> None:
    for name in ("crossing", "overtake", "decoy"):
        scene = parse_scene(f"synth:{name}")
        (twin,) = scene.behind + scene.also
        assert twin.paint == scene.target.paint
        assert twin.seed != scene.target.seed


def test_every_target_has_its_own_truth_and_those_in_front_hide_it() -> None:
    scene = parse_scene("synth:crowd:frames=40")
    assert len(scene.targets) == 6
    alone = [replace(scene, target=actor, also=()) for actor in scene.targets]
    for index in (0, 17, 39):
        assert [scene.truth(index, k) for k in range(6)] == [lone.truth(index) for lone in alone]
    hidden = replace(scene, also=(scene.target, *scene.also[1:]))
    assert hidden.truth(0, 1) is None
    assert hidden.truth(0) is not None


def test_grey_targets_have_no_color_and_red_ones_lie_around_hue_zero() -> None:
    for look in ("grey", "black", "white"):
        texture = Paint(look, 123.0).apply(0, 40, 40).astype(int)
        assert np.ptp(texture, axis=2).max() <= 1
    blue, green, red = np.moveaxis(Paint("red").apply(0, 60, 60).astype(int), 2, 0)
    assert (red > np.maximum(blue, green)).all()
    assert 0.2 < (blue > green).mean() < 0.8


def test_sensor_noise_has_the_strength_asked_for_and_changes_with_the_frame() -> None:
    clean, noisy = (Renderer(parse_scene(f"synth:smooth:noise={sigma}")) for sigma in (0, 8))
    first = noisy.image(0)[:80].astype(int) - clean.image(0)[:80]
    second = noisy.image(1)[:80].astype(int) - clean.image(1)[:80]
    assert first.std() == pytest.approx(8, rel=0.05)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.05
