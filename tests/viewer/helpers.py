"""A screen without pixels that plays a script, and a run of the player over a scene with one target."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tracker.geometry import Box
from tracker.image import Image
from tracker.output.base import Sink
from tracker.session import RunSummary, Session, Step
from tracker.video.base import FrameSource
from tracker.video.playback import playback_of
from tracker.video.sources import open_source
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer, Touch
from tracker.viewer.player import AtEnd, Player

Act = Command | Pointer | Callable[[], bool] | None
"""Something the person does; None lets a moment pass; a question waits until its answer is yes."""

PATIENCE = 3000
"""Moments that a question is waited with."""


class FakeScreen:
    """Plays a script, one act each time the player looks at the events; quits at its end."""

    def __init__(self, *script: Act) -> None:
        self.script = list(script)
        self._waited = 0
        self.shown: list[Image] = []
        self.closed = False
        self.full = False
        self.largest = (1600, 914)
        self.size: tuple[int, int] | None = None

    def show(self, image: Image) -> None:
        assert not self.closed
        self.shown.append(image)

    def events(self, seconds: float) -> Sequence[Command | Pointer]:
        if not self.script:
            return [Command.QUIT]
        act = self.script[0]
        if callable(act):
            self._waited += 1
            assert self._waited < PATIENCE, "waited in vain"
            if not act():
                return []
        self._waited = 0
        self.script.pop(0)
        return [act] if isinstance(act, Command | Pointer) else []

    def toggle_full_screen(self) -> None:
        self.full = not self.full

    def close(self) -> None:
        self.closed = True


def drag_in_view(box: Box, scale: float) -> list[Pointer]:
    """A drag around `box`, whose numbers are frame pixels, on a view of `scale`."""
    x, y, right, bottom = (v * scale for v in box.xyxy)
    return [
        Pointer(Touch.PRESS, x, y),
        Pointer(Touch.MOVE, (x + right) / 2, (y + bottom) / 2),
        Pointer(Touch.RELEASE, right, bottom),
    ]


def right_click_in_view(x: float, y: float, scale: float) -> Pointer:
    """A right click at a point of the frame, on a view of `scale`."""
    return Pointer(Touch.PRESS_RIGHT, x * scale, y * scale)


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

    def __init__(
        self,
        folder: Path,
        *script: Act,
        roi: Box | None = None,
        sinks: tuple[Sink, ...] = (),
        at_end: AtEnd = AtEnd.CLOSE,
    ) -> None:
        self.steps: list[Step] = []
        self.screen = FakeScreen(*script)
        playback = playback_of(open_scene(), open_scene, 0.0)
        self.session = Session(playback.source, roi, sinks=sinks)
        self.player = Player(
            self.session, playback, self.screen, folder=folder, on_step=self.steps.append, at_end=at_end
        )

    def play(self) -> RunSummary:
        return self.player.run()

    @property
    def indices(self) -> list[int]:
        return [step.frame.index for step in self.steps]


def reached(run: list[Run], index: int) -> Callable[[], bool]:
    return lambda: bool(run[0].steps) and run[0].steps[-1].frame.index >= index


def arrived(run: list[Run]) -> Callable[[], bool]:
    """Whether no jump is under way; the turn after that shows where it has led."""
    return lambda: not run[0].player._timeline.seeking


def play(folder: Path, *script: Act, roi: Box | None = None, sinks: tuple[Sink, ...] = ()) -> Run:
    run = Run(folder, *script, roi=roi, sinks=sinks)
    run.play()
    return run
