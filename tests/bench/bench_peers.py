"""Time of one `update` beside OpenCV's trackers, frame by frame by turns, one thread; `make bench-peers` runs it.

python tests/bench/bench_peers.py [CLIPS] [--ours accurate] [--peers csrt] [--frames 100] [--repeats 3]

CLIPS is a folder as `tracker eval` takes it; without one, rendered scenes. CSRT and KCF are in the contrib wheels only,
which cannot be installed beside ours: run this with the interpreter of an environment that has one.

A clip's time is the median over its frames. `least` takes of each frame the shortest of the repeats first, which leaves
out what other programs on the machine cost.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from tracker import Box, open_source
from tracker.evaluation import find_sequences
from tracker.evaluation.peers import tracker_maker
from tracker.image import Image

SCENES = ("smooth:size=320x180", "smooth:size=640x360", "smooth:size=1280x720", "fast:size=640x360")


def clips(folder: str | None, frames: int) -> Iterator[tuple[str, list[Image], Box]]:
    """Yield each clip's name, first frames and first box."""
    if folder is None:
        for scene in SCENES:
            with open_source(f"synth:{scene}:frames={frames}") as source:
                yield scene, [frame.image for frame in source], source.truth(0)
        return
    for sequence in find_sequences(folder):
        images = [frame.image for _, frame in itertools.islice(sequence.frames(), frames)]
        yield sequence.name, images, Box(*sequence.truth[0])


def timed(names: Sequence[str], images: Sequence[Image], box: Box) -> np.ndarray:
    """Milliseconds `(trackers, frames)` of one pass, the trackers taking turns on each frame."""
    trackers = [tracker_maker(name)() for name in names]
    for tracker in trackers:
        tracker.init(images[0], box)
    times = np.empty((len(trackers), len(images) - 1))
    for index, image in enumerate(images[1:]):
        image = image.copy()  # as near the processor as a decoder leaves it, for the first tracker too
        for row, tracker in enumerate(trackers):
            started = time.perf_counter()
            tracker.update(image)
            times[row, index] = 1e3 * (time.perf_counter() - started)
    return times


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row a clip and the medians of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="?")
    parser.add_argument("--ours", default="accurate")
    parser.add_argument("--peers", nargs="+", default=["csrt"])
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    names = [options.ours, *options.peers]
    print(f"{'clip':28s}" + "".join(f"{name + ' ms':>14s}" for name in names) + "   ratio  least", flush=True)
    ratios = []
    for clip, images, box in clips(options.clips, options.frames):
        passes = np.array([timed(names, images, box) for _ in range(options.repeats)])
        medians = np.median(np.median(passes, axis=2), axis=0)
        least = np.median(passes.min(axis=0), axis=1)
        ratios.append((medians[1:] / medians[0], least[1:] / least[0]))
        shown = "".join(f"{ms:14.2f}" for ms in medians)
        print(f"{clip:28s}{shown}   {ratios[-1][0][0]:5.2f}  {ratios[-1][1][0]:5.2f}", flush=True)
    for index, name in enumerate(options.peers):
        plain, least_ones = ([float(both[way][index]) for both in ratios] for way in (0, 1))
        print(
            f"{name} / {options.ours}: {statistics.median(plain):.2f} (clips {min(plain):.2f} to {max(plain):.2f}), "
            f"least {statistics.median(least_ones):.2f} (clips {min(least_ones):.2f} to {max(least_ones):.2f})"
        )


if __name__ == "__main__":
    main()
