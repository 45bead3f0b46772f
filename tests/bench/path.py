"""The way of one frame through the code: files, lines, Python calls and depth.

python tests/bench/path.py            prints a table
python tests/bench/path.py --check    prints it; exit code 1 where a figure is above its limit

Measured on the bundled clip of the juggler, in its eleventh frame, which is the tenth `update`: that update with each
preset while TRACKING, and one step of a session with video and CSV sinks, one turn of the window and one of the web's
worker. Counted is what `sys.setprofile` reports of functions below `tracker/` in the calling thread; the encoder's
thread is not part of it.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from types import FrameType

import tracker
from tracker import Box, Session, Tracker, TrackerConfig, TrackState, open_source

PACKAGE = str(Path(tracker.__file__).parent) + os.sep
VIDEOS = Path(__file__).parents[2] / "videos"
CLIP = str(VIDEOS / "juggle.mp4")
MEASURED = 10
"""0-based number of the frame whose way is measured."""
REDRAWN = 0.05
"""Seconds before a turn of the window, so that it looks after its events and draws, whatever the machine's speed."""


@dataclass(frozen=True, slots=True)
class Way:
    """What one frame passed through.

    Attributes:
        files: files of `tracker/` with a function that was called.
        lines: all lines of these files.
        calls: functions of `tracker/` entered; a generator counts each time that it goes on.
        depth: greatest number of functions of `tracker/` on the stack when one in C (numpy, cv2, built in) is called.
    """

    files: int
    lines: int
    calls: int
    depth: int


LIMITS: Mapping[str, Mapping[str, int]] = {
    "update fast": {"files": 23, "calls": 170, "depth": 8},
    "update accurate": {"files": 29, "calls": 363, "depth": 9},
    "update classic": {"files": 23, "calls": 182, "depth": 8},
    "session step": {"files": 44, "calls": 299, "depth": 13},
    "window turn": {"files": 53, "calls": 452, "depth": 14},
    "web turn": {"files": 33, "calls": 247, "depth": 16},
}
"""The figures that must not be exceeded, as measured with Python 3.11; 3.12 and later inline list comprehensions.

`lines` has no limit: a comment more is no longer way.
"""


class Profile:
    """Counts while it is the profile function of a thread."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._calls = self._depth = self._now = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event == "c_call":
            self._depth = max(self._depth, self._now)
        elif event in ("call", "return") and frame.f_code.co_filename.startswith(PACKAGE):
            if event == "call":
                self._files.add(frame.f_code.co_filename)
                self._calls += 1
            self._now += 1 if event == "call" else -1

    @property
    def way(self) -> Way:
        lines = sum(len(Path(name).read_text(encoding="utf-8").splitlines()) for name in self._files)
        return Way(len(self._files), lines, self._calls, self._depth)


def measured(action: Callable[[], object]) -> Way:
    """Return the way of one call of `action`."""
    profile = Profile()
    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(None)
    return profile.way


def update_way(preset: str) -> Way:
    """Return the way of one `update`."""
    tracker = Tracker.from_config(preset)
    with open_source(CLIP, end=MEASURED + 1) as source:
        first, *others, last = source
    tracker.init(first.image, first_box())
    for frame in others:
        tracker.update(frame.image, frame.timestamp)
    way = measured(lambda: tracker.update(last.image, last.timestamp))
    assert tracker.state is TrackState.TRACKING
    return way


def session_way() -> Way:
    """Return the way of one step of a session that writes a video and a table."""
    from tracker.output.registry import Output, SinkOptions, open_sinks

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        outputs = [Output("video", str(Path(folder, "out.mp4"))), Output("csv", str(Path(folder, "out.csv")))]
        sinks = stack.enter_context(open_sinks(outputs, SinkOptions()))
        steps = iter(Session(open_source(CLIP, end=MEASURED + 2), first_box(), config="fast", sinks=[sinks]))
        for _ in range(MEASURED):
            next(steps)
        way = measured(lambda: next(steps))
        for _ in steps:
            pass
        return way


class Screen:
    """A screen without pixels, at which nothing is done."""

    largest = (1600, 900)
    size = None
    full = False

    def show(self, image: object) -> None: ...

    def events(self, seconds: float) -> Sequence[object]:
        return ()

    def toggle_full_screen(self) -> None: ...

    def close(self) -> None: ...


def window_way() -> Way:
    """Return the way of one turn of the window."""
    from tracker.video.playback import playback_of
    from tracker.viewer.player import Player

    playback = playback_of(open_source(CLIP), lambda seconds: open_source(CLIP, start=seconds), 0.0)
    with Session(playback.source, first_box(), config="fast") as session:
        player = Player(session, playback, Screen())
        for _ in range(MEASURED):
            time.sleep(REDRAWN)
            player._turn()
        time.sleep(REDRAWN)
        return measured(player._turn)


def web_way() -> Way:
    """Return the way of one turn of the web's worker, from the source to what the watchers are given."""
    from tracker.web.broadcast import Broadcaster
    from tracker.web.library import Choice
    from tracker.web.service import TrackingService
    from tracker.web.worker import ServiceThread

    service = TrackingService(TrackerConfig(), "fast", speed=0.0)
    worker = ServiceThread(service, Broadcaster(1))
    service.open(Choice(CLIP, "juggle"))  # which shows the first frame
    service.add(first_box())
    for _ in range(MEASURED - 1):
        worker._turn()
    way = measured(worker._turn)
    service.close()
    return way


def first_box() -> Box:
    """Return the truth of the first frame."""
    with Path(CLIP).with_suffix(".csv").open(encoding="utf-8") as lines:
        row = next(csv.DictReader(lines))
    return Box(*(float(row[key]) for key in "xywh"))


WAYS: Mapping[str, Callable[[], Way]] = {
    "update fast": partial(update_way, "fast"),
    "update accurate": partial(update_way, "accurate"),
    "update classic": partial(update_way, "classic"),
    "session step": session_way,
    "window turn": window_way,
    "web turn": web_way,
}
"""What is measured, by name."""
FIGURES = tuple(field.name for field in fields(Way))


def excesses(name: str, way: Way) -> Iterator[str]:
    """Yield a line for each figure of `way` that is above its limit."""
    for figure, most in LIMITS[name].items():
        if getattr(way, figure) > most:
            yield f"{name}: {getattr(way, figure)} {figure}, at most {most} are allowed"


def main() -> int:
    """Measure, print and check; return the exit code."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    parser = argparse.ArgumentParser(description="Print the way of one frame through the code.")
    parser.add_argument("--check", action="store_true", help="Exit with 1 where a figure is above its limit.")
    check = parser.parse_args().check
    print(f"{'':<16}" + "".join(f"{figure:>8}" for figure in FIGURES))
    found: list[str] = []
    for name, measure in WAYS.items():
        way = measure()
        print(f"{name:<16}" + "".join(f"{getattr(way, figure):>8}" for figure in FIGURES), flush=True)
        found += excesses(name, way) if check else ()
    print("\n".join(found), end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
