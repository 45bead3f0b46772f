"""Curves over the frames: a coordinate, a size, the light or another quantity of a scene.

Every curve is a frozen value and a pure function of the frame number, so that a scene has random access.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Curve(Protocol):
    """A number for every frame."""

    def __call__(self, frame: int) -> float:
        """Return the value at the 0-based `frame`."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value in every frame."""

    value: float

    def __call__(self, frame: int) -> float:
        """Return the value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Linear:
    """Uniform motion: `start` at frame 0, then `step` more with every frame."""

    start: float
    step: float

    def __call__(self, frame: int) -> float:
        """Return start + step · frame."""
        return self.start + self.step * frame


@dataclass(frozen=True, slots=True)
class Wave:
    """A sine about `middle`; `period` in frames, `phase` in turns. Its fastest step is 2π·amplitude/period a frame."""

    middle: float
    amplitude: float
    period: float
    phase: float = 0.0

    def __call__(self, frame: int) -> float:
        """Return middle + amplitude · sin(2π (frame/period + phase))."""
        return self.middle + self.amplitude * math.sin(2 * math.pi * (frame / self.period + self.phase))


@dataclass(frozen=True, slots=True)
class Keys:
    """Values at key frames with a smooth step (3u² − 2u³) between them; two keys a frame apart make a jump.

    Attributes:
        frames: key frames, ascending.
        values: the value at each.
    """

    frames: tuple[int, ...]
    values: tuple[float, ...]

    def __call__(self, frame: int) -> float:
        """Return the value at `frame`; before the first and after the last key it stays."""
        place = float(np.interp(frame, self.frames, range(len(self.frames))))
        before = min(int(place), len(self.frames) - 2)
        u = place - before
        start, stop = self.values[before : before + 2]
        return start + (stop - start) * u * u * (3 - 2 * u)


@dataclass(frozen=True, slots=True)
class Jitter:
    """Independent Gaussian noise in every frame, of standard deviation `sigma`; none in frame 0."""

    sigma: float
    seed: int

    def __call__(self, frame: int) -> float:
        """Return the noise of `frame`, always the same for one seed."""
        return self.sigma * float(np.random.default_rng((self.seed, frame)).standard_normal()) if frame else 0.0


@dataclass(frozen=True, slots=True)
class Sum:
    """Several curves added."""

    parts: tuple[Curve, ...]

    def __call__(self, frame: int) -> float:
        """Return the sum of the parts at `frame`."""
        return sum(part(frame) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Exp:
    """e to the power of a curve: for sizes, which grow and shrink by factors."""

    of: Curve

    def __call__(self, frame: int) -> float:
        """Return exp(of(frame))."""
        return math.exp(self.of(frame))


ZERO = Constant(0.0)
ONE = Constant(1.0)
