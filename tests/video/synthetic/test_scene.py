from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tracker.video.synthetic.motion import ONE
from tracker.video.synthetic.scene import VISIBLE_FROM, Renderer, Scene
from tracker.video.synthetic.scenes import SCENES
from tracker.video.synthetic.source import parse_scene
from tracker.video.synthetic.texture import Paint


def measure(scene: Scene) -> Callable[[int], np.ndarray]:
    """How much of every pixel the target covers in a frame, told from the pictures: white against black target."""
    bare = replace(scene, noise=0.0, light=ONE)
    renderers = [
        Renderer(replace(bare, target=replace(scene.target, paint=Paint(look)))) for look in ("white", "black")
    ]

    def coverage(frame: int) -> np.ndarray:
        white, black = (renderer.image(frame).astype(float) for renderer in renderers)
        return np.clip((white - black).min(axis=2) / 200, 0, 1)

    return coverage


@pytest.mark.parametrize("name", sorted(SCENES))
def test_truth_is_the_box_of_what_is_painted(name: str) -> None:
    scene = parse_scene(f"synth:{name}:seed=4:frames=120:size=320x180")
    # What hides the target does not shrink its box, so look at it without.
    coverage = measure(replace(scene, in_front=()))
    for index in (0, 20, 61, 119):
        box = scene.truth(index)
        assert box is not None
        ys, xs = np.nonzero(coverage(index) > 0.5)
        found = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
        assert found == pytest.approx(box.xyxy, abs=1.2)


@pytest.mark.parametrize("name", ["occlusion", "return"])
def test_there_is_no_truth_where_nothing_is_painted_and_only_there(name: str) -> None:
    scene = parse_scene(f"synth:{name}:frames=60:size=320x180")
    coverage = measure(scene)
    whole = coverage(0).sum()
    for index in range(0, 60, 2):
        assert (scene.truth(index) is None) == (
            coverage(index).sum() < VISIBLE_FROM * whole * scene.target.scale(index) ** 2
        )


def test_a_target_moves_by_fractions_of_a_pixel() -> None:
    scene = parse_scene("synth:white:frames=40:size=320x180")
    coverage = measure(scene)
    rows, columns = np.mgrid[0:180, 0:320] + 0.5
    for index in range(0, 40, 8):
        painted = coverage(index)
        center = (painted * columns).sum() / painted.sum(), (painted * rows).sum() / painted.sum()
        assert center == pytest.approx(scene.truth(index).center, abs=0.15)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_scenes_are_the_same_every_time_in_any_order(name: str) -> None:
    scene = parse_scene(f"synth:{name}:frames=20:size=160x90")
    renderer = Renderer(scene)
    forward = [renderer.image(index) for index in range(0, 20, 6)]
    again = Renderer(pickle.loads(pickle.dumps(scene)))
    for index in (18, 0, 12, 6):
        np.testing.assert_array_equal(again.image(index), forward[index // 6])


def test_textures_are_drawn_once_and_not_with_every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a frame costs is decided by this; its time would depend on the machine."""
    renderer = Renderer(parse_scene("synth:occlusion"))
    monkeypatch.setattr(Paint, "apply", None)
    assert [renderer.image(index).shape for index in range(3)] == [(360, 640, 3)] * 3


def test_every_target_has_its_own_truth_and_those_in_front_hide_it() -> None:
    scene = parse_scene("synth:crowd:frames=40")
    assert len(scene.targets) == 6
    alone = [replace(scene, target=actor, also=()) for actor in scene.targets]
    for index in (0, 17, 39):
        assert [scene.truth(index, k) for k in range(6)] == [lone.truth(index) for lone in alone]
    hidden = replace(scene, also=(scene.target, *scene.also[1:]))
    assert hidden.truth(0, 1) is None
    assert hidden.truth(0) is not None


def test_sensor_noise_has_the_strength_asked_for_and_changes_with_the_frame() -> None:
    clean, noisy = (Renderer(parse_scene(f"synth:smooth:noise={sigma}")) for sigma in (0, 8))
    first = noisy.image(0)[:80].astype(int) - clean.image(0)[:80]
    second = noisy.image(1)[:80].astype(int) - clean.image(1)[:80]
    assert first.std() == pytest.approx(8, rel=0.05)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.05
