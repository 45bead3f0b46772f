from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tracker.geometry import Box
from tracker.video.sources import open_source
from tracker.video.span import Span
from tracker.video.synthetic.scene import Renderer
from tracker.video.synthetic.scenes import SCENES
from tracker.video.synthetic.source import SyntheticSource, parse_scene
from tracker.video.synthetic.sprite import visible_share


def truths(spec: str) -> tuple[Box | None, ...]:
    with SyntheticSource(parse_scene(spec), Span()) as source:
        return source.truths


def gaps(boxes: tuple[Box | None, ...]) -> list[int]:
    """Lengths of the stretches without target."""
    text = "".join("x" if box is None else " " for box in boxes)
    return [len(stretch) for stretch in text.split()]


@pytest.mark.parametrize("name", sorted(SCENES))
def test_every_scene_begins_with_the_whole_target_in_view(name: str) -> None:
    for seed in range(6):
        scene = parse_scene(f"synth:{name}:seed={seed}")
        box = scene.truth(0)
        assert box is not None
        assert box == box.clipped(scene.width, scene.height)
        assert min(box.width, box.height) > 30
        covers = [(actor.shape, actor.pose(0)) for actor in scene.in_front]
        pose = scene.target.pose(0).moved(-scene.camera_x(0), -scene.camera_y(0))
        assert visible_share(scene.target.shape, pose, (scene.width, scene.height), covers) == 1.0


@pytest.mark.parametrize("name", sorted(SCENES))
def test_the_smallest_scene_is_a_scene(name: str) -> None:
    with open_source(f"synth:{name}:frames=2:size=64x64") as source:
        assert [frame.image.shape for frame in source] == [(64, 64, 3)] * 2
        assert source.truths[0] is not None


def test_other_seeds_look_different() -> None:
    first, second = (Renderer(parse_scene(f"synth:smooth:seed={seed}")).image(0).astype(int) for seed in (0, 1))
    assert np.abs(first - second).mean() > 10


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
