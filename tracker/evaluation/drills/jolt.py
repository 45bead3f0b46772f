"""The camera is pushed."""

from __future__ import annotations

import math

import numpy as np

from tracker.evaluation.drills.base import DrillClip, Script, Shot, edited, usual_episode
from tracker.evaluation.drills.camera import CameraView
from tracker.image import Image

_REACH = 0.7  # of the target's size, in the first frame
_DECAY = 4.0  # frames
_LENGTH = 20  # frames


def jolt(clip: DrillClip) -> Script:
    """The picture jumps by 0.7 of the target's size and swings back and forth for 20 frames; the target is there."""
    episode = usual_episode(clip, absent=False, length=_LENGTH)
    angle = clip.random().uniform(0.0, 2 * math.pi)
    size = math.sqrt(float(np.nanmedian(clip.truth[:, 2] * clip.truth[:, 3])))

    def view(row: int) -> CameraView:
        since = row - episode.begin
        if not 0 <= since < episode.end - episode.begin:
            return CameraView()
        reach = _REACH * size * math.cos(math.pi * since) * math.exp(-since / _DECAY)
        return CameraView(round(reach * math.cos(angle)), round(reach * math.sin(angle)))

    def edit(shot: Shot) -> Image:
        return view(shot.row).image(shot.image)

    truth = np.array([view(row).box(values, clip.width, clip.height) for row, values in enumerate(clip.truth)])
    return edited(clip, episode, edit, truth)
