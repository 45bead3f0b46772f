"""Time of one `update`: against the tutorial's pipeline, and against itself at four times the size.

python tests/bench/bench_update.py [PRESET ...]

Both sides of a ratio see the same frames in the same run, one after the other on each frame, on one thread; medians.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from tracker import Box, Tracker, open_source
from tracker.evaluation.peers import TutorialTracker
from tracker.image import Image

FRAMES = 150
REPEATS = 5


def scene(width: int, height: int) -> tuple[list[Image], Box]:
    """Frames of the zoom scene and the first box."""
    with open_source(f"synth:smooth:frames={FRAMES}:size={width}x{height}") as source:
        return [frame.image for frame in source], source.truth(0)


def interleaved(sides: Sequence[tuple[Callable[[Image], object], Sequence[Image]]]) -> list[float]:
    """Median seconds a call of each side, the sides taking turns frame by frame."""
    times: list[list[float]] = [[] for _ in sides]
    for index in range(1, FRAMES):
        for taken, (call, frames) in zip(times, sides, strict=True):
            started = time.perf_counter()
            call(frames[index])
            taken.append(time.perf_counter() - started)
    return [statistics.median(taken) for taken in times]


def main(presets: Sequence[str]) -> None:
    """Print the ratios of each preset."""
    cv2.setNumThreads(1)
    small, small_box = scene(640, 360)
    large, large_box = scene(2560, 1440)
    for preset in presets:
        rows = []
        for _ in range(REPEATS):
            tutorial, near, far = TutorialTracker(adapt=False), Tracker.from_config(preset), Tracker.from_config(preset)
            tutorial.init(small[0], small_box)
            near.init(small[0], small_box)
            far.init(large[0], large_box)
            rows.append(interleaved([(tutorial.update, small), (near.update, small), (far.update, large)]))
        tutorial_time, near_time, far_time = np.median(rows, axis=0)
        print(f"{preset}: median update {near_time * 1e3:.3f} ms at 640x360, target {small_box.width:.0f} px wide")
        print(f"  against the tutorial's pipeline ({tutorial_time * 1e3:.3f} ms): {near_time / tutorial_time:.2f} x")
        print(f"  frame and target four times larger: {far_time / near_time:.2f} x")


if __name__ == "__main__":
    main(sys.argv[1:] or ["fast", "classic"])
