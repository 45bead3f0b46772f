"""A scene and its renderer: settings, truth and pictures, each a pure function of the frame number."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tracker.geometry import Box
from tracker.image import Image
from tracker.video.synthetic.motion import ONE, ZERO, Curve
from tracker.video.synthetic.sprite import Actor, Sprite, extent, visible_share
from tracker.video.synthetic.texture import Paint

VISIBLE_FROM = 0.05
"""Visible share of a target's area from which it counts as present; an annotator would draw no box around less."""

_BORDER = 96
"""Pixels of background beyond each edge of the frame; a camera that goes further sees it mirrored."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that decides the pictures of a scene.

    Attributes:
        name: its name.
        seed: draws the background and the sensor noise.
        width: of the frame, px.
        height: of the frame, px.
        frames: number of frames.
        fps: frames per second.
        backdrop: paint of the background.
        target: the actor to follow.
        also: further targets, each in front of those before it and behind `target`.
        behind: actors that the targets pass in front of.
        in_front: actors that hide the targets.
        camera_x: how far the camera has moved to the right, px.
        camera_y: how far the camera has moved down, px.
        light: factor on all colors.
        noise: standard deviation of the sensor noise, gray levels.
    """

    name: str
    seed: int
    width: int
    height: int
    frames: int
    fps: float
    backdrop: Paint
    target: Actor
    also: tuple[Actor, ...] = ()
    behind: tuple[Actor, ...] = ()
    in_front: tuple[Actor, ...] = ()
    camera_x: Curve = ZERO
    camera_y: Curve = ZERO
    light: Curve = ONE
    noise: float = 2.0

    @property
    def targets(self) -> tuple[Actor, ...]:
        """Everything that has a truth: `target` first, then `also`."""
        return self.target, *self.also

    def truth(self, frame: int, target: int = 0) -> Box | None:
        """Return the tight box of a target in `frame`, clipped to the frame; None while it is hidden or away.

        A target that is partly hidden by something else keeps its whole box. `target` counts in `targets`.
        """
        x, y = self.camera_x(frame), self.camera_y(frame)
        actor = self.targets[target]
        pose = actor.pose(frame).moved(-x, -y)
        painted = (*self.also, self.target, *self.in_front)
        over = painted[target:] if target else self.in_front
        covers = [(cover.shape, cover.pose(frame).moved(-x, -y)) for cover in over]
        if visible_share(actor.shape, pose, (self.width, self.height), covers) < VISIBLE_FROM:
            return None
        return extent(actor.shape, pose).clipped(self.width, self.height)


class Renderer:
    """Paints the frames of a scene; holds its textures, drawn once."""

    def __init__(self, scene: Scene) -> None:
        """Draw the textures of `scene`."""
        self._scene = scene
        size = (scene.height + 2 * _BORDER, scene.width + 2 * _BORDER)
        self._backdrop = scene.backdrop.apply(scene.seed, *size)
        self._actors = [(actor, Sprite(actor)) for actor in (*scene.behind, *scene.also, scene.target, *scene.in_front)]
        # One plate of noise, cut at another place in every frame: drawing it anew would cost more than all the rest.
        rng = np.random.default_rng((scene.seed, 1))
        plate = rng.standard_normal((scene.height + 64, scene.width + 64, 3), np.float32)
        self._noise = np.rint(plate * scene.noise).astype(np.int16)

    def image(self, frame: int) -> Image:
        """Return the picture of the 0-based `frame`, `(height, width, 3) uint8` BGR, a fresh array."""
        scene = self._scene
        x, y = scene.camera_x(frame), scene.camera_y(frame)
        view = np.array([[1.0, 0.0, x + _BORDER], [0.0, 1.0, y + _BORDER]])
        image: Image = cv2.warpAffine(  # type: ignore[assignment]
            self._backdrop,
            view,
            (scene.width, scene.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        for actor, sprite in self._actors:
            sprite.paint(image, actor.pose(frame).moved(-x, -y))
        return self._exposed(image, frame)

    def _exposed(self, image: Image, frame: int) -> Image:
        """Apply light and sensor noise."""
        light = self._scene.light(frame)
        if light != 1.0:
            image = cv2.convertScaleAbs(image, alpha=light)  # type: ignore[assignment]
        if not self._scene.noise:
            return image
        left, top = np.random.default_rng((self._scene.seed, 2, frame)).integers(0, 64, 2)
        noise = self._noise[top : top + image.shape[0], left : left + image.shape[1]]
        return cv2.add(image, noise, dtype=cv2.CV_8U)  # type: ignore[return-value]
