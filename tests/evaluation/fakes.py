"""Trackers that do something known, in a module of their own so that other processes can import them."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

from tracker.evaluation import SequenceResult, TruthSequence
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import TrackResult, TrackState

SIZE = (64, 96)


def truth(rows: int, step: float = 2.0) -> np.ndarray:
    """A 12x10 box that starts at (10, 20) and moves right."""
    return np.array([[10 + step * i, 20.0, 12.0, 10.0] for i in range(rows)])


def frame_image(box: np.ndarray) -> Image:
    """A dark frame with a white block in the box."""
    image = np.full((*SIZE, 3), 40, np.uint8)
    x, y, w, h = (round(float(v)) for v in box)
    cv2.rectangle(image, (x, y), (x + w - 1, y + h - 1), (255, 255, 255), -1)
    return image


def image_folder(folder: Path, boxes: np.ndarray) -> str:
    folder.mkdir(parents=True)
    for number, box in enumerate(boxes, 1):
        cv2.imwrite(str(folder / f"{number:04d}.png"), frame_image(box))
    return str(folder)


def sequence(folder: Path, rows: int = 6, name: str = "block") -> TruthSequence:
    boxes = truth(rows)
    return TruthSequence(name, image_folder(folder / name, boxes), boxes)


def block_in(frame: Image) -> Box:
    return Box(*map(float, cv2.boundingRect((frame[:, :, 0] > 128).astype(np.uint8))))


def run(name, shifts, *, start=0, confidences=None, error="", elapsed=None, state=TrackState.TRACKING, still=None):
    """A result whose boxes are off by `shifts` px of a 12 px wide truth; nan shifts are frames not reached."""
    rows = truth(len(shifts) + 1, step=0.0)
    boxes = rows[1:] + np.column_stack([shifts, *np.zeros((3, len(shifts)))])
    boxes[np.isnan(shifts)] = np.nan
    if still is not None:
        rows[1:][still] = np.nan
    return SequenceResult(
        sequence=TruthSequence(name, f"{name}.mp4", rows),
        start=start,
        boxes=boxes,
        confidences=np.ones(len(shifts)) if confidences is None else np.array(confidences),
        states=(state,) * len(shifts),
        elapsed=np.full(len(shifts), 0.001) if elapsed is None else np.array(elapsed),
        error=error,
    )


class Static:
    """Never moves: what any tracker must beat."""

    def init(self, frame: Image, box: Box) -> None:
        self.box = box

    def update(self, frame: Image, timestamp: float) -> TrackResult:
        return TrackResult(self.box, TrackState.TRACKING, 0.5)


class Oracle(Static):
    """Sees the block; sure of itself."""

    def update(self, frame: Image, timestamp: float) -> TrackResult:
        return TrackResult(block_in(frame), TrackState.TRACKING, 1.0)


class GivesUp(Oracle):
    """Right for two frames, then lost at the frame's corner and aware of it."""

    seen = 0

    def update(self, frame: Image, timestamp: float) -> TrackResult:
        self.seen += 1
        if self.seen <= 2:
            return super().update(frame, timestamp)
        return TrackResult(Box(0, 0, 4, 4), TrackState.LOST, 0.1)


class Crashes(Oracle):
    """Raises on the block's third place, in the sequence `bad` alone (whose blocks start lower)."""

    def update(self, frame: Image, timestamp: float) -> TrackResult:
        if block_in(frame).y > 25 and block_in(frame).x >= 14:
            raise ZeroDivisionError("no mass")
        return super().update(frame, timestamp)


class Dies(Oracle):
    """Where `Crashes` raises, ends its whole process, as a crash in native code does."""

    def update(self, frame: Image, timestamp: float) -> TrackResult:
        if block_in(frame).y > 25:
            os._exit(3)
        return super().update(frame, timestamp)


class ReportsThreads(Static):
    """Puts OpenCV's number of threads into the confidence."""

    def update(self, frame: Image, timestamp: float) -> TrackResult:
        return TrackResult(self.box, TrackState.TRACKING, float(cv2.getNumThreads()))
