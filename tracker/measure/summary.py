"""What a motion comes to in a few numbers: way, speed, a constant acceleration, a period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.measure.motion import Motion
from tracker.measure.smoothing import smoothing_weights, weighted
from tracker.measure.trajectory import Array

_LEAST = 6
"""Frames that a parabola is fitted to, at least."""
_ALIKE = 0.1
"""Times between crossings of the middle differ by less than this share, where a motion has a period."""


@dataclass(frozen=True, slots=True)
class MotionSummary:
    """The numbers, in the motion's units and seconds; None where they mean nothing.

    Attributes:
        frames: rows of the table.
        seen: share of them in which the target was seen.
        seconds: from the first to the last row in which it was seen.
        path: length of the path.
        displacement: distance between its ends.
        mean_speed: path over the time in which it was seen.
        top_speed: highest speed.
        constant_acceleration: (x, y) of a parabola fitted to the longest stretch, and the standard error of each: the
            answer for a fall or a throw.
        scatter: standard deviation of the places about that parabola; much more than the error of a place where the
            acceleration is not constant.
        period: seconds of an oscillation, None where there is none.
    """

    frames: int
    seen: float
    seconds: float
    path: float
    displacement: float
    mean_speed: float
    top_speed: float
    constant_acceleration: tuple[float, float, float] | None
    scatter: float | None
    period: float | None


def summarize(motion: Motion) -> MotionSummary:
    """Return the numbers of a motion."""
    track, seen = motion.track, motion.track.seen
    rows = np.flatnonzero(seen)
    if not rows.size:
        return MotionSummary(len(seen), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, None, None, None)
    first, last = rows[0], rows[-1]
    path = float(np.nanmax(motion.path))
    moving = sum(float(track.times[piece.stop - 1] - track.times[piece.start]) for piece in track.pieces())
    longest = max(track.pieces(), key=lambda piece: piece.stop - piece.start)
    fit = _parabola(track.times[longest], motion.x[longest], motion.y[longest])
    return MotionSummary(
        frames=len(seen),
        seen=float(seen.mean()),
        seconds=float(track.times[last] - track.times[first]),
        path=path,
        displacement=float(np.hypot(motion.x[last] - motion.x[first], motion.y[last] - motion.y[first])),
        mean_speed=path / moving if moving > 0 else 0.0,
        top_speed=float(np.nanmax(motion.speed)) if np.isfinite(motion.speed).any() else 0.0,
        constant_acceleration=fit and fit[0],
        scatter=fit and fit[1],
        period=_period(motion, longest),
    )


def _parabola(times: Array, x: Array, y: Array) -> tuple[tuple[float, float, float], float] | None:
    """Return the acceleration (x, y, standard error of each) of a least-squares parabola, and the scatter about it."""
    if len(times) < _LEAST:
        return None
    t = times - times.mean()
    powers = np.stack([np.ones_like(t), t, t * t / 2], axis=1)
    inverse = np.linalg.pinv(powers)
    fits = [inverse @ values for values in (x, y)]
    residuals = np.array([values - powers @ fit for values, fit in zip((x, y), fits, strict=True)])
    scatter = float(np.sqrt((residuals**2).sum() / (2 * (len(t) - 3))))
    error = scatter * float(np.sqrt((inverse[2] ** 2).sum()))
    return (float(fits[0][2]), float(fits[1][2]), error), scatter


def _period(motion: Motion, piece: slice) -> float | None:
    """Return the mean time between upward crossings of the middle, along the direction of the widest motion."""
    fitting = motion.smoothing.fitting(piece.stop - piece.start)
    if fitting is None:
        return None
    times = motion.track.times[piece]
    firsts, weights = smoothing_weights(times, fitting, 0)
    places = np.stack([weighted(values[piece], firsts, weights) for values in (motion.x, motion.y)], axis=1)
    places -= (places.max(axis=0) + places.min(axis=0)) / 2
    along = places @ np.linalg.svd(places, full_matrices=False)[2][0]
    half = np.ptp(along) / 2
    if half <= 0:
        return None
    crossings = _upward(times, along - (along.max() + along.min()) / 2, half / 2)
    if len(crossings) < 2:
        return None
    gaps = np.diff(crossings)
    if np.ptp(gaps) > _ALIKE * gaps.mean():
        return None
    return float((crossings[-1] - crossings[0]) / (len(crossings) - 1))


def _upward(times: Array, values: Array, reach: float) -> list[float]:
    """Return when `values` cross 0 upward, each time after having been below -`reach`, and reach `reach` after it."""
    found: list[float] = []
    crossing: float | None = None
    low = False
    for index in range(1, len(values)):
        before, after = values[index - 1], values[index]
        low = low or before <= -reach
        if low and before < 0 <= after:
            share = before / (before - after)
            crossing = float(times[index - 1] + share * (times[index] - times[index - 1]))
        if crossing is not None and after >= reach:
            found.append(crossing)
            crossing, low = None, False
    return found
