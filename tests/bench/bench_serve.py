"""What watchers cost the tracker: `python tests/bench/bench_serve.py`.

Plays a 640x360 scene of 25 frames per second in a server of its own process, and counts the frames a second that are
tracked while nobody watches and while many do, by turns. Prints the median of the rounds' ratios (the aim is at least
0.9), the watchers' own rate, and how much memory the server grew by in the last half of the run.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SCENE = "synth:smooth:size=640x360:frames=2000"
AIM = 0.9
PAGE = 4096


class Round(NamedTuple):
    """Frames a second, tracked and shown to the average watcher; and the server's memory, bytes."""

    tracked: float
    shown: float
    memory: int


def start() -> tuple[subprocess.Popen[str], str]:
    """Return a server and its address."""
    command = [sys.executable, "-m", "tracker", "serve", SCENE, "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    found = re.search(r"http://\S+", server.stdout.readline())
    assert found is not None
    return server, found[0].rstrip("/")


class Watchers:
    """Clients that take every frame they are sent."""

    def __init__(self, url: str, count: int) -> None:
        """Begin to watch."""
        self.frames = 0
        self._over = threading.Event()
        address = url.replace("http", "ws") + "/ws"
        self._threads = [threading.Thread(target=self._watch, args=(address,)) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Leave."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, address: str) -> None:
        with connect(address, compression=None, max_size=None) as socket:
            while not self._over.is_set():
                try:
                    data = socket.recv(timeout=1)
                except (TimeoutError, ConnectionClosed):
                    continue
                if isinstance(data, bytes):
                    size = int.from_bytes(data[:4], "big")
                    socket.send(json.dumps({"ack": json.loads(data[4 : 4 + size])["number"]}))
                    self.frames += 1


def measure(client: httpx.Client, pid: int, watchers: int, seconds: float) -> Round:
    """Return what happens with so many watchers."""
    client.post("/api/playback", json={"action": "seek", "seconds": 0}).raise_for_status()
    client.post("/api/playback", json={"action": "play"}).raise_for_status()
    watching = Watchers(str(client.base_url).rstrip("/"), watchers)
    time.sleep(1.0)
    first, shown, began = frame(client), watching.frames, time.perf_counter()
    time.sleep(seconds)
    last, seen, taken = frame(client), watching.frames, time.perf_counter() - began
    watching.stop()
    memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return Round((last - first) / taken, (seen - shown) / taken / max(1, watchers), memory)


def frame(client: httpx.Client) -> int:
    """Return the number of the newest frame that was tracked."""
    rows = client.get("/api/targets").json()
    return int(rows[0]["frame"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side")
    parser.add_argument("--seconds", type=float, default=6.0, help="of a turn")
    given = parser.parse_args()
    server, url = start()
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            client.post("/api/targets", json={"box": [280, 144, 79, 72]}).raise_for_status()
            pairs = [
                [measure(client, server.pid, clients, given.seconds) for clients in (0, given.clients)]
                for _ in range(given.rounds)
            ]
    finally:
        server.terminate()
        server.wait()
    for alone, watched in pairs:
        print(
            f"alone {alone.tracked:5.1f} fps   {given.clients} clients {watched.tracked:5.1f} fps, "
            f"{watched.shown:5.1f} shown to each   {watched.memory / 2**20:6.0f} MiB"
        )
    ratio = median(watched.tracked / alone.tracked for alone, watched in pairs)
    growth = pairs[-1][1].memory - pairs[len(pairs) // 2][1].memory
    print(f"ratio {ratio:.2f} (aim: at least {AIM})   memory of the last half {growth / 2**20:+.1f} MiB")


if __name__ == "__main__":
    main()
