"""A 1080p clip by the whole program, each beside what it cannot be faster than: `python tests/bench/bench_1080p.py`.

- `video`: `tracker track -o` beside ffmpeg, which decodes the clip and encodes it as the tracker does. Aim: at most
  1.12 times with `fast`, 1.2 with `accurate`.
- `table`: `tracker track --csv` beside reading the clip with OpenCV. Aim: at most 1.25 times.
- `live`: the clip sent over TCP at its own rate, in a window (a display is needed), recorded and tabled: frames a
  second. Aim: at least 23 of 25 with `fast`, 20 with `accurate`, on two cores that have nothing else to do.

Sides take turns, each a process of its own. Prints wall times and CPU times, and the medians of the turns' ratios. The
aims hold the ratio of the wall times, on a machine that has nothing else to do; that of the CPU times is told beside
it, as it says where time goes on a busy one, too.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import imageio_ffmpeg

from tracker.ffmpeg.containers import H264

AIMS = {"video": {"fast": 1.12, "accurate": 1.2}, "table": {"fast": 1.25, "accurate": 1.25}}
RATES = {"fast": 23.0, "accurate": 20.0}
READ = "import cv2, sys; c = cv2.VideoCapture(sys.argv[1]); n = 0\nwhile c.read()[0]: n += 1\nprint(n)"


def timed(command: list[str]) -> tuple[float, float]:
    """Return the wall time and the CPU time of a process and of those that it starts."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def looped(clip: Path, frames: int, folder: Path) -> Path:
    """Return the clip, played again and again until it has so many frames."""
    path = folder / "clip.mp4"
    encode = ["-frames:v", str(frames), "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", str(path)]
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([ffmpeg, "-v", "error", "-stream_loop", "-1", "-i", str(clip), *encode], check=True)
    return path


def tracked(clip: str | Path, roi: str, preset: str, *words: str | Path) -> list[str]:
    """Return the command of a run."""
    what = [str(clip), "--roi", roi, "--config", preset, "--overwrite", *map(str, words)]
    return [sys.executable, "-m", "tracker", "track", *what]


def compare(what: str, preset: str, clip: Path, roi: str, rounds: int, folder: Path) -> None:
    """Print the median ratios of a run to what it is held against."""
    if what == "video":
        ours = tracked(clip, roi, preset, "-o", folder / "ours.mp4", "-q")
        encode = ["-an", *H264, "-pix_fmt", "yuv420p", str(folder / "plain.mp4")]
        plain = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-i", str(clip), *encode]
    else:
        ours = tracked(clip, roi, preset, "--csv", folder / "ours.csv", "-q")
        plain = [sys.executable, "-c", READ, str(clip)]
    ratios = []
    for number in range(rounds):
        (wall, cpu), (plain_wall, plain_cpu) = timed(ours), timed(plain)
        ratios.append((wall / plain_wall, cpu / plain_cpu))
        print(f"{what} {preset} {number + 1}: {wall:.1f} s ({cpu:.1f} CPU), plain {plain_wall:.1f} s ({plain_cpu:.1f})")
    wall_ratio, cpu_ratio = (median(values) for values in zip(*ratios, strict=True))
    aim = AIMS[what][preset]
    print(f"{what} {preset}: wall {wall_ratio:.2f}, aim at most {aim} where all is quiet; CPU {cpu_ratio:.2f}")


def live(preset: str, clip: Path, roi: str, folder: Path) -> None:
    """Print the frames a second of a live run with everything on, and what it took of the cores."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"tcp://127.0.0.1:{port}"
    send = ["-re", "-i", str(clip), "-c", "copy", "-f", "mpegts", f"{url}?listen=1"]
    sender = subprocess.Popen([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *send], stdin=subprocess.DEVNULL)
    time.sleep(1.0)
    table = folder / "live.csv"
    words = ("--display", "--record", folder / "raw.mp4", "--csv", table, "--reconnect", "0")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(tracked(url, roi, preset, *words), capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    sender.kill()
    sender.wait()
    if not table.exists():
        raise SystemExit(f"the tracker has ended before its first row: {done.stderr}")
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    seconds = float(rows[-1]["timestamp"]) - float(rows[0]["timestamp"])
    rate = (len(rows) - 1) / seconds
    cpu = 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(rows)
    told = f"{rate:.1f} frames a second, aim at least {RATES[preset]}; {cpu:.0f} ms of CPU a frame"
    print(f"live {preset}: {told}; {done.stderr.splitlines()[0]}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path, help="a 1080p clip")
    parser.add_argument("roi", help="the target in its first frame, X,Y,W,H")
    parser.add_argument("--what", nargs="+", default=["video", "table", "live"], choices=["video", "table", "live"])
    parser.add_argument("--presets", nargs="+", default=["fast", "accurate"])
    parser.add_argument("--frames", type=int, default=800, help="length to which the clip is looped")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clip = looped(given.clip, given.frames, folder)
        for what in given.what:
            for preset in given.presets:
                if what == "live":
                    live(preset, clip, given.roi, folder)
                else:
                    compare(what, preset, clip, given.roi, given.rounds, folder)


if __name__ == "__main__":
    main()
