"""The camera zooms in on the target and out again."""

from __future__ import annotations

import numpy as np

from tracker.evaluation.drills.base import EPISODE, SLIDE, DrillClip, Script, Shot, edited, smooth_step, usual_episode
from tracker.evaluation.drills.camera import CameraView
from tracker.geometry import Box
from tracker.image import Image

_FACTOR = 1.6


def zoom(clip: DrillClip) -> Script:
    """The picture grows to 1.6 times its size about the target within 8 frames, and shrinks back after 35."""
    episode = usual_episode(clip, absent=False, length=EPISODE + SLIDE)
    box = next((seen for row in range(clip.begin, -1, -1) if (seen := clip.box(row)) is not None), None)
    x, y = (box or Box(0, 0, clip.width, clip.height)).center

    def view(row: int) -> CameraView:
        share = smooth_step(row, episode.begin - 1, episode.begin - 1 + SLIDE)
        share -= smooth_step(row, episode.end - SLIDE, episode.end)
        scale = 1 + (_FACTOR - 1) * share
        return CameraView((1 - scale) * x, (1 - scale) * y, scale)

    def edit(shot: Shot) -> Image:
        return view(shot.row).image(shot.image)

    truth = np.array([view(row).box(values, clip.width, clip.height) for row, values in enumerate(clip.truth)])
    return edited(clip, episode, edit, truth)
