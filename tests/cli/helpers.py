"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line left."""

    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]

ROI = "10,20,20,20"
"""Where the target is in the first picture of the folders."""


def picture(x: int | None, width: int = 96, height: int = 72) -> np.ndarray:
    """A gray field with a red and a blue patch at `x`, or without it."""
    image = np.full((height, width, 3), 110, np.uint8)
    if x is not None:
        image[20:40, x : x + 10] = (30, 30, 220)
        image[20:40, x + 10 : x + 20] = (220, 60, 30)
    return image


def save(folder: Path, images: list[np.ndarray]) -> Path:
    folder.mkdir()
    for number, image in enumerate(images):
        cv2.imwrite(str(folder / f"{number:03d}.png"), image)
    return folder


def count_frames(path: Path) -> int:
    """Decode a video to its end."""
    capture = cv2.VideoCapture(str(path))
    frames = 0
    while capture.read()[0]:
        frames += 1
    capture.release()
    return frames
