"""Position, velocity, acceleration, path length and angles of a target, with their standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.errors import ConfigError
from tracker.measure.calibration import Calibration
from tracker.measure.smoothing import Indices, Smoothing, smoothing_weights, weighted
from tracker.measure.trajectory import Array, Trajectory

_USUAL_WINDOW = 0.3
"""Seconds of the window where none is asked for."""

POINTS = {"center": (0.5, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0), "left": (0.0, 0.5), "right": (1.0, 0.5)}
"""Places of a box that can be measured, in shares of its width and height."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What was measured of one target, one row a frame; nan where it was not seen, or too shortly for derivatives.

    Places are as measured; everything else is of the smoothed path. The standard errors follow from the scatter about
    that path, taken to be chance from frame to frame: an error of the scale, or a box that lags, comes on top.

    Attributes:
        track: where it comes from.
        calibration: the units.
        smoothing: the window of the derivatives.
        x: `(n,)` place, to the right.
        y: `(n,)` place, down, or up with `calibration.y_up`.
        vx: `(n,)` velocity, units a second.
        vy: `(n,)` velocity.
        ax: `(n,)` acceleration, units a second squared.
        ay: `(n,)` acceleration.
        path: `(n,)` length of the path up to there, over the stretches in which the target was seen.
        position_error: `(n,)` standard error of the smoothed x or y.
        velocity_error: `(n,)` standard error of vx or vy.
        acceleration_error: `(n,)` standard error of ax or ay.
    """

    track: Trajectory
    calibration: Calibration
    smoothing: Smoothing
    x: Array
    y: Array
    vx: Array
    vy: Array
    ax: Array
    ay: Array
    path: Array
    position_error: Array
    velocity_error: Array
    acceleration_error: Array

    @property
    def speed(self) -> Array:
        """`(n,)` speed, units a second."""
        return np.hypot(self.vx, self.vy)

    @property
    def heading(self) -> Array:
        """`(n,)` direction of motion, degrees from the x axis toward the y axis, in (-180, 180]."""
        return np.degrees(np.arctan2(self.vy, self.vx))

    @property
    def acceleration(self) -> Array:
        """`(n,)` size of the acceleration, units a second squared."""
        return np.hypot(self.ax, self.ay)

    @property
    def distance(self) -> Array:
        """`(n,)` distance from the origin."""
        return np.hypot(self.x, self.y)

    @property
    def angle(self) -> Array:
        """`(n,)` direction in which the target is seen from the origin, as `heading`."""
        return np.degrees(np.arctan2(self.y, self.x))

    def columns(self) -> dict[str, Array | list[str | None] | list[int]]:
        """Return the table by columns, as a data frame takes it: `pandas.DataFrame(motion.columns())`."""
        count = len(self.track.times)
        return {
            "frame": self.track.frames.tolist(),
            "time": self.track.times,
            "id": [self.track.id] * count,
            "label": [self.track.label or None] * count,
            "state": [state.value if state else None for state in self.track.states],
            "unit": [self.calibration.unit] * count,
            "x": self.x,
            "y": self.y,
            "distance": self.distance,
            "angle": self.angle,
            "vx": self.vx,
            "vy": self.vy,
            "speed": self.speed,
            "heading": self.heading,
            "ax": self.ax,
            "ay": self.ay,
            "acceleration": self.acceleration,
            "path": self.path,
            "position_error": self.position_error,
            "velocity_error": self.velocity_error,
            "acceleration_error": self.acceleration_error,
        }


def usual_smoothing(track: Trajectory, order: int = 3) -> Smoothing:
    """Return the smoothing over about 0.3 s, at least `order` + 4 frames."""
    steps = np.diff(track.times)
    frames = _USUAL_WINDOW / float(np.median(steps)) if steps.size else 0.0
    return Smoothing(max(2 * int(frames / 2 + 1e-6) + 1, order + 4 + (order + 1) % 2), order)


def measure(
    track: Trajectory,
    calibration: Calibration | None = None,
    smoothing: Smoothing | None = None,
    *,
    point: str = "center",
) -> Motion:
    """Measure one target.

    Args:
        track: its way through the video.
        calibration: the units; None for pixels.
        smoothing: the window of the derivatives; None for about 0.3 s of third degree.
        point: which place of the box is measured: center, top, bottom, left or right.

    Raises:
        ConfigError: there is no such place of a box.
    """
    if point not in POINTS:
        raise ConfigError(f"a box has no place {point!r}: choose from {', '.join(POINTS)}")
    units = calibration or Calibration()
    window = smoothing or usual_smoothing(track)
    share = np.array(POINTS[point])
    places = track.boxes[:, :2] + track.boxes[:, 2:] * share
    places[~track.seen] = np.nan
    x, y = units.apply(places[:, 0], places[:, 1])
    rates = _Rates(len(x))
    for piece in track.pieces():
        rates.take(piece, track.times[piece], x[piece], y[piece], window)
    return Motion(track, units, window, x, y, *rates.results())


class _Rates:
    """Derivatives, path and errors, filled in stretch by stretch."""

    def __init__(self, count: int) -> None:
        self._values = np.full((4, count), np.nan)
        self._path = np.full(count, np.nan)
        self._gains = np.full((3, count), np.nan)
        self._traveled = 0.0
        self._squares, self._freedom = 0.0, 0.0

    def take(self, piece: slice, times: Array, x: Array, y: Array, smoothing: Smoothing) -> None:
        """Fit one stretch; one too short for a fit only adds the straight steps to the path."""
        fitting = smoothing.fitting(len(times))
        smooth = [x, y]
        if fitting is not None:
            for derivative in range(3):
                firsts, weights = smoothing_weights(times, fitting, derivative)
                values = [weighted(one, firsts, weights) for one in (x, y)]
                self._gains[derivative, piece] = np.sqrt((weights**2).sum(axis=1))
                if derivative:
                    self._values[2 * derivative - 2 : 2 * derivative, piece] = values
                else:
                    smooth = values
                    self._add_scatter(np.array([x, y]) - values, firsts, weights)
        steps = np.hypot(np.diff(smooth[0]), np.diff(smooth[1]))
        self._path[piece] = self._traveled + np.concatenate(([0.0], np.cumsum(steps)))
        self._traveled += float(steps.sum())

    def _add_scatter(self, residuals: Array, firsts: Indices, weights: Array) -> None:
        """Add squares and degrees of freedom: E Σr² = σ²·tr (I − S)ᵀ(I − S) for smoothing weights S."""
        own = weights[np.arange(len(firsts)), np.arange(len(firsts)) - firsts]
        self._squares += float((residuals**2).sum())
        self._freedom += 2 * float((1 - 2 * own + (weights**2).sum(axis=1)).sum())

    def results(self) -> tuple[Array, ...]:
        """Return vx, vy, ax, ay, path and the three errors."""
        noise = np.sqrt(self._squares / self._freedom) if self._freedom > 0 else np.nan
        return (*self._values, self._path, *(noise * self._gains))
