"""Everything on for minutes: a live source in the window, recorded, drawn and tabled; what does it hold?

A clip is sent over TCP at its own rate, over and over. Memory, threads and descriptors of the tracker are looked at
every second; after a first part, in which buffers fill, they must stay. Linux only; without a display an `Xvfb` is
started, or the run has no window where there is none.

    python tests/bench/bench_endurance.py [--minutes 30] [--clip CLIP --roi X,Y,W,H]

Exits with 1 where something grows.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import imageio_ffmpeg

from tracker.ffmpeg.encoder import Encoder
from tracker.video.sources import open_source

SCENE = "synth:smooth:frames=250:size={}:fps=25"
FILLING = 0.3
"""Part of the run in which buffers fill."""
GROWTH = 0.04, 8.0
"""Growth of the memory that is none: a part of it, and megabytes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process holds: megabytes that are resident, threads, open descriptors."""

    memory: float
    threads: int
    descriptors: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run held at first and at last (medians), and how it ended.

    Attributes:
        first: after the buffers were filled.
        last: in the last third of the rest.
        most: of the memory at any time, megabytes.
        told: what the tracker said at its end.
        code: its exit code.
    """

    first: Sample
    last: Sample
    most: float
    told: str
    code: int

    @property
    def is_flat(self) -> bool:
        """Whether nothing has grown."""
        allowed = max(GROWTH[0] * self.first.memory, GROWTH[1])
        grown = self.last.memory - self.first.memory > allowed
        return not grown and self.last.threads <= self.first.threads and self.last.descriptors <= self.first.descriptors


def sample(process: int) -> Sample:
    """Look at a process."""
    facts = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines())
    memory = int(facts["VmRSS"].split()[0]) / 1024
    return Sample(memory, int(facts["Threads"]), len(list(Path(f"/proc/{process}/fd").iterdir())))


def typical(samples: list[Sample]) -> Sample:
    """Return the medians."""
    return Sample(
        median(one.memory for one in samples),
        round(median(one.threads for one in samples)),
        round(median(one.descriptors for one in samples)),
    )


def rendered(folder: Path, size: str) -> tuple[Path, str]:
    """Return a rendered clip, and the box of its target in the first frame."""
    path = folder / "scene.mp4"
    with open_source(SCENE.format(size)) as scene:
        width, height = scene.info.width, scene.info.height
        encoder = Encoder(path, width, height, 25.0)
        for frame in scene:
            encoder.put(frame.image, frame.index / 25.0)
        encoder.close()
        return path, ",".join(f"{value:.0f}" for value in scene.truth(0))  # type: ignore[attr-defined]  # scenes have it


@contextlib.contextmanager
def display() -> Iterator[str]:
    """The display there is, or one of our own; "" where there is none."""
    if os.environ.get("DISPLAY") or shutil.which("Xvfb") is None:
        yield os.environ.get("DISPLAY", "")
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def sent(clip: Path) -> Iterator[str]:
    """The address at which a clip comes at its own rate, without an end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"tcp://127.0.0.1:{port}"
    words = ["-re", "-stream_loop", "-1", "-i", str(clip), "-c", "copy", "-f", "mpegts", f"{url}?listen=1"]
    sender = subprocess.Popen(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *words], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield url
    finally:
        sender.kill()
        sender.wait()


def run(clip: Path, roi: str, seconds: float, screen: str, folder: Path, preset: str = "fast") -> Verdict:
    """Run the tracker with everything on for so many seconds from its first row on, and look at it every second."""
    table = folder / "out.csv"
    outputs = ["--csv", str(table), "--record", str(folder / "raw.mp4"), "-o", str(folder / "out.mp4")]
    shown = ["--display"] if screen else ["--no-display"]
    environment = {**os.environ, "DISPLAY": screen}
    with sent(clip) as url:
        time.sleep(1.0)
        words = [url, "--roi", roi, "--config", preset, *outputs, *shown, "--overwrite"]
        tracker = subprocess.Popen(
            [sys.executable, "-m", "tracker", "track", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        samples: list[Sample] = []
        while tracker.poll() is None and not (table.exists() and table.stat().st_size > 500):
            time.sleep(0.2)
        end = time.perf_counter() + seconds
        while tracker.poll() is None and time.perf_counter() < end:
            samples.append(sample(tracker.pid))
            time.sleep(min(1.0, seconds / 30))
        tracker.terminate()
        told = tracker.communicate()[1]
    kept = samples[int(FILLING * len(samples)) :]
    if len(kept) < 3:
        raise SystemExit(f"the tracker has ended early: {told}")
    third = len(kept) // 3
    most = max(one.memory for one in samples)
    return Verdict(typical(kept[:third]), typical(kept[-third:]), most, told, tracker.returncode)


def main() -> int:
    """Measure, print, and return 1 where something grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--clip", type=Path, help="what is sent; a rendered scene if not given")
    parser.add_argument("--roi", default="", help="the target in its first frame, X,Y,W,H")
    parser.add_argument("--size", default="640x480", help="of the rendered scene")
    parser.add_argument("--preset", default="fast")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, display() as screen:
        folder = Path(place)
        clip, roi = (given.clip, given.roi) if given.clip else rendered(folder, given.size)
        found = run(clip, roi, 60 * given.minutes, screen, folder, given.preset)
    print(found.told.strip())
    for name, one in (("first", found.first), ("last", found.last)):
        print(f"{name}: {one.memory:.1f} MB, {one.threads} threads, {one.descriptors} descriptors")
    print(f"most {found.most:.1f} MB; exit code {found.code}; {'flat' if found.is_flat else 'IT GROWS'}")
    return 0 if found.is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
