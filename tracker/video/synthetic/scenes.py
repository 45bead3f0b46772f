"""The scenes that have a name: each puts one difficulty before the tracker, or several for show."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from tracker.video.synthetic.motion import Constant, Curve, Exp, Jitter, Line, Sum, Wave
from tracker.video.synthetic.scene import Scene
from tracker.video.synthetic.scene_builder import Stage
from tracker.video.synthetic.sprite import Actor
from tracker.video.synthetic.texture import Paint


def _smooth(stage: Stage) -> Scene:
    """A smooth path with sub-pixel steps."""
    return stage.scene("smooth", stage.wander())


def _fast(stage: Stage) -> Scene:
    """Steps of up to 0.6 of the target's size, reached in the middle of each sweep."""
    size = stage.y(0.2)
    reach = stage.x(0.36)
    period = 2 * math.pi * reach / (0.6 * size)
    x = Wave(stage.x(0.5), reach, period, stage.phase)
    y = Wave(stage.y(0.5), stage.y(0.12), 2.7 * period, stage.phase)
    return stage.scene("fast", stage.actor(x, y, shape=stage.shape(0.2, 0.2)))


def _occlusion(stage: Stage) -> Scene:
    """The target goes behind a wall and comes out on the other side, there and back."""
    path = stage.keys((0.0, stage.x(0.16)), (0.48, stage.x(0.84)), (0.52, stage.x(0.84)), (1.0, stage.x(0.16)))
    y = Wave(stage.y(0.5), stage.y(0.1), 0.7 * stage.frames, stage.phase)
    wall = stage.wall(stage.x(0.5), stage.y(0.5), stage.y(0.45), stage.y(1.0))
    return replace(stage.scene("occlusion", stage.actor(path, y)), in_front=(wall,))


def _return_path(stage: Stage) -> tuple[Curve, Curve, Curve]:
    """x, y and scale: away to the right, back from the left and larger, away there, back from above and smaller."""
    away = stage.y(0.2)
    x = stage.keys(
        (0.0, stage.x(0.35)), (0.22, stage.width + away), (0.30, stage.width + away), (0.30, -away),
        (0.45, stage.x(0.5)), (0.60, -away), (0.68, -away), (0.68, stage.x(0.7)), (1.0, stage.x(0.6)),
    )  # fmt: skip
    y = stage.keys(
        (0.0, stage.y(0.4)), (0.22, stage.y(0.6)), (0.30, stage.y(0.6)), (0.30, stage.y(0.7)),
        (0.45, stage.y(0.6)), (0.60, stage.y(0.5)), (0.68, stage.y(0.5)), (0.68, -away),
        (0.82, stage.y(0.5)), (1.0, stage.y(0.45)),
    )  # fmt: skip
    scale = stage.keys(
        (0.0, 1.0), (0.30, 1.0), (0.30, 1.3), (0.68, 1.3), (0.68, 0.75), (1.0, 0.75)
    )  # fmt: skip
    return x, y, scale


def _return(stage: Stage) -> Scene:
    """The target leaves the frame twice and comes back at another side and another size."""
    x, y, scale = _return_path(stage)
    return stage.scene("return", replace(stage.actor(x, y), scale=scale))


def _crossing(stage: Stage) -> Scene:
    """Something of the same colors comes the other way and passes close behind the target."""
    x = stage.keys((0.0, stage.x(0.15)), (1.0, stage.x(0.85)))
    against = stage.keys((0.0, stage.x(0.85)), (1.0, stage.x(0.15)))
    target = stage.actor(x, Wave(stage.y(0.44), stage.y(0.05), 90.0, stage.phase))
    other = stage.actor(against, Constant(stage.y(0.60)), twin=1)
    return replace(stage.scene("crossing", target), also=(other,))


def _overtake(stage: Stage) -> Scene:
    """Something of the same colors moves the same way, is overtaken, and is nearly hidden for a while."""
    x = stage.keys((0.0, stage.x(0.12)), (1.0, stage.x(0.88)))
    slower = stage.keys((0.0, stage.x(0.34)), (1.0, stage.x(0.62)))
    target = stage.actor(x, Wave(stage.y(0.47), stage.y(0.04), 90.0, stage.phase))
    other = stage.actor(slower, Constant(stage.y(0.54)), twin=1)
    return replace(stage.scene("overtake", target), also=(other,))


def _crowd(stage: Stage) -> Scene:
    """Six targets in three colors, two of each, on paths that cross each other."""
    shape = stage.shape(0.15, 0.13)

    def member(number: int) -> Actor:
        turn = stage.phase + number / 6
        x = Wave(stage.x(0.5), stage.x(0.40), 210.0 + 25 * number, turn)
        y = Wave(stage.y(0.5), stage.y(0.38), 190.0 - 20 * number, 1.7 * turn)
        actor = stage.actor(x, y, shape=shape, twin=10 * number)
        return replace(actor, paint=replace(actor.paint, hue=actor.paint.hue + 60.0 * (number % 3 - 1)))

    first, *others = (member(number) for number in range(6))
    return replace(stage.scene("crowd", first), also=tuple(others))


def _decoy(stage: Stage) -> Scene:
    """Something of the same colors stays in view while the target is away."""
    x, y, scale = _return_path(stage)
    decoy = stage.actor(Constant(stage.x(0.82)), Constant(stage.y(0.2)), shape=stage.shape(0.2, 0.22, 1.0), twin=1)
    return replace(stage.scene("decoy", replace(stage.actor(x, y), scale=scale)), behind=(decoy,))


def _zoom(stage: Stage) -> Scene:
    """The target grows to 2.5 times its size and shrinks to 0.4 of it."""
    scale = Exp(Wave(0.0, math.log(2.5), 200.0))
    wander = Wave(stage.x(0.5), stage.x(0.14), 240.0, stage.phase), Wave(stage.y(0.5), stage.y(0.06), 150.0)
    return stage.scene("zoom", replace(stage.actor(*wander), scale=scale))


def _rotation(stage: Stage) -> Scene:
    """A long target turns about its center, once in 120 frames."""
    target = stage.wander(look="stripes", shape=stage.shape(0.34, 0.16, 0.5), speed=0.6)
    return stage.scene("rotation", replace(target, angle=Line(0.0, 3.0)))


def _fade(stage: Stage) -> Scene:
    """The light fades to three tenths and comes back."""
    light = stage.keys((0.0, 1.0), (0.1, 1.0), (0.5, 0.3), (0.6, 0.3), (1.0, 1.0))
    return replace(stage.scene("fade", stage.wander()), light=light)


def _shake(stage: Stage) -> Scene:
    """A hand-held camera: it pans, and trembles by a few pixels a frame."""
    tremble = stage.y(0.011)
    return replace(
        stage.scene("shake", stage.wander()),
        camera_x=Sum((Wave(0.0, stage.x(0.08), 130.0), Jitter(tremble, 2 * stage.seed))),
        camera_y=Sum((Wave(0.0, stage.y(0.06), 90.0), Jitter(tremble, 2 * stage.seed + 1))),
    )


def _noisy(stage: Stage) -> Scene:
    """A dark room: strong sensor noise."""
    return replace(stage.scene("noisy", stage.wander()), noise=stage.noise_or(22.0), light=Constant(0.7))


def _juggle(stage: Stage) -> Scene:
    """For show: a spinning ball on wide arcs, near and far, behind a post, before a moving camera."""
    round_trip, phase = 190.0, 0.62
    ball = stage.actor(
        Wave(stage.x(0.5), stage.x(0.33), round_trip, phase),
        Wave(stage.y(0.48), stage.y(0.24), 74.0, 0.1),
        shape=stage.shape(0.24, 0.24, 1.0),
    )
    ball = replace(ball, scale=Exp(Wave(0.0, math.log(1.6), round_trip, phase)), angle=Line(0.0, 2.2))
    post = stage.wall(stage.x(0.55), stage.y(0.5), stage.y(0.36), stage.y(1.3))
    return replace(
        stage.scene("juggle", ball),
        in_front=(post,),
        camera_x=Wave(0.0, stage.x(0.09), 260.0),
        camera_y=Wave(0.0, stage.y(0.06), 210.0),
    )


def _moon(stage: Stage) -> Scene:
    """For show: a gray disc, which a histogram of hue is blind to, in changing light and from an unsteady hand."""
    x = Wave(stage.x(0.5), stage.x(0.34), 230.0, 0.7)
    y = Wave(stage.y(0.46), stage.y(0.24), 128.0, 0.15)
    moon = stage.actor(x, y, look="grey", shape=stage.shape(0.26, 0.26, 1.0))
    moon = replace(moon, scale=Exp(Wave(0.0, math.log(1.35), 180.0)), angle=Line(0.0, 0.8))
    shake = _shake(stage)
    return replace(
        stage.scene("moon", moon),
        camera_x=shake.camera_x,
        camera_y=shake.camera_y,
        light=Wave(0.85, 0.15, 140.0, 0.25),
    )


def _encore(stage: Stage) -> Scene:
    """For show: a target that leaves and comes back larger, then smaller, while something of kindred colors stays."""
    x, y, scale = _return_path(stage)
    target = replace(stage.actor(x, y, shape=stage.shape(0.24, 0.24, 1.0)), scale=scale, angle=Line(0.0, 1.5))
    other = stage.actor(
        Wave(stage.x(0.8), stage.x(0.08), 170.0),
        Wave(stage.y(0.22), stage.y(0.05), 110.0),
        shape=stage.shape(0.22, 0.2, 0.3),
    )
    kindred = replace(other, paint=Paint("stripes", stage.hue + 40.0))
    return replace(stage.scene("encore", target), behind=(kindred,))


def _look(look: str) -> Callable[[Stage], Scene]:
    """A smooth path with a target of one look."""

    def build(stage: Stage) -> Scene:
        return stage.scene(look, stage.wander(look))

    return build


SCENES: Mapping[str, Callable[[Stage], Scene]] = MappingProxyType(
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
"""Every scene by name."""
