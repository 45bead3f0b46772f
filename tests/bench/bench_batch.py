"""How a batch grows with processes: `python tests/bench/bench_batch.py`.

Renders a few clips, then takes turns in running `tracker batch` on them with one process and with two, each as a
program of its own with nothing kept. Prints the wall times and the median of the rounds' ratios; the aim on a quiet
machine with two cores is at least 1.7 times as many frames a second. Prints too how many cores one process takes, and
the ratio that the processor time of both would allow, for machines that are not quiet.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tracker.ffmpeg.encoder import Encoder
from tracker.video.sources import open_source

SCENE = "synth:crossing:size={size}:noise=2:frames={frames}:seed={seed}"
AIM = 1.7


@dataclass(frozen=True)
class Cost:
    """What a run took: wall seconds, and seconds of all its processors together."""

    wall: float
    processors: float


def render(folder: Path, clips: int, size: str, frames: int) -> Path:
    """Render the clips and a manifest of them."""
    rows = []
    for seed in range(clips):
        path = folder / f"clip{seed}.mp4"
        with open_source(SCENE.format(size=size, frames=frames, seed=seed)) as source:
            info = source.info
            encoder = Encoder(path, info.width, info.height, info.fps or 25.0)
            for frame in source:
                encoder.put(frame.image, frame.timestamp)
            encoder.close()
            rows.append([path, ",".join(f"{value:.1f}" for value in source.truth(0))])
    manifest = folder / "manifest.csv"
    with manifest.open("w", newline="") as file:
        csv.writer(file).writerows([["source", "roi"], *rows])
    return manifest


def cost(manifest: Path, out: Path, processes: int) -> Cost:
    """Return what a batch takes with so many processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    words = ("batch", manifest, "--out", out, "-j", processes, "--overwrite", "-q")
    subprocess.run([sys.executable, "-m", "tracker", *map(str, words)], check=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=8, help="number of clips")
    parser.add_argument("--frames", type=int, default=600, help="length of a clip")
    parser.add_argument("--size", default="1280x720", help="WIDTHxHEIGHT of a clip")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        manifest = render(folder, given.clips, given.size, given.frames)
        one, two = [], []
        for number in range(given.rounds):
            one.append(cost(manifest, folder / "one", 1))
            two.append(cost(manifest, folder / "two", 2))
            print(f"round {number + 1}: one process {one[-1].wall:.2f} s, two {two[-1].wall:.2f} s")
        same = all(
            (folder / "two" / f"clip{n}.csv").read_bytes() == (folder / "one" / f"clip{n}.csv").read_bytes()
            for n in range(given.clips)
        )
    ratio = median(first.wall / second.wall for first, second in zip(one, two, strict=True))
    cores = median(first.processors / first.wall for first in one)
    print(f"one process takes {cores:.2f} of {os.cpu_count()} cores; load now {os.getloadavg()[0]:.1f}")
    bound = median(2 * first.processors / second.processors for first, second in zip(one, two, strict=True))
    print(f"by processor time, which other programs disturb less, two could reach {bound:.2f}")
    print(f"results {'the same' if same else 'DIFFER'}")
    print(f"ratio {ratio:.2f} (median of the rounds), aim at least {AIM}")


if __name__ == "__main__":
    main()
