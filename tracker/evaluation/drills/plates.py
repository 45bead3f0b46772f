"""Occluders: plates cut from a foreign picture that slide over a place and off it again."""

from __future__ import annotations

from tracker.evaluation.drills.base import SLIDE, Episode
from tracker.geometry import Box
from tracker.image import Image

_CLEAR = 5.0  # pixels between a box and its plate before it slides over it


def with_plate(image: Image, plate: Image, box: Box) -> Image:
    """Return a copy of the picture with the upper left part of `plate` over `box`, cut to whole pixels."""
    height, width = image.shape[:2]
    left, right = int(max(box.x, 0)), int(min(box.right, width))
    top, bottom = int(max(box.y, 0)), int(min(box.bottom, height))
    if right <= left or bottom <= top:
        return image
    covered = image.copy()
    covered[top:bottom, left:right] = plate[: bottom - top, : right - left]
    return covered


def slide(row: int, episode: Episode) -> float:
    """Return how far a plate is from its place, in lengths of it: −1 to 0 before the episode, 0 in it, 0 to 1 after."""
    if row < episode.begin:
        return -(episode.begin - row) / SLIDE
    if row >= episode.end:
        return (row - episode.end + 1) / SLIDE
    return 0.0


def is_near(row: int, episode: Episode) -> bool:
    """Return whether a plate is in the picture: in the episode and `SLIDE` rows before and after, not in the first."""
    return max(episode.begin - SLIDE, 1) <= row < episode.end + SLIDE


def slid(box: Box, row: int, episode: Episode) -> Box:
    """Return a plate over `box` at its place in a row; it comes from the left and goes on to the right."""
    return box.moved(slide(row, episode) * (box.width + _CLEAR), 0.0)
