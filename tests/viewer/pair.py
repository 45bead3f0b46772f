"""Two targets that move half a pixel a frame to the right, and what the program wrote of them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from tracker.geometry import Box
from tracker.image import Image

FRAMES = 400
FIRST, SECOND = Box(100, 80, 60, 50), Box(420, 300, 60, 50)
_COLORS = (40, 60, 220), (220, 120, 30)


def moved(box: Box, frame: int) -> Box:
    """Return where a target is in a frame."""
    return box.moved(frame // 2, 0)


def picture(frame: int = 0) -> Image:
    """Return what a frame shows."""
    image = np.full((480, 640, 3), 110, np.uint8)
    image[::2] += 10
    for box, color in zip((FIRST, SECOND), _COLORS, strict=True):
        x, y, width, height = moved(box, frame).rounded()
        image[y : y + height, x : x + width] = color
    return image


def written(box: Box) -> str:
    """Return a box as `--roi` takes it."""
    return ",".join(f"{v:g}" for v in box)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows that were written so far, whole ones only."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["elapsed_ms"]]


def frames(path: Path, target: int = 0) -> list[int]:
    """Return the frames for which a target has a row so far."""
    return [int(row["frame"]) for row in rows(path) if int(row["id"]) == target]


def box_of(row: dict[str, str]) -> Box:
    """Return the box in a row."""
    return Box(*(float(row[name]) for name in ("x", "y", "w", "h")))
