"""What effects and reframing cost beside `track -o`: processor time of one 1080p clip, by turns, ffmpeg's included.

python tests/bench/bench_results.py [--frames 120] [--rounds 3]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tracker import Session, open_source
from tracker.effects import EffectStage, parse_effect
from tracker.output.staged import Stage, StagedSink
from tracker.output.video_file import RecordingSink, VideoFileSink
from tracker.reframing import ReframeStage, Reframing

CASES: Mapping[str, Callable[[], list[Stage]]] = {
    "track -o": list,
    "effect blur": lambda: [EffectStage(parse_effect("blur"))],
    "effect pixelate": lambda: [EffectStage(parse_effect("pixelate"))],
    "effect solid": lambda: [EffectStage(parse_effect("solid"))],
    "effect spotlight": lambda: [EffectStage(parse_effect("spotlight"))],
    "effect blur:invert": lambda: [EffectStage(parse_effect("blur:invert"))],
    "reframe 9:16": lambda: [ReframeStage(Reframing(aspect=9 / 16))],
    "reframe 1080x1920": lambda: [ReframeStage(Reframing(size=(1080, 1920)))],
}


def processor_seconds() -> float:
    """Return what this process and its children have used up."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def run(clip: Path, roi: tuple[float, ...], name: str, out: Path) -> float:
    """Return the processor time of one run."""
    kind = RecordingSink if name.startswith("reframe") else VideoFileSink
    before = processor_seconds()
    Session(
        open_source(clip), roi, config="fast", sinks=[StagedSink(CASES[name](), kind(out, 25.0, overwrite=True))]
    ).run()
    return processor_seconds() - before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time effects and reframing beside track -o.")
    parser.add_argument("--frames", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    scene = f"synth:smooth:frames={options.frames}:size=1920x1080:seed=1"
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        with open_source(scene) as source, RecordingSink(clip, 25.0) as sink:
            roi = tuple(source.truth(0))  # type: ignore[attr-defined]  # scenes have it
            for frame in source:
                sink.write(frame, ())
        times: dict[str, list[float]] = {name: [] for name in CASES}
        for _ in range(options.rounds):
            for name in CASES:
                times[name].append(run(clip, roi, name, Path(folder) / "out.mp4"))
    base = times["track -o"]
    for name, found in times.items():
        ratio = statistics.median(one / other for one, other in zip(found, base, strict=True))
        print(f"{name:20} {statistics.median(found):6.2f} s   {ratio:.2f} of track -o")


if __name__ == "__main__":
    main()
