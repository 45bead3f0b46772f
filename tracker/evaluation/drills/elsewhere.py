"""The camera pans away from the target, and the target comes back at another place."""

from __future__ import annotations

import numpy as np

from tracker.evaluation.drills.base import EPISODE, DrillClip, Script, Shot, edited, smooth_step
from tracker.evaluation.drills.camera import CameraView, way_out
from tracker.evaluation.drills.leave import PAN, span_of
from tracker.image import Image

_FARTHER = 0.4  # of the frame's side, across the way out


def elsewhere(clip: DrillClip) -> Script:
    """The target leaves the frame for 35 frames and enters 0.4 of the frame's side from where it left."""
    begin, end = clip.begin, min(clip.begin + EPISODE, len(clip.truth))
    shift = way_out(clip, begin, end)
    across = _across(clip, end, horizontal=shift.x == 0)

    def view(row: int) -> CameraView:
        share = smooth_step(row, max(begin - PAN, 0), begin) - smooth_step(row, end - 1, end - 1 + PAN)
        aside = smooth_step(row, begin, end - 1)
        x, y = (aside * across, share * shift.y) if shift.x == 0 else (share * shift.x, aside * across)
        return CameraView(round(x), round(y))

    def edit(shot: Shot) -> Image:
        # The mirrored picture would show the target beside itself: it comes back near what is uncovered.
        return view(shot.row).image(shot.image, shot.foreign(0))

    truth = np.array([view(row).box(values, clip.width, clip.height) for row, values in enumerate(clip.truth)])
    away = np.isnan(truth[:, 0]) & ~np.isnan(clip.truth[:, 0])
    return edited(clip, span_of(away, begin, end), edit, truth)


def _across(clip: DrillClip, row: int, *, horizontal: bool) -> float:
    """Return the shift across the way out, px: toward the side of the frame on which there is room for the target."""
    side = clip.width if horizontal else clip.height
    known = [box for later in range(row - 1, -1, -1) if (box := clip.box(later)) is not None]
    center = known[0].center[0 if horizontal else 1]
    return _FARTHER * side * (1 if center < side / 2 else -1)
