"""The focus of the camera hunts."""

from __future__ import annotations

import math

import cv2
import numpy as np

from tracker.evaluation.drills.base import DrillClip, Script, Shot, edited, usual_episode
from tracker.image import Image

_SIGMA = 0.15  # of the target's size, at the worst
_MOST = 12.0  # px


def blur(clip: DrillClip) -> Script:
    """The picture goes out of focus and back within 35 frames; the target is there."""
    episode = usual_episode(clip, absent=False)
    size = math.sqrt(float(np.nanmedian(clip.truth[:, 2] * clip.truth[:, 3])))

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        course = (row - episode.begin + 0.5) / max(episode.end - episode.begin, 1)
        sigma = min(_SIGMA * size, _MOST) * math.sin(math.pi * min(max(course, 0.0), 1.0))
        if sigma < 0.3:
            return image
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)

    return edited(clip, episode, edit)
