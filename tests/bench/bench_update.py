"""Time of one `update`, on real clips, beside what it is held against: `python tests/bench/bench_update.py [FOLDER]`.

`FOLDER` has clips with truth, as `tracker eval` takes them; without it, the clips in videos/. For each clip, frame by
frame and by turns in one process, on one thread: each preset, the pipeline of OpenCV's tutorial, CSRT where the
installed OpenCV has it, and one reading of the search window, which no update can be faster than. Times are those of
the thread, so that what else the machine does counts less; a clip's figure is the median of its frames. Then:

- calls of one update, mean over the frames of a clip: functions of this package, and those of numpy and OpenCV;
- an update where target and frame are four times larger, in one run;
- 1, 10 and 100 targets (`bench_targets.py`).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))  # the other benches, wherever this one is run from
import bench_targets

import tracker
from tracker import Box, open_source
from tracker.config.reader import load_config
from tracker.errors import ConfigError
from tracker.evaluation.peers import tracker_maker
from tracker.evaluation.sequences import TruthSequence, find_sequences
from tracker.image import Image
from tracker.patch import cut_patch
from tracker.tracking.localization import SearchRegion

BUNDLED = Path(__file__).parents[2] / "videos"
PEERS = {"the tutorial's pipeline": "meanshift", "CSRT": "csrt"}
WINDOW = "one reading of the search window"
COUNTED = 30
"""Frames whose calls are counted."""
ROOT = str(Path(tracker.__file__).parent)

Call = Callable[[Image], object]


def available() -> dict[str, str]:
    """Those of `PEERS` that the installed OpenCV has."""
    found = {}
    for said, name in PEERS.items():
        try:
            tracker_maker(name)
        except ConfigError as error:
            print(f"without {said}: {error}")
        else:
            found[said] = name
    return found


def started(name: str, image: Image, box: Box) -> Call:
    """A tracker of that name, begun: its `update`."""
    made: Any = tracker_maker(name)()
    made.init(image, box)
    return made.update  # type: ignore[no-any-return]  # of whatever tracker


def reading(preset: str, box: Box) -> Call:
    """What cuts the search region of the first box out of a frame."""
    geometry = SearchRegion(box, load_config(preset).search).around(box)
    return lambda image: cut_patch(image, geometry)


def by_turns(sides: Sequence[tuple[Call, Sequence[Image]]]) -> list[list[float]]:
    """Seconds of each call for each of its frames, in turns that begin with another one each time."""
    times: list[list[float]] = [[] for _ in sides]
    for number in range(len(sides[0][1])):
        for step in range(len(sides)):
            turn = (number + step) % len(sides)
            call, frames = sides[turn]
            begun = time.thread_time()
            call(frames[number])
            times[turn].append(time.thread_time() - begun)
    return times


def calls_of(call: Call, frames: Sequence[Image]) -> tuple[float, float]:
    """Mean calls of one update: functions of the package, functions of numpy and OpenCV."""
    ours = theirs = 0

    def profile(frame: Any, event: str, called: Any) -> None:
        nonlocal ours, theirs
        ours += event == "call" and frame.f_code.co_filename.startswith(ROOT)
        if event == "c_call":
            owner = getattr(called, "__self__", None)
            theirs += isinstance(owner, np.ndarray) or str(getattr(called, "__module__", "")).startswith(
                ("numpy", "cv2")
            )

    sys.setprofile(profile)
    try:
        for frame in frames:
            call(frame)
    finally:
        sys.setprofile(None)
    return ours / len(frames), theirs / len(frames)


def frames_of(sequence: TruthSequence, most: int) -> list[Image]:
    """The first frames of a sequence."""
    end = sequence.first_frame + min(most, len(sequence.truth))
    with open_source(sequence.source, start=sequence.first_frame, end=end) as source:
        return [frame.image for frame in source]


def told(preset: str, beside: str, ratios: Sequence[float]) -> None:
    """Print a ratio over all clips."""
    middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
    print(f"{preset}: {middle:.2f} of {beside} (median over {len(ratios)} clips; {least:.2f} to {most:.2f})")


def on_clips(sequences: Sequence[TruthSequence], presets: Sequence[str], most: int) -> None:
    """Print each preset's ratios and calls over the clips."""
    peers = available()
    medians: dict[str, dict[str, list[float]]] = {preset: {} for preset in presets}
    counts: dict[str, list[tuple[float, float]]] = {preset: [] for preset in presets}
    for sequence in sequences:
        frames, box = frames_of(sequence, most), Box(*sequence.truth[0])
        sides = {said: started(name, frames[0], box) for said, name in peers.items()}
        for preset in presets:
            run = {preset: started(preset, frames[0], box), **sides, WINDOW: reading(preset, box)}
            times = by_turns([(call, frames[1:]) for call in run.values()])
            for name, taken in zip(run, times, strict=True):
                medians[preset].setdefault(name, []).append(statistics.median(taken))
            counts[preset].append(calls_of(started(preset, frames[0], box), frames[1 : COUNTED + 1]))
    for preset, sided in medians.items():
        own = sided.pop(preset)
        print(f"{preset}: {statistics.median(own) * 1e3:.3f} ms of CPU an update")
        for name, taken in sided.items():
            told(preset, name, [mine / other for mine, other in zip(own, taken, strict=True)])
        ours, theirs = np.mean(counts[preset], axis=0)
        print(f"{preset}: {ours:.0f} calls of the package an update, {theirs:.0f} of numpy and OpenCV")


def enlarged(preset: str) -> None:
    """Print what four times the size costs."""
    sides: list[tuple[Call, Sequence[Image]]] = []
    for width, height in ((640, 360), (2560, 1440)):
        with open_source(f"synth:smooth:frames=120:size={width}x{height}") as source:
            frames = [frame.image for frame in source]
            sides.append((started(preset, frames[0], source.truth(0)), frames[1:]))
    # Between two updates a program goes through a whole frame: it decodes the next one.
    decoded: list[tuple[Call, Sequence[Image]]] = [(cv2.mean, frames) for _, frames in sides]
    _, before, _, after = map(statistics.median, by_turns([decoded[0], sides[0], decoded[1], sides[1]]))
    print(f"{preset}: frame and target four times larger: {after / before:.2f} x the time")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=BUNDLED, help="clips with truth; videos/ by default")
    parser.add_argument("-c", "--presets", nargs="+", default=["fast", "accurate"])
    parser.add_argument("--frames", type=int, default=120, help="first frames of each clip")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    on_clips(find_sequences(given.folder), given.presets, given.frames)
    for preset in given.presets:
        enlarged(preset)
    bench_targets.main([preset for preset in given.presets if preset == "fast"])


if __name__ == "__main__":
    main()
