"""The camera pans away from the target and back."""

from __future__ import annotations

import numpy as np

from tracker.evaluation.drills.base import EPISODE, DrillClip, Episode, Script, Shot, edited, smooth_step
from tracker.evaluation.drills.camera import CameraView, way_out
from tracker.image import Image

PAN = 15
"""Frames in which the camera turns away, and back."""


def leave(clip: DrillClip) -> Script:
    """The target leaves the frame over its nearest edge, stays away for 35 frames, and enters where it left."""
    begin, end = clip.begin, min(clip.begin + EPISODE, len(clip.truth))
    shift = way_out(clip, begin, end)

    def view(row: int) -> CameraView:
        share = smooth_step(row, max(begin - PAN, 0), begin) - smooth_step(row, end - 1, end - 1 + PAN)
        return CameraView(round(share * shift.x), round(share * shift.y))

    def edit(shot: Shot) -> Image:
        return view(shot.row).image(shot.image, shot.foreign(0) if shift.mirrors else None)

    truth = np.array([view(row).box(values, clip.width, clip.height) for row, values in enumerate(clip.truth)])
    away = np.isnan(truth[:, 0]) & ~np.isnan(clip.truth[:, 0])
    return edited(clip, span_of(away, begin, end), edit, truth)


def span_of(away: np.ndarray, begin: int, end: int) -> Episode:
    """Return the rows about [begin, end) in which the target is away, gaps in its truth included."""
    while begin > 1 and away[begin - 1]:
        begin -= 1
    while end < len(away) and away[end]:
        end += 1
    return Episode(begin, end, absent=True)
