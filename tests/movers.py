"""Rendered scenes with exact truth in which things come in and leave, before a camera that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from tracker.geometry import Box
from tracker.image import Image
from tracker.video.synthetic.motion import Constant, Keys, Wave
from tracker.video.synthetic.scene import Renderer, Scene
from tracker.video.synthetic.scene_builder import SceneBuilder
from tracker.video.synthetic.texture import Paint

ORANGE = (0, 136, 255)
"""FF8800."""


def visitors(seed: int, frames: int = 230, *, width: int = 640, noise: float = 2.0) -> Scene:
    """Three things, two of the same colors, that come in one after another, cross the picture and leave it."""
    stage = SceneBuilder(seed=seed, frames=frames, width=width, height=width * 9 // 16, noise=noise)
    x, y, away = stage.x, stage.y, stage.x(0.12)
    first = stage.actor(
        Keys((30, 130), (-away, x(1) + away)), Wave(y(0.25), y(0.04), 80.0, stage.phase), shape=stage.shape(0.2, 0.2)
    )
    second = stage.actor(
        Keys((50, 190), (x(1) + away, -away)), Constant(y(0.53)), twin=1, shape=stage.shape(0.14, 0.22)
    )
    third = stage.actor(
        Wave(x(0.6), x(0.08), 200.0), Keys((70, 120, 150, 190), (y(1.2), y(0.8), y(0.8), y(1.2))), twin=5,
        shape=stage.shape(0.25, 0.16),
    )  # fmt: skip
    third = replace(third, paint=replace(third.paint, hue=third.paint.hue + 80.0))
    return replace(stage.scene("visitors", first), also=(second, third))


def empty(seed: int, noise: float) -> Scene:
    """The background alone, 320 x 180."""
    stage = SceneBuilder(seed=seed, frames=10_000, width=320, height=180, noise=noise)
    return stage.scene("empty", stage.actor(Constant(-500.0), Constant(-500.0)))


def pictures(scene: Scene) -> Iterator[Image]:
    renderer = Renderer(scene)
    return (renderer.image(index) for index in range(scene.frames))


def ground(seed: int = 0, width: int = 320, height: int = 180) -> Image:
    """A muted blue background."""
    return _ground(seed, width, height).copy()


@cache
def _ground(seed: int, width: int, height: int) -> Image:
    return Paint("ground", 205.0).apply(seed, height, width)


def with_balls(image: Image, balls: list[tuple[float, float, float]], color: tuple[int, int, int] = ORANGE) -> Image:
    """Return a copy with discs (x, y, radius), lighter on one side and darker on the other."""
    picture = image.copy()
    for x, y, radius in balls:
        cv2.circle(picture, (round(x * 16), round(y * 16)), round(radius * 16), color, -1, cv2.LINE_AA, shift=4)
    rows, columns = np.nonzero((picture != image).any(axis=2))
    light = np.linspace(1.1, 0.7, image.shape[0])[rows, None]
    picture[rows, columns] = np.clip(picture[rows, columns] * light, 0, 255).astype(np.uint8)
    return picture


def noisy(image: Image, seed: int, sigma: float = 3.0) -> Image:
    rng = np.random.default_rng(seed)
    return np.clip(image + rng.normal(0.0, sigma, image.shape), 0, 255).astype(np.uint8)


def box_of(ball: tuple[float, float, float]) -> Box:
    x, y, radius = ball
    return Box.around(x, y, 2 * radius, 2 * radius)
