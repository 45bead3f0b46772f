"""Jumps of the window go on beside it: it stays alive, and the next key or Ctrl-C is answered at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.viewer.helpers import Act, FakeScreen, arrived, drag, open_scene, reached, scene, truth
from tracker.output.text import CsvSink
from tracker.session import Session, Step
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.playback import playback_of
from tracker.viewer.keys import Command
from tracker.viewer.player import AtEnd, Player

QUIT, PAUSE, CANCEL = Command.QUIT, Command.PAUSE, Command.CANCEL
BACK, FAR_BACK = Command.BACKWARD, Command.FAR_BACKWARD


class Held(FrameSource):
    """The scene from a time on, whose first frame takes as long as it is held back."""

    def __init__(self, start: float, gate: threading.Event) -> None:
        self._source = open_scene(start)
        self._gate = gate
        self._stopped = threading.Event()
        self.info: SourceInfo = self._source.info

    def __iter__(self) -> Iterator[Frame]:
        while not (self._gate.wait(0.01) or self._stopped.is_set()):
            pass
        if not self._stopped.is_set():
            yield from self._source

    def stop(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        self._source.close()


class HeldRun:
    """A run of the player whose jumps arrive when `gate` is set."""

    def __init__(self, folder: Path, at_end: AtEnd = AtEnd.STAY) -> None:
        self.gate = threading.Event()
        self.asked: list[float] = []
        self.steps: list[Step] = []
        self.screen = FakeScreen()
        playback = playback_of(open_scene(), self._reopen, 0.0)
        self.session = Session(playback.source, truth(0), sinks=[CsvSink(folder / "box.csv")])
        self.player = Player(
            self.session, playback, self.screen, folder=folder, on_step=self.steps.append, at_end=at_end
        )

    def _reopen(self, start: float) -> FrameSource:
        self.asked.append(start)
        return Held(start, self.gate)

    def play(self, *script: Act) -> None:
        self.screen.script[:] = script
        self.player.run()

    def shown(self) -> int:
        step = self.player._timeline.current
        return -1 if step is None else step.frame.index

    def let_go(self) -> bool:
        self.gate.set()
        return True


@pytest.fixture
def run(tmp_path: Path) -> HeldRun:
    scene()
    return HeldRun(tmp_path)


def noting(run: HeldRun, seen: list[object], what: Callable[[], object]) -> Callable[[], bool]:
    def note() -> bool:
        seen.append(what())
        return True

    return note


def test_keys_are_answered_while_a_jump_is_under_way_and_it_is_said(run: HeldRun) -> None:
    seen: list[object] = []
    told = noting(run, seen, lambda: (run.player._display._warning, run.player._display.help))
    run.play(reached([run], 60), PAUSE, BACK, None, told, Command.HELP, None, told, run.let_go, arrived([run]), QUIT)
    assert seen == [("jumping to 0.0 s ...", False), ("jumping to 0.0 s ...", True)]
    assert run.shown() == 0


def test_the_next_jump_takes_the_place_of_one_under_way(run: HeldRun) -> None:
    run.play(reached([run], 60), PAUSE, FAR_BACK, None, Command.FORWARD, None, BACK, run.let_go, arrived([run]), QUIT)
    assert run.asked == [0.0, 5.0, 0.0]  # from where the jump before would have led
    assert run.shown() == 0


def test_escape_gives_a_jump_up_and_the_picture_runs_on(run: HeldRun) -> None:
    seen: list[object] = []
    paused = noting(run, seen, run.shown)
    script = [reached([run], 40), PAUSE, paused, BACK, None, CANCEL, None, paused, PAUSE, reached([run], 50), QUIT]
    run.play(*script)
    assert seen[0] == seen[1]
    assert [step.frame.index for step in run.steps] == list(range(len(run.steps)))


def test_a_step_gives_a_jump_up(run: HeldRun) -> None:
    run.play(reached([run], 40), PAUSE, BACK, None, Command.STEP, None, QUIT)
    assert [step.frame.index for step in run.steps] == list(range(len(run.steps)))


def test_a_program_that_is_stopped_does_not_wait_for_a_jump(run: HeldRun) -> None:
    def stop() -> bool:
        run.session.stop()
        return True

    run.play(reached([run], 40), PAUSE, BACK, None, stop, lambda: False)
    assert run.session.summary.stopped


def test_a_frame_of_the_past_that_a_target_was_chosen_on_is_returned_to_whatever_comes_between(run: HeldRun) -> None:
    seen: list[int] = []

    def choose() -> bool:
        seen.append(run.shown())
        jump = [BACK, None, CANCEL, None]  # a jump that is given up must not undo the return
        run.screen.script[1:1] = [*drag(truth(run.shown())), None, PAUSE, *jump, run.let_go, PAUSE, reached([run], 80)]
        return True

    run.play(reached([run], 60), PAUSE, *[Command.STEP_BACK] * 20, choose, QUIT)
    again = [step.frame.index for step in run.steps]
    second = len(again) - again[::-1].index(seen[0] + 1) - 1
    assert again[second:] == list(range(seen[0] + 1, seen[0] + 1 + len(again) - second))
    assert again.count(seen[0] + 1) == 2
