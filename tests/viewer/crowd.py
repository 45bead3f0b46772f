"""A scene with several targets, and a run of the player over it."""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.viewer.helpers import Act, FakeScreen, drag_in_view, right_click_in_view
from tracker.geometry import Box
from tracker.image import Image
from tracker.output.text import CsvSink
from tracker.session import Session, Step, Target
from tracker.video.base import FrameSource
from tracker.video.playback import playback_of
from tracker.video.sources import open_source
from tracker.viewer.mouse import Pointer
from tracker.viewer.player import AtEnd, Player

FRAMES = 60
RED, GREEN, YELLOW = 0, 2, 4
"""Those of the scene that keep apart."""
_SCALE = 2.0
"""Viewport pixels a pixel of the scene."""


@functools.cache
def crowd() -> tuple[list[Image], list[list[Box]]]:
    """The frames of the scene, and where everybody is in each."""
    with open_source(f"synth:crowd:frames={FRAMES}:size=320x240:fps=30") as source:
        images = [frame.image for frame in source]
        return images, [[source.truth(k, who) for who in range(6)] for k in range(FRAMES)]


def truth(index: int, who: int) -> Box:
    return crowd()[1][index][who]


def ann_and_bob() -> list[Target]:
    return [Target.at("ann", truth(0, GREEN)), Target.at("bob", truth(0, YELLOW))]


def drag(box: Box) -> list[Pointer]:
    return drag_in_view(box, _SCALE)


def right_click(box: Box) -> Pointer:
    return right_click_in_view(*box.center, _SCALE)


class CrowdRun:
    """One run of the player over a recording with several targets."""

    def __init__(self, folder: Path, *targets: Target, images: Sequence[Image] | None = None) -> None:
        self.steps: list[Step] = []
        self.screen = FakeScreen()
        self._table = folder / "out.csv"
        pictures = crowd()[0] if images is None else list(images)

        def open_images(start: float | None = None) -> FrameSource:
            return open_source(pictures, start=start, fps=30.0)

        playback = playback_of(open_images(), open_images, 0.0)
        self.session = Session(
            playback.source, config="fast", targets=targets, sinks=[CsvSink(self._table, rewinds=True)]
        )
        self.player = Player(
            self.session, playback, self.screen, folder=folder, on_step=self.steps.append, at_end=AtEnd.CLOSE
        )

    def play(self, *script: Act) -> None:
        self.screen.script.extend(script)
        self.player.run()

    def at(self, index: int, acts: Callable[[], Sequence[Act]] = tuple) -> Callable[[], bool]:
        """Return what waits until a frame was processed and then has the person do what `acts` says."""

        def ask() -> bool:
            if not self.steps or self.steps[-1].frame.index < index:
                return False
            self.screen.script[1:1] = acts()
            return True

        return ask

    def to_the_end(self) -> bool:
        """Wait for the end of the recording."""
        return False

    @property
    def current(self) -> Step:
        """What the person looks at."""
        step = self.player._timeline.current
        assert step is not None
        return step

    @property
    def now(self) -> int:
        return self.current.frame.index

    def box(self, target: int) -> Box:
        return next(track.result.box for track in self.current.tracks if track.id == target)

    @property
    def message(self) -> str:
        return self.player._display._message

    def rows(self) -> dict[int, list[int]]:
        """The frames in the table by target."""
        found: dict[int, list[int]] = {}
        with self._table.open(newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(int(row["id"]), []).append(int(row["frame"]))
        return found
