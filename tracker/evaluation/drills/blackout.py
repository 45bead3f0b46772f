"""The signal fails: the frames are black."""

from __future__ import annotations

import numpy as np

from tracker.evaluation.drills.base import DrillClip, Script, Shot, edited, usual_episode
from tracker.image import Image


def blackout(clip: DrillClip) -> Script:
    """35 frames are black, while the target moves on."""
    episode = usual_episode(clip, absent=True)

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        return np.zeros_like(image) if episode.begin <= row < episode.end else image

    return edited(clip, episode, edit)
