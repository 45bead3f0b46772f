"""Something comes between the camera and the target, and hides all of it."""

from __future__ import annotations

from tracker.evaluation.drills.base import DrillClip, Script, Shot, edited, usual_episode
from tracker.evaluation.drills.plates import is_near, slid, with_plate
from tracker.image import Image

GROWTH = 1.5
"""Size of the plate in sizes of the target."""


def cover(clip: DrillClip) -> Script:
    """A plate slides over the target, goes along with it for 35 frames, and slides off."""
    episode = usual_episode(clip, absent=True)

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        box = clip.box(row)
        if box is None or not is_near(row, episode):
            return image
        return with_plate(image, shot.foreign(0), slid(box.scaled(GROWTH), row, episode))

    return edited(clip, episode, edit)
