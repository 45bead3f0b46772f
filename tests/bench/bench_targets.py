"""Cost of 1, 10 and 100 targets in a 1080p clip, per target and frame, and the frames a second that follow from it.

OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python tests/bench/bench_targets.py [PRESET ...]

All counts see the same frames in the same run, one after the other on each frame, on one thread; means of that
thread's own time, so that what else the machine does counts less: targets that began together are judged in the same
frames, which take twice as long as those between. The targets are cut out of a grid of same-sized, differently colored
sprites on slow paths, each in reach of its neighbors.
"""

from __future__ import annotations

import statistics
import sys
import time
import timeit
from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np

from tracker import Box, MultiTracker, Tracker
from tracker.config.reader import load_config
from tracker.cues.color import Quantizer
from tracker.image import Image
from tracker.patch import cut_patch
from tracker.tracking.localization import SearchRegion
from tracker.video.synthetic.motion import Wave
from tracker.video.synthetic.scene import Renderer, Scene
from tracker.video.synthetic.sprite import Actor, Shape
from tracker.video.synthetic.texture import Paint

COUNTS = (1, 10, 100)
FRAMES = 100
ACROSS, DOWN = 10, 10


def scene() -> Scene:
    """A hundred targets in 1920x1080."""
    actors = []
    for number in range(ACROSS * DOWN):
        column, row = number % ACROSS, number // ACROSS
        x = Wave(192 * (column + 0.5), 40.0, 90.0 + number % 7, 0.13 * number)
        y = Wave(108 * (row + 0.5), 20.0, 70.0 + number % 5, 0.29 * number)
        actors.append(Actor(Shape(64.0, 52.0), Paint("patches", 47.0 * number), number, x, y))
    first, *others = actors
    return Scene("grid", 0, 1920, 1080, FRAMES, 30.0, Paint("ground", 200.0), first, tuple(others))


def clip() -> tuple[list[Image], list[Box]]:
    """The frames and the first boxes."""
    stage = scene()
    renderer = Renderer(stage)
    boxes = [stage.truth(0, number) for number in range(len(stage.targets))]
    return [renderer.image(index) for index in range(FRAMES)], [box for box in boxes if box is not None]


def quantization(frame: Image, preset: str, box: Box) -> tuple[float, float]:
    """Seconds in which the whole frame's colors are divided into bins, and one target's patch."""
    config = load_config(preset)
    quantizer, region = Quantizer(config.color), SearchRegion(box, config.search)
    patch = cut_patch(frame, region.around(box)).image
    whole, one = (timeit.repeat(partial(quantizer.bins, picture), number=1, repeat=15) for picture in (frame, patch))
    return statistics.median(whole), statistics.median(one)


def main(presets: Sequence[str]) -> None:
    """Print the figures of each preset."""
    cv2.setNumThreads(1)
    frames, boxes = clip()
    for preset in presets:
        whole, one = quantization(frames[0], preset, boxes[0])
        print(f"{preset}: colors to bins {whole * 1e3:.1f} ms for the frame, {one * 1e3:.3f} ms for a target's patch:")
        print(f"  once for the frame pays from {whole / one:.0f} targets on")
        single = Tracker.from_config(preset)
        single.init(frames[0], boxes[0])
        several = [MultiTracker.from_config(preset) for _ in COUNTS]
        for tracker, count in zip(several, COUNTS, strict=True):
            for box in boxes[:count]:
                tracker.add(frames[0], box)
        calls = [single.update, *(tracker.update for tracker in several)]
        times: list[list[float]] = [[] for _ in calls]
        for frame in frames[1:]:
            for taken, call in zip(times, calls, strict=True):
                started = time.thread_time()
                call(frame)
                taken.append(time.thread_time() - started)
        alone, *each = (statistics.fmean(taken) for taken in times)
        print(f"{preset}: Tracker {alone * 1e3:.3f} ms a frame")
        for count, seconds, tracker in zip(COUNTS, each, several, strict=True):
            share = seconds / count
            followed = np.mean([result.ok for result in tracker.results.values()])
            print(
                f"  {count:3} targets: {seconds * 1e3:7.2f} ms a frame = {1 / seconds:6.1f} fps, {share * 1e3:.3f} ms "
                f"a target, {share / each[0]:.2f} x one target; {followed:.0%} tracking at the end"
            )


if __name__ == "__main__":
    main(sys.argv[1:] or ["fast"])
