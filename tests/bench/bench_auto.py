"""What starting by itself costs: a detector with birth and death rules, per frame, and on a frame nine times larger.

python tests/bench/bench_auto.py

Both frame sizes show the same scene in the same run, in turn, on one thread; medians. The tracker's own time is left
out.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import cv2
import numpy as np

from tracker import MultiTracker, open_source
from tracker.detection import open_detector
from tracker.image import Image
from tracker.session import TrackManager

FRAMES = 80
REPEATS = 3
SIZES = ((640, 360), (1920, 1080))
DETECTORS = ("motion", "color=2C8438")
"""The second is a color of two of the six targets."""


@dataclass(frozen=True)
class Run:
    """One track manager over one series of frames."""

    frames: list[Image]
    manager: TrackManager
    tracker: MultiTracker

    def update(self, index: int) -> float:
        """Return the seconds that a frame took."""
        image = self.frames[index]
        self.tracker.update(image)
        started = time.perf_counter()
        self.manager.update(image, self.tracker)
        return time.perf_counter() - started


def crowd(width: int, height: int) -> list[Image]:
    """Six targets in three colors."""
    with open_source(f"synth:crowd:seed=1:frames={FRAMES}:size={width}x{height}") as source:
        return [frame.image for frame in source]


def measure(detector: str, scenes: list[list[Image]]) -> tuple[list[float], list[int]]:
    """Return median seconds a frame and targets at the end, for each scene."""
    runs = [Run(frames, TrackManager(open_detector(detector)), MultiTracker("fast")) for frames in scenes]
    times = [[run.update(index) for run in runs] for index in range(FRAMES)]
    return [statistics.median(column) for column in zip(*times, strict=True)], [len(run.tracker) for run in runs]


def main() -> None:
    """Print a line a detector."""
    cv2.setNumThreads(1)
    scenes = [crowd(*size) for size in SIZES]
    for name in DETECTORS:
        rows = [measure(name, scenes) for _ in range(REPEATS)]
        small, large = np.median([row[0] for row in rows], axis=0)
        print(
            f"{name:13} {small * 1e3:.1f} ms at {SIZES[0][0]}x{SIZES[0][1]}, {large * 1e3:.1f} ms at "
            f"{SIZES[1][0]}x{SIZES[1][1]}: {large / small:.2f} x; {rows[0][1]} targets at the end"
        )


if __name__ == "__main__":
    main()
