import pickle
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import ConfigError
from tracker.video.sources import open_source
from tracker.video.synthetic.motion import ONE, Exp, Jitter, Keys, Line, Sum, Wave
from tracker.video.synthetic.scene import VISIBLE_FROM, Renderer, Scene
from tracker.video.synthetic.scenes import SCENES
from tracker.video.synthetic.source import SyntheticSource, parse_scene
from tracker.video.synthetic.sprite import Pose, Shape, extent, visible_share
from tracker.video.synthetic.texture import LOOKS, Paint


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


def test_a_frame_is_rendered_in_a_few_milliseconds() -> None:
    renderer = Renderer(parse_scene("synth:occlusion"))
    times = []
    for index in range(15):
        start = time.perf_counter()
        renderer.image(index)
        times.append(time.perf_counter() - start)
    assert np.median(times) < 0.1  # 4 ms on an idle machine; drawing the textures anew would take 200


def test_all_settings_of_a_scene_are_read() -> None:
    with open_source("synth:zoom:seed=3:frames=50:size=320x240:fps=10:noise=0:look=grey") as source:
        assert isinstance(source, SyntheticSource)
        assert (source.info.name, source.info.width, source.info.height) == ("zoom", 320, 240)
        assert (source.info.fps, source.info.frame_count) == (10.0, 50)
        assert source.scene.seed == 3
        assert source.scene.target.paint.look == "grey"
        assert [source.truth(index) for index in range(50)] == list(source.truths)
    assert open_source("synth:").info.name == "smooth"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("synth:oclusion", "there is no scene 'oclusion': did you mean 'occlusion'"),
        ("synth:xyz", "there is no scene 'xyz': choose from smooth, fast"),
        ("synth:zoom:sed=3", "no setting 'sed': did you mean 'seed'"),
        ("synth:zoom:qqq=3", "no setting 'qqq': choose from seed, frames"),
        ("synth:zoom:seed", "give a whole number from 0"),
        ("synth:zoom:seed=-1", "give a whole number from 0"),
        ("synth:zoom:seed=1.5", "give a whole number from 0"),
        ("synth:zoom:frames=1", "give a whole number from 2"),
        ("synth:zoom:noise=nan", "give a number from 0 to 100"),
        ("synth:zoom:fps=0", "give a number from 1 to 1000"),
        ("synth:zoom:size=640", "write WIDTHxHEIGHT, each 64 to 8192"),
        ("synth:zoom:size=10x10", "write WIDTHxHEIGHT, each 64 to 8192"),
        ("synth:zoom:look=gray", "did you mean 'grey'"),
    ],
)
def test_what_no_scene_knows_is_said_with_a_suggestion(spec: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        open_source(spec)


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_every_look_is_a_seeded_picture(look: str) -> None:
    first, again, other = (Paint(look, 40.0).apply(seed, 37, 53) for seed in (1, 1, 2))
    assert first.shape == (37, 53, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@settings(deadline=None)
@given(
    width=st.floats(2, 200),
    height=st.floats(2, 200),
    corner=st.floats(0, 1),
    scale=st.floats(0.2, 3),
    angle=st.floats(-400, 400),
)
def test_the_extent_is_tight(width: float, height: float, corner: float, scale: float, angle: float) -> None:
    shape, pose = Shape(width, height, corner), Pose(11.0, -7.0, scale, angle)
    # Points of the outline: the inner rectangle's corners, with circles of the corner radius around them.
    turns = np.linspace(0, 2 * np.pi, 721)
    inner = [(sx * (width / 2 - shape.radius), sy * (height / 2 - shape.radius)) for sx in (-1, 1) for sy in (-1, 1)]
    u = np.concatenate([cx + shape.radius * np.cos(turns) for cx, _ in inner])
    v = np.concatenate([cy + shape.radius * np.sin(turns) for _, cy in inner])
    x, y = pose.matrix() @ np.stack([u, v, np.ones_like(u)])
    outline = (x.min(), y.min(), x.max(), y.max())
    assert extent(shape, pose).xyxy == pytest.approx(outline, abs=1e-4 * scale * (width + height))


def test_visible_share_counts_what_frame_and_covers_leave() -> None:
    square = Shape(40, 40, 0.0)
    cover = [(Shape(20, 100, 0.0), Pose(40, 50, 1.0, 0.0))]
    assert visible_share(square, Pose(50, 50, 1.0, 0.0), (100, 100), []) == 1.0
    assert visible_share(square, Pose(0, 50, 1.0, 0.0), (100, 100), []) == pytest.approx(0.5)
    assert visible_share(square, Pose(50, 50, 1.0, 0.0), (100, 100), cover) == pytest.approx(0.5)
    assert visible_share(square, Pose(150, 50, 1.0, 0.0), (100, 100), cover) == 0.0


def test_curves_do_what_they_say() -> None:
    assert [Line(1, 2)(frame) for frame in range(3)] == [1, 3, 5]
    assert Wave(10, 5, 40)(10) == pytest.approx(15)
    keys = Keys((0, 10, 11, 20), (0.0, 1.0, 5.0, 5.0))
    assert [keys(frame) for frame in (-5, 0, 5, 10, 11, 15, 20, 99)] == pytest.approx([0, 0, 0.5, 1, 5, 5, 5, 5])
    assert Exp(Line(0, 1))(1) == pytest.approx(np.e)
    assert Sum((Line(1, 0), Line(2, 0)))(7) == 3
    jitter = Jitter(2.0, 5)
    values = [jitter(frame) for frame in range(1, 500)]
    assert jitter(0) == 0
    assert values == [jitter(frame) for frame in range(1, 500)]
    assert np.std(values) == pytest.approx(2.0, rel=0.15)
