"""A film fades over to another scene and back."""

from __future__ import annotations

import cv2
import numpy as np

from tracker.evaluation.drills.base import SLIDE, DrillClip, Script, Shot, edited, smooth_step, usual_episode
from tracker.image import Image


def dissolve(clip: DrillClip) -> Script:
    """The picture fades over to a foreign scene and back; for 35 frames less than half of it is left."""
    episode = usual_episode(clip, absent=True)

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        share = smooth_step(row, max(episode.begin - 1 - SLIDE, 0), episode.begin - 1 + SLIDE)
        share -= smooth_step(row, episode.end - SLIDE, episode.end + SLIDE)
        if share <= 0:
            return image
        foreign = shot.foreign(max(row - episode.begin + SLIDE, 0))
        return np.asarray(cv2.addWeighted(image, 1 - share, foreign, share, 0), dtype=np.uint8)

    return edited(clip, episode, edit)
