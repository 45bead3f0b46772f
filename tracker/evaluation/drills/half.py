"""Something hides half of the target; the other half can still be seen."""

from __future__ import annotations

from tracker.evaluation.drills.base import DrillClip, Script, Shot, edited, usual_episode
from tracker.evaluation.drills.plates import is_near, slide, with_plate
from tracker.geometry import Box
from tracker.image import Image

_BEYOND = 0.25  # of the target's size: the plate reaches so far beyond it
_SIDES = ((-1, 0), (1, 0), (0, -1), (0, 1))


def half(clip: DrillClip) -> Script:
    """A plate slides over one half of the target, stays for 35 frames, and goes back; the target is there."""
    episode = usual_episode(clip, absent=False)
    side = _SIDES[int(clip.random().integers(len(_SIDES)))]

    def edit(shot: Shot) -> Image:
        row, image = shot.row, shot.image
        box = clip.box(row)
        if box is None or not is_near(row, episode):
            return image
        away = abs(slide(row, episode))
        plate = _half_of(box, side).moved(side[0] * away * box.width, side[1] * away * box.height)
        return with_plate(image, shot.foreign(0), plate)

    return edited(clip, episode, edit)


def _half_of(box: Box, side: tuple[int, int]) -> Box:
    """Return the half of a box that lies to one side, grown beyond the box on its other three sides."""
    across, down = _BEYOND * box.width, _BEYOND * box.height
    left, top, right, bottom = box.x - across, box.y - down, box.right + across, box.bottom + down
    middle_x, middle_y = box.center
    if side[0]:
        left, right = (left, middle_x) if side[0] < 0 else (middle_x, right)
    else:
        top, bottom = (top, middle_y) if side[1] < 0 else (middle_y, bottom)
    return Box(left, top, right - left, bottom - top)
