"""The settings common to all named scenes, and the parts they are built from: targets, paths, walls, background."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.video.synthetic.motion import Constant, Curve, Keys, Wave
from tracker.video.synthetic.scene import Scene
from tracker.video.synthetic.sprite import Actor, Shape
from tracker.video.synthetic.texture import Paint


@dataclass(frozen=True, slots=True)
class SceneBuilder:
    """The settings of a scene and its usual parts; lengths inside a scene follow the size of the frame.

    Attributes:
        seed: seed of textures, colors and the phase of motion; ≥ 0.
        frames: length of the scene; events inside it (leaving, hiding) stretch with it, speeds do not.
        width: of the frame, px.
        height: of the frame, px.
        fps: frames per second of the timestamps.
        look: texture of the target (a key of `LOOKS`), None for the scene's own.
        noise: standard deviation of the sensor noise in gray levels, None for the scene's own.
    """

    seed: int = 0
    frames: int = 200
    width: int = 640
    height: int = 360
    fps: float = 25.0
    look: str | None = None
    noise: float | None = None

    @property
    def hue(self) -> float:
        """Hue of the target in degrees: golden-angle steps, so that neighboring seeds look different."""
        return (24.0 + 137.508 * self.seed) % 360.0

    @property
    def phase(self) -> float:
        """The phase of periodic motion at frame 0, in turns."""
        return (0.618034 * self.seed) % 1.0

    def x(self, share: float) -> float:
        """A share of the frame's width in pixels."""
        return share * self.width

    def y(self, share: float) -> float:
        """A share of the frame's height in pixels."""
        return share * self.height

    def keys(self, *stops: tuple[float, float]) -> Keys:
        """A curve through (share of the scene's duration, value); two stops at one share make a jump."""
        frames: list[int] = []
        for share, _ in stops:
            frame = int(share * (self.frames - 1))
            frames.append(max(frame, frames[-1] + 1) if frames else frame)
        return Keys(tuple(frames), tuple(value for _, value in stops))

    def actor(self, x: Curve, y: Curve, *, look: str = "patches", shape: Shape | None = None, twin: int = 0) -> Actor:
        """A target-like actor; `twin` > 0 draws the same colors in another pattern."""
        paint = Paint(self.look or look, self.hue)
        return Actor(shape or self.shape(0.22, 0.20), paint, 7 * self.seed + 3 + twin, x, y)

    def shape(self, width: float, height: float, corner: float = 0.4) -> Shape:
        """A shape given in shares of the frame's height."""
        return Shape(self.y(width), self.y(height), corner)

    def wall(self, x: float, y: float, width: float, height: float) -> Actor:
        """An occluder painted as boards: center and size in pixels."""
        paint = Paint("wall", self.hue + 120.0)
        return Actor(Shape(width, height, 0.0), paint, 7 * self.seed + 5, Constant(x), Constant(y))

    def scene(self, name: str, target: Actor) -> Scene:
        """The plain scene: target before a background of other colors."""
        opposite = 190.0 if target.paint.look == "red" else self.hue + 180.0
        backdrop = Paint("ground", opposite)
        size = (self.width, self.height)
        return Scene(name, self.seed, *size, self.frames, self.fps, backdrop, target, noise=self.noise_or(own=2.0))

    def noise_or(self, own: float) -> float:
        """The noise asked for, else the scene's own."""
        return own if self.noise is None else self.noise

    def wander(self, look: str = "patches", shape: Shape | None = None, speed: float = 1.0) -> Actor:
        """A target on a smooth closed path through the middle of the frame, at 2 to 6 px a frame for `speed` 1."""
        x = Wave(self.x(0.5), self.x(0.3), 240.0 / speed, self.phase)
        y = Wave(self.y(0.5), self.y(0.22), 150.0 / speed, self.phase)
        return self.actor(x, y, look=look, shape=shape)
