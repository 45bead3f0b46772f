"""The named scenes: each holds one difficulty for a tracker, or several for show."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from tracker.video.synthetic.motion import Constant, Curve, Exp, Jitter, Linear, Sum, Wave
from tracker.video.synthetic.scene import Scene
from tracker.video.synthetic.scene_builder import SceneBuilder
from tracker.video.synthetic.sprite import Actor
from tracker.video.synthetic.texture import Paint


def _smooth(builder: SceneBuilder) -> Scene:
    """A smooth path with sub-pixel steps."""
    return builder.scene("smooth", builder.wander())


def _fast(builder: SceneBuilder) -> Scene:
    """Steps of up to 0.6 of the target's size, reached in the middle of each sweep."""
    size = builder.y(0.2)
    reach = builder.x(0.36)
    period = 2 * math.pi * reach / (0.6 * size)
    x = Wave(builder.x(0.5), reach, period, builder.phase)
    y = Wave(builder.y(0.5), builder.y(0.12), 2.7 * period, builder.phase)
    return builder.scene("fast", builder.actor(x, y, shape=builder.shape(0.2, 0.2)))


def _occlusion(builder: SceneBuilder) -> Scene:
    """The target goes behind a wall and comes out on the other side, there and back."""
    path = builder.keys(
        (0.0, builder.x(0.16)), (0.48, builder.x(0.84)), (0.52, builder.x(0.84)), (1.0, builder.x(0.16))
    )
    y = Wave(builder.y(0.5), builder.y(0.1), 0.7 * builder.frames, builder.phase)
    wall = builder.wall(builder.x(0.5), builder.y(0.5), builder.y(0.45), builder.y(1.0))
    return replace(builder.scene("occlusion", builder.actor(path, y)), in_front=(wall,))


def _return_path(builder: SceneBuilder) -> tuple[Curve, Curve, Curve]:
    """x, y and scale: away to the right, back from the left and larger, away there, back from above and smaller."""
    away = builder.y(0.2)
    x = builder.keys(
        (0.0, builder.x(0.35)), (0.22, builder.width + away), (0.30, builder.width + away), (0.30, -away),
        (0.45, builder.x(0.5)), (0.60, -away), (0.68, -away), (0.68, builder.x(0.7)), (1.0, builder.x(0.6)),
    )  # fmt: skip
    y = builder.keys(
        (0.0, builder.y(0.4)), (0.22, builder.y(0.6)), (0.30, builder.y(0.6)), (0.30, builder.y(0.7)),
        (0.45, builder.y(0.6)), (0.60, builder.y(0.5)), (0.68, builder.y(0.5)), (0.68, -away),
        (0.82, builder.y(0.5)), (1.0, builder.y(0.45)),
    )  # fmt: skip
    scale = builder.keys(
        (0.0, 1.0), (0.30, 1.0), (0.30, 1.3), (0.68, 1.3), (0.68, 0.75), (1.0, 0.75)
    )  # fmt: skip
    return x, y, scale


def _return(builder: SceneBuilder) -> Scene:
    """The target leaves the frame twice and comes back at another side and another size."""
    x, y, scale = _return_path(builder)
    return builder.scene("return", replace(builder.actor(x, y), scale=scale))


def _crossing(builder: SceneBuilder) -> Scene:
    """Something of the same colors comes the other way and passes close behind the target."""
    x = builder.keys((0.0, builder.x(0.15)), (1.0, builder.x(0.85)))
    against = builder.keys((0.0, builder.x(0.85)), (1.0, builder.x(0.15)))
    target = builder.actor(x, Wave(builder.y(0.44), builder.y(0.05), 90.0, builder.phase))
    other = builder.actor(against, Constant(builder.y(0.60)), twin=1)
    return replace(builder.scene("crossing", target), also=(other,))


def _overtake(builder: SceneBuilder) -> Scene:
    """Something of the same colors moves the same way, is overtaken, and is nearly hidden for a while."""
    x = builder.keys((0.0, builder.x(0.12)), (1.0, builder.x(0.88)))
    slower = builder.keys((0.0, builder.x(0.34)), (1.0, builder.x(0.62)))
    target = builder.actor(x, Wave(builder.y(0.47), builder.y(0.04), 90.0, builder.phase))
    other = builder.actor(slower, Constant(builder.y(0.54)), twin=1)
    return replace(builder.scene("overtake", target), also=(other,))


def _crowd(builder: SceneBuilder) -> Scene:
    """Six targets in three colors, two of each, on paths that cross each other."""
    shape = builder.shape(0.15, 0.13)

    def member(number: int) -> Actor:
        turn = builder.phase + number / 6
        x = Wave(builder.x(0.5), builder.x(0.40), 210.0 + 25 * number, turn)
        y = Wave(builder.y(0.5), builder.y(0.38), 190.0 - 20 * number, 1.7 * turn)
        actor = builder.actor(x, y, shape=shape, twin=10 * number)
        return replace(actor, paint=replace(actor.paint, hue=actor.paint.hue + 60.0 * (number % 3 - 1)))

    first, *others = (member(number) for number in range(6))
    return replace(builder.scene("crowd", first), also=tuple(others))


def _decoy(builder: SceneBuilder) -> Scene:
    """Something of the same colors stays in view while the target is away."""
    x, y, scale = _return_path(builder)
    decoy = builder.actor(
        Constant(builder.x(0.82)), Constant(builder.y(0.2)), shape=builder.shape(0.2, 0.22, 1.0), twin=1
    )
    return replace(builder.scene("decoy", replace(builder.actor(x, y), scale=scale)), behind=(decoy,))


def _zoom(builder: SceneBuilder) -> Scene:
    """The target grows to 2.5 times its size and shrinks to 0.4 of it."""
    scale = Exp(Wave(0.0, math.log(2.5), 200.0))
    wander = Wave(builder.x(0.5), builder.x(0.14), 240.0, builder.phase), Wave(builder.y(0.5), builder.y(0.06), 150.0)
    return builder.scene("zoom", replace(builder.actor(*wander), scale=scale))


def _rotation(builder: SceneBuilder) -> Scene:
    """A long target turns about its center, once in 120 frames."""
    target = builder.wander(look="stripes", shape=builder.shape(0.34, 0.16, 0.5), speed=0.6)
    return builder.scene("rotation", replace(target, angle=Linear(0.0, 3.0)))


def _fade(builder: SceneBuilder) -> Scene:
    """The light fades to three tenths and comes back."""
    light = builder.keys((0.0, 1.0), (0.1, 1.0), (0.5, 0.3), (0.6, 0.3), (1.0, 1.0))
    return replace(builder.scene("fade", builder.wander()), light=light)


def _shake(builder: SceneBuilder) -> Scene:
    """A hand-held camera: it pans, and trembles by a few pixels a frame."""
    tremble = builder.y(0.011)
    return replace(
        builder.scene("shake", builder.wander()),
        camera_x=Sum((Wave(0.0, builder.x(0.08), 130.0), Jitter(tremble, 2 * builder.seed))),
        camera_y=Sum((Wave(0.0, builder.y(0.06), 90.0), Jitter(tremble, 2 * builder.seed + 1))),
    )


def _noisy(builder: SceneBuilder) -> Scene:
    """A dark room: strong sensor noise."""
    return replace(builder.scene("noisy", builder.wander()), noise=builder.noise_or(22.0), light=Constant(0.7))


def _juggle(builder: SceneBuilder) -> Scene:
    """For show: a spinning ball on wide arcs, near and far, behind a post, before a moving camera."""
    round_trip, phase = 190.0, 0.62
    ball = builder.actor(
        Wave(builder.x(0.5), builder.x(0.33), round_trip, phase),
        Wave(builder.y(0.48), builder.y(0.24), 74.0, 0.1),
        shape=builder.shape(0.24, 0.24, 1.0),
    )
    ball = replace(ball, scale=Exp(Wave(0.0, math.log(1.6), round_trip, phase)), angle=Linear(0.0, 2.2))
    post = builder.wall(builder.x(0.55), builder.y(0.5), builder.y(0.36), builder.y(1.3))
    return replace(
        builder.scene("juggle", ball),
        in_front=(post,),
        camera_x=Wave(0.0, builder.x(0.09), 260.0),
        camera_y=Wave(0.0, builder.y(0.06), 210.0),
    )


def _moon(builder: SceneBuilder) -> Scene:
    """For show: a gray disc, which a histogram of hue is blind to, in changing light and from an unsteady hand."""
    x = Wave(builder.x(0.5), builder.x(0.34), 230.0, 0.7)
    y = Wave(builder.y(0.46), builder.y(0.24), 128.0, 0.15)
    moon = builder.actor(x, y, look="grey", shape=builder.shape(0.26, 0.26, 1.0))
    moon = replace(moon, scale=Exp(Wave(0.0, math.log(1.35), 180.0)), angle=Linear(0.0, 0.8))
    shake = _shake(builder)
    return replace(
        builder.scene("moon", moon),
        camera_x=shake.camera_x,
        camera_y=shake.camera_y,
        light=Wave(0.85, 0.15, 140.0, 0.25),
    )


def _encore(builder: SceneBuilder) -> Scene:
    """For show: a target that leaves and comes back larger, then smaller, while something of kindred colors stays."""
    x, y, scale = _return_path(builder)
    target = replace(builder.actor(x, y, shape=builder.shape(0.24, 0.24, 1.0)), scale=scale, angle=Linear(0.0, 1.5))
    other = builder.actor(
        Wave(builder.x(0.8), builder.x(0.08), 170.0),
        Wave(builder.y(0.22), builder.y(0.05), 110.0),
        shape=builder.shape(0.22, 0.2, 0.3),
    )
    kindred = replace(other, paint=Paint("stripes", builder.hue + 40.0))
    return replace(builder.scene("encore", target), behind=(kindred,))


def _look(look: str) -> Callable[[SceneBuilder], Scene]:
    """A smooth path with a target of one look."""

    def build(builder: SceneBuilder) -> Scene:
        return builder.scene(look, builder.wander(look))

    return build


SCENES: Mapping[str, Callable[[SceneBuilder], Scene]] = MappingProxyType(
    {
        "smooth": _smooth,
        "fast": _fast,
        "occlusion": _occlusion,
        "return": _return,
        "crossing": _crossing,
        "overtake": _overtake,
        "crowd": _crowd,
        "decoy": _decoy,
        "zoom": _zoom,
        "rotation": _rotation,
        "fade": _fade,
        "shake": _shake,
        "noisy": _noisy,
        "grey": _look("grey"),
        "black": _look("black"),
        "white": _look("white"),
        "red": _look("red"),
        "stripes": _look("stripes"),
        "juggle": _juggle,
        "moon": _moon,
        "encore": _encore,
    }
)
"""Every scene by name. A new one is a function of a `SceneBuilder` and one line here."""
