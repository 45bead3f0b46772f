"""A clip of a white block on a dark ground, in which the target can be found again in any picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from tracker.evaluation import TruthSequence
from tracker.evaluation.drills import DrilledSequence, drilled
from tracker.evaluation.drills.base import DrillClip, Script
from tracker.evaluation.drills.registry import DRILLS
from tracker.image import Image
from tracker.video.base import Frame

ROWS, WIDTH, HEIGHT = 90, 160, 120
BEGIN = 30
"""First row of the usual episode in a clip of 90 rows."""


def block_truth(rows: int = ROWS) -> np.ndarray:
    """A block of 20x16 px that moves right and down, by whole pixels."""
    steps = np.arange(rows)
    return np.stack([30 + steps // 2, 40 + steps // 4, np.full(rows, 20), np.full(rows, 16)], axis=1).astype(float)


def block_clip(folder: Path, name: str = "block", rows: int = ROWS) -> TruthSequence:
    truth = block_truth(rows)
    (folder / name).mkdir(parents=True)
    ground = np.random.default_rng(1).integers(20, 90, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    for number, box in enumerate(truth):
        image = ground.copy()
        x, y, w, h = box.astype(int)
        image[y : y + h, x : x + w] = 255
        cv2.imwrite(str(folder / name / f"{number:04d}.png"), image)
    return TruthSequence(name, str(folder / name), truth)


def script(name: str, truth: np.ndarray | None = None) -> Script:
    """The script of a drill of the block's clip."""
    return DRILLS[name](DrillClip("block", block_truth() if truth is None else truth, WIDTH, HEIGHT))


def drill_of(clip: TruthSequence, name: str) -> DrilledSequence:
    (sequence,) = drilled([clip], name)
    return sequence


def pictures(sequence: TruthSequence) -> list[Frame]:
    return [frame for _, frame in sequence.frames()]


def white(image: Image) -> np.ndarray:
    """Where the picture is white, as only the block is."""
    return (image > 240).all(axis=2)


def white_box(image: Image) -> tuple[int, int, int, int]:
    return cv2.boundingRect(white(image).astype(np.uint8))


def assert_truth_is_what_is_seen(sequence: DrilledSequence, tolerance: float = 1.0) -> None:
    """The white block lies in its true box wherever there is one, and nowhere else."""
    for row, frame in sequence.frames():
        truth = sequence.truth[row]
        if np.isnan(truth).any():
            assert white(frame.image).sum() < 0.06 * 320, row
        else:
            assert np.allclose(white_box(frame.image), truth, atol=tolerance), row
