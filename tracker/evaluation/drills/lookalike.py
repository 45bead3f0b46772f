"""Something that looks like the target stands elsewhere while the target is hidden."""

from __future__ import annotations

import cv2
import numpy as np

from tracker.evaluation.drills.base import DrillClip, Episode, Script, Shot, edited, usual_episode
from tracker.evaluation.drills.cover import GROWTH
from tracker.evaluation.drills.plates import is_near, slid, with_plate
from tracker.geometry import Box
from tracker.image import Image

_PLACES = 32  # tried at random; the one that is farthest from the target is taken
_SOFT = 0.2  # of the ellipse's radius, over which the pasted picture fades into its surroundings


def lookalike(clip: DrillClip) -> Script:
    """A plate covers the target, and a copy of its first picture is pasted elsewhere meanwhile."""
    episode = usual_episode(clip, absent=True)
    place = _place(clip, episode)

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        box = clip.box(row)
        if box is not None and is_near(row, episode):
            image = with_plate(image, shot.foreign(0), slid(box.scaled(GROWTH), row, episode))
        if episode.begin <= row < episode.end:
            image = _pasted(image, _cut_out(shot.first, clip.box(0)), place)
        return image

    return edited(clip, episode, edit)


def _place(clip: DrillClip, episode: Episode) -> Box:
    """Choose a place of the target's size, inside the frame where it fits, and far from the target's path."""
    known = [box for row in range(episode.begin, episode.end) if (box := clip.box(row)) is not None]
    path = known or [Box(*clip.truth[0].tolist())]
    width, height = path[0].width, path[0].height
    room = np.maximum([clip.width - width, clip.height - height], 0.0)
    corners = clip.random().uniform(0.0, 1.0, (_PLACES, 2)) * room
    centers = np.array([box.center for box in path]) - (width / 2, height / 2)
    distance = np.linalg.norm(corners[:, None] - centers, axis=2).min(axis=1)
    x, y = corners[distance.argmax()]
    return Box(float(x), float(y), width, height)


def _cut_out(image: Image, box: Box | None) -> Image:
    assert box is not None  # a clip begins with its target
    left, top, width, height = box.clipped(image.shape[1], image.shape[0]).rounded()
    return image[top : top + max(height, 1), left : left + max(width, 1)]


def _pasted(image: Image, patch: Image, box: Box) -> Image:
    """Return a copy of the picture with the patch at `box`, as an ellipse with a soft edge."""
    left, top, width, height = box.clipped(image.shape[1], image.shape[0]).rounded()
    if width < 1 or height < 1:
        return image
    rows, columns = np.mgrid[0:height, 0:width]
    radius = np.hypot((columns + 0.5) / width * 2 - 1, (rows + 0.5) / height * 2 - 1)
    opacity = np.clip((1 - radius) / _SOFT, 0.0, 1.0)[:, :, None]
    new = cv2.resize(patch, (width, height), interpolation=cv2.INTER_AREA)
    result = image.copy()
    place = result[top : top + height, left : left + width]
    place[:] = np.rint(opacity * new + (1 - opacity) * place)
    return result
