"""Something narrow passes in front of the target, as a post or a passer-by does."""

from __future__ import annotations

from tracker.evaluation.drills.base import DrillClip, Script, Shot, edited, usual_episode
from tracker.evaluation.drills.plates import with_plate
from tracker.geometry import Box
from tracker.image import Image

_PASSING = 15  # frames
_WIDTH, _HEIGHT = 0.5, 2.0  # of the plate, in sizes of the target


def crossing(clip: DrillClip) -> Script:
    """A plate half as wide as the target passes in front of it in 15 frames; half of the target is always seen."""
    episode = usual_episode(clip, absent=False, length=_PASSING)

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        box = clip.box(row)
        if box is None or not episode.begin <= row < episode.end:
            return image
        course = (row - episode.begin + 0.5) / _PASSING - 0.5
        x, y = box.center
        place = x + course * (1 + _WIDTH) * box.width
        return with_plate(image, shot.foreign(0), Box.around(place, y, _WIDTH * box.width, _HEIGHT * box.height))

    return edited(clip, episode, edit)
