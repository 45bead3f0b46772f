"""How old a live frame is when it is handed over: ours against a plain `cv2.VideoCapture` loop.

A sender in this process writes the frame's number into the picture as a binary barcode and sends 30 frames a second
over TCP on the loopback (H.264 in MPEG-TS). The consumer takes 100 ms a frame. The lag is how many frames the sender
was ahead of the frame handed over, in milliseconds of its time.

    python tests/bench/bench_latency.py [--seconds 15]
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import cv2
import imageio_ffmpeg
import numpy as np

from tracker.image import Image
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.sources import open_source

WIDTH, HEIGHT, FPS, BITS = 640, 360, 30, 20
CONSUMER = 0.1
"""Seconds that the consumer takes for a frame: ten a second."""


def stamped(number: int) -> Image:
    """A gray picture with a number in it: a row of black and white blocks, the lowest bit first."""
    image = np.full((HEIGHT, WIDTH, 3), 100, np.uint8)
    block = WIDTH // BITS
    for bit in range(BITS):
        image[: 2 * block, bit * block : (bit + 1) * block] = 255 * (number >> bit & 1)
    return image


def number_in(image: Image) -> int:
    """Read the number back from the middles of the blocks."""
    block = WIDTH // BITS
    return sum(int(image[block, bit * block + block // 2, 1] > 127) << bit for bit in range(BITS))


class Sender:
    """Sends numbered frames in real time to one viewer."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"tcp://127.0.0.1:{port}"
        self.sent = 0
        self._over = threading.Event()
        raw = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "pipe:0"]
        code = [
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-g",
            str(FPS),
            "-pix_fmt",
            "yuv420p",
        ]
        head = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "quiet", "-probesize", "32", "-fflags", "nobuffer"]
        command = [*head, *raw, *code, "-flush_packets", "1", "-f", "mpegts", f"{self.url}?listen=1"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0)
        self._thread = threading.Thread(target=self._send)
        self._thread.start()
        time.sleep(1.0)

    def close(self) -> None:
        self._over.set()
        self._process.kill()
        self._thread.join()
        self._process.wait()

    def _send(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        began = time.perf_counter()
        with contextlib.suppress(OSError), pipe:
            while not self._over.is_set():
                pipe.write(stamped(self.sent).tobytes())
                self.sent += 1
                if self.sent == 1:
                    continue
                behind = time.perf_counter() - began - self.sent / FPS
                if behind > 1.0:  # the pipe was blocked until the viewer came
                    began += behind
                time.sleep(max(0.0, began + self.sent / FPS - time.perf_counter()))


@contextlib.contextmanager
def plain(url: str) -> Iterator[Callable[[], Image]]:
    """The loop of every tutorial."""
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    yield lambda: capture.read()[1]
    capture.release()


@contextlib.contextmanager
def ours(url: str) -> Iterator[Callable[[], Image]]:
    """The live source."""
    source = open_source(url, live=LivePolicy(open_timeout=30.0))
    assert isinstance(source, LiveSource)
    with source:
        frames = iter(source)
        yield lambda: next(frames).image
        stats = source.stats
        print(f"  received {stats.received}, handed over {stats.delivered}, dropped {stats.dropped}")


def measure(viewer: Callable[[str], contextlib.AbstractContextManager[Callable[[], Image]]], seconds: float) -> None:
    """Print the lag of each second's last frame, and the median of all after the first three seconds."""
    sender = Sender()
    lags: list[float] = []
    try:
        with viewer(sender.url) as read:
            print(viewer.__name__)
            began = time.perf_counter()
            while time.perf_counter() - began < seconds:
                number = number_in(read())
                lags.append(1000 * (sender.sent - 1 - number) / FPS)
                time.sleep(CONSUMER)
            every = max(1, round(1 / CONSUMER))
            print("  lag each second, ms: " + " ".join(f"{lag:.0f}" for lag in lags[every - 1 :: every]))
            settled = lags[3 * every :]
            print(f"  median {statistics.median(settled):.0f} ms, largest {max(settled):.0f} ms")
    finally:
        sender.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15.0)
    seconds = parser.parse_args().seconds
    cv2.setNumThreads(1)
    for viewer in (plain, ours):
        measure(viewer, seconds)


if __name__ == "__main__":
    main()
