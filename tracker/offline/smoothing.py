"""Finished tracks without the jitter of single frames.

Place and size (its logarithm) of the sure frames are fitted by natural cubic smoothing splines over time. Such a spline
is the best estimate, from all frames before and after, of a point that random accelerations push about: it is what a
Rauch-Tung-Striebel smoother of constant velocity gives (Wahba 1978, "Improper priors, spline smoothing and the problem
of guarding against model errors in regression"). How stiff it is follows from the scatter of the track itself, by
generalized cross-validation (Craven & Wahba 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tracker.geometry import Box
from tracker.offline.joining import Seen

SMOOTHED = "smoothed"
"""Reason of a TRACKING frame whose box is a smoothed one; others keep the reason that they have."""

_LONGEST_GAP = 1.0
"""Seconds without a sure frame that a spline goes across; beyond, it begins anew."""
_FEWEST = 8
"""Sure frames that a spline is fitted to, at least."""
_MOST = 4000
"""Frames of one spline: long tracks are fitted in parts, so that a calm one does not decide for a wild one."""


def smoothed(track: Sequence[Seen]) -> list[Seen]:
    """Return a track with smoothed boxes, states and confidences as they were.

    OCCLUDED and LOST frames between two sure ones at most a second apart get the box on the curve between them.
    Rotated boxes keep their size and angle, and move with the others.
    """
    found = list(track)
    sure = [row for row, one in enumerate(found) if one.result.ok]
    for rows in _parts(found, sure):
        times = np.array([found[row].timestamp for row in rows])
        if len(rows) < _FEWEST or np.any(np.diff(times) <= 0):
            continue
        boxes = np.array([_coordinates(found[row].result.box) for row in rows])
        inside = np.arange(rows[0], rows[-1] + 1)
        at = np.array([found[row].timestamp for row in inside])
        curves = np.stack([_curve(times, boxes[:, axis], at) for axis in range(4)], axis=1)
        for row, (x, y, width, height) in zip(inside, curves.tolist(), strict=True):
            found[row] = _with_box(found[row], Box.around(x, y, float(np.exp(width)), float(np.exp(height))))
    return found


def _parts(track: Sequence[Seen], sure: Sequence[int]) -> list[list[int]]:
    """Return the sure rows in parts that have no long gap."""
    parts: list[list[int]] = []
    for row in sure:
        near = parts and track[row].timestamp - track[parts[-1][-1]].timestamp <= _LONGEST_GAP
        if near and len(parts[-1]) < _MOST:
            parts[-1].append(row)
        else:
            parts.append([row])
    return parts


def _curve(times: NDArray[np.float64], values: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the smoothing spline of values over time, at other times between the first and the last."""
    from scipy.interpolate import make_smoothing_spline  # half a second, for those that smooth

    if np.ptp(values) == 0:
        return np.full(len(at), values[0])
    # In units of a frame, as the search for the stiffness begins at one scale.
    step = float(np.median(np.diff(times)))
    spline = make_smoothing_spline((times - times[0]) / step, values)
    return np.asarray(spline((at - times[0]) / step), np.float64)


def _coordinates(box: Box) -> tuple[float, float, float, float]:
    x, y = box.center
    return x, y, float(np.log(box.width)), float(np.log(box.height))


def _with_box(one: Seen, box: Box) -> Seen:
    result = one.result
    turned = result.rotated_box
    if turned is not None:
        (old_x, old_y), (x, y) = result.box.center, box.center
        turned = replace(turned, center_x=turned.center_x + x - old_x, center_y=turned.center_y + y - old_y)
    reason = result.reason or SMOOTHED
    return replace(one, result=replace(result, box=box, rotated_box=turned, reason=reason))
