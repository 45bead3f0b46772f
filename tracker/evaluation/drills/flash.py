"""The light changes at once, and the exposure follows."""

from __future__ import annotations

import cv2
import numpy as np

from tracker.evaluation.drills.base import DrillClip, Script, Shot, edited, usual_episode
from tracker.image import Image

_FLASH = 3  # frames
_BRIGHT, _LIFT = 2.2, 60.0  # gain and offset, gray levels, in the flash
_DARK = 0.45  # gain right after it


def flash(clip: DrillClip) -> Script:
    """Three frames are far too bright, then the picture is dark and recovers within 35 frames; the target is there."""
    episode = usual_episode(clip, absent=False)

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        since = row - episode.begin
        if not 0 <= since < episode.end - episode.begin:
            return image
        if since < _FLASH:
            gain, lift = _BRIGHT, _LIFT
        else:
            gain, lift = _DARK + (1 - _DARK) * (since - _FLASH) / max(episode.end - episode.begin - _FLASH, 1), 0.0
        return np.asarray(cv2.convertScaleAbs(image, alpha=gain, beta=lift), dtype=np.uint8)

    return edited(clip, episode, edit)
