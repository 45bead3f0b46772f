"""One run of the player over a real recording of one target."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.viewer.fakes import Act, FakeScreen, drag_in_view, right_click_in_view
from tracker.geometry import Box
from tracker.output.base import Sink
from tracker.session import RunSummary, Session, Step
from tracker.video.base import FrameSource
from tracker.video.clock import Clock
from tracker.video.seekable import Seekable
from tracker.video.sources import open_source
from tracker.viewer.player import Player
from tracker.viewer.supply import FileSupply

FRAMES = 90
SCALE = 2.0
drag = functools.partial(drag_in_view, scale=SCALE)
SCENE = f"synth:smooth:frames={FRAMES}:size=320x240:fps=30"


@functools.cache
def scene() -> tuple[list[np.ndarray], list[Box]]:
    """The frames of the scene and where its target is."""
    with open_source(SCENE) as source:
        images = [frame.image for frame in source]
        return images, [source.truth(k) for k in range(FRAMES)]


def open_scene(start: float | None = None) -> FrameSource:
    return open_source(scene()[0], start=start, fps=30.0)


def truth(index: int) -> Box:
    return scene()[1][index]


def right_click(box: Box) -> Act:
    return right_click_in_view(*box.center, SCALE)


class Run:
    """One run of the player over the scene."""

    def __init__(self, folder: Path, *script: Act, roi: Box | None = None, sinks: tuple[Sink, ...] = ()) -> None:
        self.steps: list[Step] = []
        self.screen = FakeScreen(*script)
        source = Seekable(open_scene(), open_scene)
        self.session = Session(source, roi, sinks=sinks)
        supply = FileSupply(source, Clock(0.0))
        self.player = Player(self.session, supply, self.screen, folder=folder, on_step=self.steps.append)

    def play(self) -> RunSummary:
        return self.player.run()

    @property
    def indices(self) -> list[int]:
        return [step.frame.index for step in self.steps]


def reached(run: list[Run], index: int) -> Callable[[], bool]:
    return lambda: bool(run[0].steps) and run[0].steps[-1].frame.index >= index


def play(folder: Path, *script: Act, roi: Box | None = None, sinks: tuple[Sink, ...] = ()) -> Run:
    run = Run(folder, *script, roi=roi, sinks=sinks)
    run.play()
    return run
