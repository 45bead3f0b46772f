"""What watchers cost the tracker: `python tests/bench/bench_serve.py`.

Plays a 640x360 scene of 25 frames per second in a server of its own process, and counts the frames a second that are
tracked while nobody watches and while many do, by turns. Prints the median of the rounds' ratios (the aim is at least
0.9), the watchers' own rate, and how much memory the server grew by in the last half of the run.

`--minutes N` follows ten targets in a camera instead, whose pictures come from this process, and prints the server's
memory as time goes by. Its rows are bounded so that they are full early, however slow the machine; from half of the
time on the memory may grow by 16 MiB.

`--cpu` compares the CPU time a frame with that of `tracker track` on the same clip, without a watcher (the aim is at
most 1.3) and with one that takes every frame (1.8). At the true speed the processor's caches are cold for each frame:
decoding alone takes a third more then. So the first comparison is also made as fast as it goes, as `track` does.
"""

from __future__ import annotations

import argparse
import contextlib
import http.server
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import ClassVar, NamedTuple

import cv2
import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tracker import open_source

SCENE = "synth:smooth:size=640x360:frames=2000"
AIM = 0.9
PAGE = 4096


class Round(NamedTuple):
    """Frames a second, tracked and shown to the average watcher; and the server's memory, bytes."""

    tracked: float
    shown: float
    memory: int


def start(command: list[str] | None = None) -> tuple[subprocess.Popen[str], str]:
    """Return a server and its address."""
    command = command or [sys.executable, "-m", "tracker", "serve", SCENE, "--port", "0"]
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
    return Round((last - first) / taken, (seen - shown) / taken / max(1, watchers), memory_of(pid))


def frame(client: httpx.Client) -> int:
    """Return the number of the newest frame that was tracked."""
    rows = client.get("/api/targets").json()
    return int(rows[0]["frame"])


TARGETS = 10
FLAT = 16 * 2**20
"""Bytes that the memory may grow by from the middle of a long run."""
ROW = 300
"""Bytes of a row at most."""
CAMERA = """
from tracker.config.reader import load_config
from tracker.web.server import InitialSource, Server
from tracker.web.settings import Limits, ServeSettings
server = Server(ServeSettings(port=0, limits=Limits(rows={rows})), InitialSource({url!r}, load_config("fast"), "fast"))
print(server.address, flush=True)
server.run()
"""


class Pictures(http.server.BaseHTTPRequestHandler):
    """Sends pictures as a camera does, MJPEG of 25 frames a second, back and forth through a scene."""

    pictures: ClassVar[list[bytes]] = []

    def do_GET(self) -> None:
        """Send until the client leaves."""
        self.send_response(200)
        self.send_header("content-type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        began = time.perf_counter()
        with contextlib.suppress(ConnectionError):
            for number, picture in enumerate(itertools.cycle([*self.pictures, *reversed(self.pictures)])):
                time.sleep(max(0.0, began + number / 25 - time.perf_counter()))
                head = f"--picture\r\ncontent-type: image/jpeg\r\ncontent-length: {len(picture)}\r\n\r\n"
                self.wfile.write(head.encode() + picture + b"\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def camera() -> Iterator[str]:
    """Yield the address of a camera."""
    with open_source("synth:smooth:size=640x360:frames=100") as source:
        Pictures.pictures = [cv2.imencode(".jpg", frame.image)[1].tobytes() for frame in source]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/video"
        server.shutdown()


def memory_of(pid: int) -> int:
    """Return the memory that a process has, bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def watch_memory(minutes: float) -> None:
    """Follow ten targets in a camera, with one watcher, and print the memory in twelve parts of the time."""
    rows = round(minutes * 60 * 2 * TARGETS)  # full before the middle at four frames a second
    with camera() as url:
        script = CAMERA.format(rows=rows, url=url)
        server = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip().rstrip("/")
            with httpx.Client(base_url=address, timeout=60) as client:
                while client.get("/api/status").json()["phase"] != "playing":
                    time.sleep(0.2)
                for number in range(TARGETS):
                    box = [30 + 55 * number, 40 + 25 * number, 50, 45]
                    client.post("/api/targets", json={"box": box}).raise_for_status()
                watching = Watchers(address, 1)
                seen = []
                for _ in range(12):
                    time.sleep(minutes * 5)
                    seen.append(memory_of(server.pid))
                    client.get("/api/timeline").raise_for_status()
                    print(f"{len(seen) * minutes / 12:6.1f} min   {seen[-1] / 2**20:6.0f} MiB", flush=True)
                watching.stop()
                exported = client.get("/api/results/export?kind=csv").text.count("\n") - 1
                said = client.get("/api/status").json()["message"]
        finally:
            server.terminate()
            server.wait()
    growth = max(seen[6:]) - seen[5]
    print(f"{exported} rows exported of at most {rows} (up to {rows * ROW / 2**20:.0f} MiB)   said: {said}")
    print(f"memory of the last half {growth / 2**20:+.1f} MiB (at most {FLAT / 2**20:.0f})")
    if growth > FLAT:
        raise SystemExit(1)


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a process and its children that have ended have used."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, numbers[11:15])) / os.sysconf("SC_CLK_TCK")


def wait(client: httpx.Client, seconds: float) -> None:
    """Wait so long, or until the clip has ended."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and client.get("/api/status").json()["phase"] == "playing":
        time.sleep(0.5)


def compare_cpu(seconds: float) -> None:
    """Print the CPU time a frame of `track`, and of the server without and with a watcher."""
    with tempfile.TemporaryDirectory() as folder:
        clip, box = Path(folder) / "clip.mp4", "280,144,79,72"
        track = [sys.executable, "-m", "tracker", "track"]
        made = f"{SCENE}:frames={round(25 * seconds)}".replace(":frames=2000", "")
        subprocess.run([*track, made, "--roi", box, "--record", str(clip), "-q", "--no-display"], check=True)
        alone = []
        for end in (25, round(25 * seconds)):
            before = os.times()
            done = [*track, str(clip), "--roi", box, "--config", "fast", "--end", str(end), "-q", "--no-display"]
            subprocess.run([*done, "--csv", str(Path(folder) / f"{end}.csv")], check=True)
            after = os.times()
            alone.append(after.children_user + after.children_system - before.children_user - before.children_system)
        base = (alone[1] - alone[0]) / (round(25 * seconds) - 25)
        print(f"track        {1e3 * base:6.2f} ms a frame")
        command = [sys.executable, "-m", "tracker", "serve", str(clip), "--port", "0", "--config", "fast"]
        for watchers, speed, aim in ((0, 0, 1.3), (0, 1, 1.3), (1, 1, 1.8)):
            server, url = start([*command, "--speed", str(speed)])
            try:
                with httpx.Client(base_url=url, timeout=30) as client:
                    client.post("/api/targets", json={"box": [280, 144, 79, 72]}).raise_for_status()
                    watching = Watchers(url, watchers)
                    client.post("/api/playback", json={"action": "play"}).raise_for_status()
                    time.sleep(0.2)
                    first, used = frame(client), cpu_of(server.pid)
                    wait(client, seconds - 3)
                    last, spent = frame(client), cpu_of(server.pid) - used
                    watching.stop()
            finally:
                server.terminate()
                server.wait()
            each = spent / (last - first)
            pace = "true speed" if speed else "as fast as it goes"
            ratio = f"{each / base:.2f} of track (aim: at most {aim})"
            print(f"{watchers} watchers, {pace}: {1e3 * each:6.2f} ms a frame, {ratio}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side")
    parser.add_argument("--seconds", type=float, default=6.0, help="of a turn")
    parser.add_argument("--minutes", type=float, default=0.0, help="of a long run with ten targets in a camera")
    parser.add_argument("--cpu", action="store_true", help="compare the CPU time a frame with that of track")
    given = parser.parse_args()
    if given.minutes:
        watch_memory(given.minutes)
        return
    if given.cpu:
        compare_cpu(max(given.seconds, 20.0))
        return
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
