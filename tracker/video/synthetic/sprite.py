"""Textured shapes: their poses, their extent, and their painting with smooth edges at sub-pixel places."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.geometry import Box
from tracker.image import Image
from tracker.video.synthetic.motion import ONE, ZERO, Curve
from tracker.video.synthetic.texture import Field, Paint

_OVERSAMPLING = 2
"""Texture pixels per frame pixel at scale 1, in each direction."""

_LEVELS = 4
"""Halved copies of a texture kept, so that a small drawing averages the texture instead of skipping over it."""

_MARGIN = 16
"""Transparent texture pixels around a shape: 1 or more at the coarsest level."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A rounded rectangle: width and height in pixels, `corner` from 0 (sharp) to 1 (a disc, if width is height)."""

    width: float
    height: float
    corner: float = 0.3

    @property
    def radius(self) -> float:
        """Radius of the corners, px."""
        return self.corner * min(self.width, self.height) / 2

    def distance(self, u: Field, v: Field) -> Field:
        """Signed distance of points (relative to the center, px) from the edge; negative inside."""
        across = np.abs(u) - (self.width / 2 - self.radius)
        down = np.abs(v) - (self.height / 2 - self.radius)
        outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
        return (outside + np.minimum(np.maximum(across, down), 0) - self.radius).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Pose:
    """The place of a shape: center in continuous frame pixels, scale, and angle in degrees clockwise on the screen."""

    x: float
    y: float
    scale: float
    angle: float

    def matrix(self) -> NDArray[np.float64]:
        """The `(2, 3)` map from shape pixels (relative to its center) to the frame."""
        turn = math.radians(self.angle)
        cos, sin = self.scale * math.cos(turn), self.scale * math.sin(turn)
        return np.array([[cos, -sin, self.x], [sin, cos, self.y]])

    def moved(self, x: float, y: float) -> Pose:
        """Return the pose shifted by (`x`, `y`)."""
        return Pose(self.x + x, self.y + y, self.scale, self.angle)


@dataclass(frozen=True, slots=True)
class Actor:
    """A painted shape and its path through the scene.

    Attributes:
        shape: its outline at scale 1.
        paint: its colors.
        seed: draws the texture.
        x: center, px from the left of the world (the frame, while the camera does not move).
        y: center, px from the top.
        scale: factor on the shape's size.
        angle: degrees clockwise on the screen.
    """

    shape: Shape
    paint: Paint
    seed: int
    x: Curve
    y: Curve
    scale: Curve = ONE
    angle: Curve = ZERO

    def pose(self, frame: int) -> Pose:
        """Return where the actor is in the world at `frame`."""
        return Pose(self.x(frame), self.y(frame), self.scale(frame), self.angle(frame))


def extent(shape: Shape, pose: Pose) -> Box:
    """Return the tight axis-aligned box of a turned rounded rectangle: the turned inner rectangle plus the radius."""
    turn = math.radians(pose.angle)
    cos, sin, radius = abs(math.cos(turn)), abs(math.sin(turn)), shape.radius
    half_width, half_height = shape.width / 2 - radius, shape.height / 2 - radius
    width = 2 * pose.scale * (half_width * cos + half_height * sin + radius)
    height = 2 * pose.scale * (half_width * sin + half_height * cos + radius)
    return Box.around(pose.x, pose.y, width, height)


def visible_share(target: Shape, pose: Pose, frame_size: tuple[int, int], covers: list[tuple[Shape, Pose]]) -> float:
    """Return the share of the target's area that lies in the frame and under none of the covers, in [0, 1].

    Measured on a grid of points over the target. `frame_size` is (width, height).
    """
    steps = (np.arange(48, dtype=np.float32) + 0.5) / 48 - 0.5
    grid = np.meshgrid(steps * target.width, steps * target.height)
    u, v = (axis.ravel().astype(np.float32) for axis in grid)
    inside = target.distance(u, v) <= 0
    x, y = pose.matrix() @ np.stack([u[inside], v[inside], np.ones(int(inside.sum()))])
    seen = (x >= 0) & (x < frame_size[0]) & (y >= 0) & (y < frame_size[1])
    for shape, cover in covers:
        back = cv2.invertAffineTransform(cover.matrix())
        cover_u, cover_v = (back @ np.stack([x, y, np.ones_like(x)])).astype(np.float32)
        seen &= shape.distance(cover_u, cover_v) > 0
    return float(seen.mean())


class Sprite:
    """The texture of an actor with its transparency, ready to be painted."""

    def __init__(self, actor: Actor) -> None:
        """Draw the texture at all levels."""
        self._shape = actor.shape
        unit = 2 ** (_LEVELS - 1)
        height, width = (
            math.ceil(side * _OVERSAMPLING / unit) * unit + 2 * _MARGIN
            for side in (actor.shape.height, actor.shape.width)
        )
        v, u = ((np.arange(n, dtype=np.float32) + 0.5 - n / 2) / _OVERSAMPLING for n in (height, width))
        distance = actor.shape.distance(*np.meshgrid(u, v)) * _OVERSAMPLING
        alpha = np.clip(0.5 - distance, 0.0, 1.0)[:, :, None]
        texture = actor.paint.apply(actor.seed, height, width)
        # Colors are averaged with their opacity as weight; else color from outside the shape would bleed in.
        levels = [np.concatenate([texture * alpha, alpha], axis=2, dtype=np.float32)]
        for _ in range(_LEVELS - 1):
            above = levels[-1]
            half = above.reshape(above.shape[0] // 2, 2, above.shape[1] // 2, 2, 4).mean(axis=(1, 3))
            levels.append(half)
        self._levels = levels

    def paint(self, image: Image, pose: Pose) -> None:
        """Paint onto `image`, in place, at `pose` in frame pixels."""
        box = extent(self._shape, pose).clipped(image.shape[1], image.shape[0])
        left, top = max(math.floor(box.x) - 1, 0), max(math.floor(box.y) - 1, 0)
        region = image[top : math.ceil(box.bottom) + 1, left : math.ceil(box.right) + 1]
        if box.area <= 0 or not region.size:
            return
        level, per_pixel = self._level(pose.scale)
        to_region = pose.moved(-left, -top).matrix()
        center = np.array([level.shape[1] / 2, level.shape[0] / 2])
        linear = to_region[:, :2] / per_pixel
        # OpenCV's pixel i has its center at i, ours at i + 0.5.
        offset = to_region[:, 2] + linear @ (0.5 - center) - 0.5
        layer = cv2.warpAffine(level, np.column_stack([linear, offset]), region.shape[1::-1], flags=cv2.INTER_LINEAR)
        region[:] = np.rint(layer[:, :, :3] + region * (1.0 - layer[:, :, 3:]))

    def _level(self, scale: float) -> tuple[NDArray[np.float32], float]:
        """Return the level whose texture pixels are nearest to frame pixels, and its texture pixels per shape pixel."""
        wanted = round(math.log2(_OVERSAMPLING / max(scale, 1e-3)))
        index = min(max(wanted, 0), len(self._levels) - 1)
        return self._levels[index], _OVERSAMPLING / 2**index
