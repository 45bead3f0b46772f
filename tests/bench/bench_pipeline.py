"""What tracking adds to decoding and encoding: `python tests/bench/bench_pipeline.py`.

Renders a 1080p clip, then takes turns in running `tracker track` on it with video output and in decoding and encoding
the same frames without tracking, each as a process of its own. Prints the wall times and the median of the rounds'
ratios; the aim is at most 1.3.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tracker.ffmpeg.encoder import Encoder
from tracker.video.sources import open_source

SCENE = "synth:crossing:size=1920x1080:noise=2:frames={frames}"
AIM = 1.3


def encode(spec: str, path: Path) -> None:
    """Decode `spec` and encode it again, as the annotated video is, without looking at it."""
    with open_source(spec) as source:
        info = source.info
        encoder = Encoder(path, info.width, info.height, info.fps or 25.0)
        for frame in source:
            encoder.put(frame.image, frame.timestamp)
        encoder.close()


def start_box(frames: int) -> str:
    """Return where the target of the scene is in its first frame, as `--roi` takes it."""
    with open_source(SCENE.format(frames=frames)) as source:
        return ",".join(f"{value:.1f}" for value in source.truth(0))


def seconds(*words: object) -> float:
    """Return the wall time of a Python process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *map(str, words)], check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=300, help="length of the clip")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side")
    parser.add_argument("--clip", type=Path, help="a clip of your own instead of a rendered one; needs --roi-file")
    parser.add_argument("--roi-file", type=Path, help="its truth")
    parser.add_argument("--encode", nargs=2, metavar=("FROM", "TO"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.encode:
        encode(given.encode[0], Path(given.encode[1]))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clip, roi = given.clip, ("--roi-file", given.roi_file)
        if clip is None:
            clip, roi = folder / "clip.mp4", ("--roi", start_box(given.frames))
            encode(SCENE.format(frames=given.frames), clip)
        with_tracking, without = [], []
        for number in range(given.rounds):
            output = folder / "tracked.mp4"
            words = ("-m", "tracker", "track", clip, *roi, "-o", output, "--overwrite", "-q")
            with_tracking.append(seconds(*words))
            without.append(seconds(__file__, "--encode", clip, folder / "plain.mp4"))
            print(f"round {number + 1}: tracked {with_tracking[-1]:.2f} s, plain {without[-1]:.2f} s")
        ratio = median(tracked / plain for tracked, plain in zip(with_tracking, without, strict=True))
        print(f"tracked {median(with_tracking):.2f} s, plain {median(without):.2f} s (medians)")
        print(f"ratio {ratio:.2f} (median of the rounds), aim at most {AIM}")


if __name__ == "__main__":
    main()
