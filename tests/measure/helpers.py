"""What the tests of measuring share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker import Tracker
from tracker.measure import Trajectory
from tracker.tracking.result import TrackState
from tracker.video.span import Span
from tracker.video.synthetic.motion import Curve
from tracker.video.synthetic.scene_builder import SceneBuilder
from tracker.video.synthetic.source import SyntheticSource

T, L = TrackState.TRACKING, TrackState.LOST


def track_of(
    x: Sequence[float], y: Sequence[float], times: Sequence[float], states: Sequence[TrackState | None] | None = None
) -> Trajectory:
    """A target of 20 x 10 pixels whose center goes through these places."""
    count = len(times)
    boxes = np.stack([np.asarray(x) - 10, np.asarray(y) - 5, np.full(count, 20), np.full(count, 10)], axis=1)
    return Trajectory(
        id=0,
        label="",
        frames=np.arange(count),
        times=np.asarray(times, float),
        boxes=boxes.astype(float),
        states=tuple(states or [T] * count),
        confidences=np.full(count, 0.9),
    )


@dataclass(frozen=True)
class Of:
    """A curve of a scene, from a function of seconds."""

    place: Callable[[float], float]
    fps: float

    def __call__(self, frame: int) -> float:
        return self.place(frame / self.fps)


def follow(x: Callable[[float], float], y: Callable[[float], float], frames: int, fps: float) -> Trajectory:
    """Render a disc that moves as given (pixels over seconds), and follow it by the default preset."""
    builder = SceneBuilder(seed=2, frames=frames, width=640, height=400, fps=fps)
    across: Curve = Of(x, fps)
    down: Curve = Of(y, fps)
    actor = builder.actor(across, down, shape=builder.shape(0.12, 0.12, 1.0))
    source = SyntheticSource(replace(builder.scene("moving", actor)), Span())
    tracker = Tracker()
    rows = []
    for frame in source:
        first = frame.index == 0
        result = tracker.init(frame.image, source.truth(0)) if first else tracker.update(frame.image, frame.timestamp)
        rows.append((frame.index, frame.timestamp, tuple(result.box), result.state, result.confidence))
    numbers, times, boxes, states, confidences = zip(*rows, strict=True)
    return Trajectory(
        0, "", np.array(numbers), np.array(times), np.array(boxes, float), tuple(states), np.array(confidences)
    )


def pendulum(length: float, gravity: float, amplitude: float) -> tuple[Callable[[float], float], float]:
    """The angle of a pendulum over time, in radians, and its true period: θ″ = −g/l·sin θ, by Runge and Kutta."""
    step = 1e-4
    angles, angle, rate = [amplitude], amplitude, 0.0

    def turn(theta: float) -> float:
        return -gravity / length * math.sin(theta)

    for _ in range(60_000):
        k1, l1 = rate, turn(angle)
        k2, l2 = rate + step / 2 * l1, turn(angle + step / 2 * k1)
        k3, l3 = rate + step / 2 * l2, turn(angle + step / 2 * k2)
        k4, l4 = rate + step * l3, turn(angle + step * k3)
        angle += step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        rate += step / 6 * (l1 + 2 * l2 + 2 * l3 + l4)
        angles.append(angle)
    # The exact period, by the arithmetic-geometric mean of Gauss.
    a, b = 1.0, math.cos(amplitude / 2)
    for _ in range(8):
        a, b = (a + b) / 2, math.sqrt(a * b)
    period = 2 * math.pi * math.sqrt(length / gravity) / a
    times, values = np.arange(len(angles)) * step, np.array(angles)
    return lambda seconds: float(np.interp(seconds, times, values)), period
