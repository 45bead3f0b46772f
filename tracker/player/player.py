"""The loop at the window: frames in, pictures out, and a person in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from tracker.errors import BoxError, OutputError, SelectionCancelled, TargetError
from tracker.geometry import Box
from tracker.output.drag import Pointer
from tracker.output.keys import Command
from tracker.player.history import History
from tracker.player.saving import save_picture, write_preset
from tracker.player.stage import Screen, Stage
from tracker.player.supply import Outcome, Supply
from tracker.player.tuning import Tuner
from tracker.session import Chooser, RunSummary, Session, Step
from tracker.video.base import Frame
from tracker.video.recording import DEFAULT_FPS

_IDLE = 0.03
"""Seconds that the window is left alone when there is nothing to do."""
_LOOK = 0.015
"""Seconds after which it is looked after when there is."""
_NEAR, _FAR = 5.0, 30.0
"""Seconds of a jump."""
_INVITATION = "drag a box around the target   (h: help)"
_FOR_LONG = 3600.0


class Player:
    """Leads frames through a session while a person watches, chooses, pauses, steps, jumps and tunes.

    The session's sinks get what is tracked, each frame once and only forwards, however the person jumps about.
    """

    def __init__(
        self,
        session: Session,
        supply: Supply,
        screen: Screen,
        *,
        roi: Chooser | None = None,
        folder: Path | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> None:
        """Get ready; nothing is shown yet.

        Args:
            session: tracker and sinks; its source is that of `supply`. It will be closed.
            supply: where frames come from.
            screen: where they are shown; it will be closed.
            roi: chooses the target in the first frame; None to let the person do it.
            folder: where snapshots and presets go; None for the current one.
            on_step: called with each step that was processed.
        """
        self._session = session
        self._supply = supply
        self._stage = Stage(screen)
        self._roi = roi
        self._folder = folder or Path()
        self._on_step = on_step or (lambda _: None)
        self._history = History()
        self._tuner = Tuner()
        self._paused = False
        self._choosing = False
        self._over = False
        self._looked = 0.0
        self._actions = self._table()

    def run(self) -> RunSummary:
        """Go on until the source ends, the person quits, or the session is stopped.

        Raises:
            SelectionCancelled: the person quit without choosing a target.
            TrackerError: what `Session.select` and `Session.process` raise; a box that cannot be used is no error
                where the person can choose another.
        """
        try:
            with self._session:
                while not (self._over or self._session.stopped):
                    self._turn()
        finally:
            self._stage.close()
        if not self._session.started and not self._session.stopped:
            raise SelectionCancelled("no target was chosen: drag a box around it, or give --roi")
        return self._session.summary

    def _turn(self) -> None:
        spare = _IDLE if self._paused else min(self._supply.wait(), _IDLE)
        now = time.perf_counter()
        if spare > 0 or now - self._looked > _LOOK:
            self._looked = now
            for event in self._stage.events(spare):
                self._handle(event)
        if not (self._paused or self._over):
            self._advance(self._supply.take())
        if self._history.current is not None:
            self._stage.show(self._history.current, self._caption(self._history.current.frame))

    def _handle(self, event: Command | Pointer) -> None:
        if isinstance(event, Command):
            self._actions[event]()
            self._stage.touch()
        elif (box := self._stage.point(event)) is not None:
            self._select(box)

    def _advance(self, frame: Frame | None) -> None:
        if frame is None:
            self._over = self._over or self._supply.ended
            return
        if self._roi is not None:
            step, self._roi = self._session.select(frame, self._roi(frame)), None
        else:
            step = self._session.process(frame)
        if not self._session.started and self._history.current is None:
            self._paused = not self._supply.info.live
            self._stage.say(_INVITATION, _FOR_LONG)
        self._keep(step)
        self._on_step(step)

    def _keep(self, step: Step) -> None:
        self._history.add(step)
        self._stage.take(step)

    def _select(self, box: Box) -> None:
        looked_at = self._history.current
        if looked_at is None:
            return
        try:
            step = self._session.select(looked_at.frame, box)
        except (BoxError, TargetError) as error:
            self._stage.say(str(error))
            return
        if self._history.in_past and not self._supply.info.live:
            half_a_frame = 0.5 / (self._supply.info.fps or DEFAULT_FPS)
            self._supply.seek(looked_at.frame.timestamp + half_a_frame)
        self._history.clear()
        self._stage.forget()
        self._keep(step)
        self._stage.say("")
        self._go_on()

    def _table(self) -> Mapping[Command, Callable[[], None]]:
        return {
            Command.PAUSE: self._toggle_pause,
            Command.STEP: self._step,
            Command.STEP_BACK: self._step_back,
            Command.FORWARD: lambda: self._seek(_NEAR),
            Command.BACKWARD: lambda: self._seek(-_NEAR),
            Command.FAR_FORWARD: lambda: self._seek(_FAR),
            Command.FAR_BACKWARD: lambda: self._seek(-_FAR),
            Command.RESELECT: self._reselect,
            Command.DENSITY: lambda: self._restyle(layer=self._stage.style.layer.following()),
            Command.TRAIL: lambda: self._restyle(trail=not self._stage.style.trail),
            Command.HISTOGRAM: lambda: self._restyle(histogram=not self._stage.style.histogram),
            Command.CURVE: lambda: self._restyle(curve=not self._stage.style.curve),
            Command.SNAPSHOT: self._snapshot,
            Command.FASTER: lambda: self._tell(self._supply.faster()),
            Command.SLOWER: lambda: self._tell(self._supply.slower()),
            Command.NEXT_SETTING: lambda: self._stage.say(self._tuner.choose_next(self._session.config)),
            Command.LOWER: lambda: self._tune(-1),
            Command.RAISE: lambda: self._tune(1),
            Command.WRITE_PRESET: lambda: self._save(lambda: write_preset(self._session.config, self._folder)),
            Command.FULL_SCREEN: self._stage.toggle_full_screen,
            Command.HELP: self._toggle_help,
            Command.QUIT: self._quit,
            Command.CANCEL: self._cancel,
            Command.ACCEPT: lambda: None,
        }

    def _toggle_pause(self) -> None:
        if self._paused:
            self._go_on()
        else:
            self._paused = True

    def _go_on(self) -> None:
        self._paused = self._choosing = False
        self._history.newest()
        self._supply.restart()
        self._stage.rest()

    def _step(self) -> None:
        self._paused = True
        if not self._history.forward():
            self._stage.rest()
            self._advance(self._supply.take(at_once=True))

    def _step_back(self) -> None:
        self._paused = True
        if not self._history.back():
            self._stage.say("no earlier frame is kept: use the left arrow")

    def _seek(self, seconds: float) -> None:
        now = self._history.current
        outcome = self._supply.seek((now.frame.timestamp if now else 0.0) + seconds)
        self._tell(outcome)
        if outcome.done:
            self._history.clear()
            self._stage.forget()
            self._advance(self._supply.take(at_once=True))

    def _reselect(self) -> None:
        self._paused = self._choosing = True
        self._stage.say(_INVITATION, _FOR_LONG)

    def _cancel(self) -> None:
        if self._stage.dragging:
            self._stage.cancel_drag()
        elif self._choosing:
            self._stage.say("")
            self._go_on()
        else:
            self._quit()

    def _quit(self) -> None:
        self._over = True

    def _toggle_help(self) -> None:
        self._stage.help = not self._stage.help

    def _restyle(self, **changes: object) -> None:
        self._stage.style = replace(self._stage.style, **changes)  # type: ignore[arg-type]

    def _tell(self, outcome: Outcome) -> None:
        self._stage.say(outcome.text)

    def _snapshot(self) -> None:
        step = self._history.current
        if step is None:
            return
        stem = f"{Path(self._supply.info.name).stem}-{step.frame.index:06d}"
        picture = self._stage.picture(step, self._caption(step.frame))
        self._save(lambda: save_picture(picture, self._folder, stem))

    def _save(self, write: Callable[[], Path]) -> None:
        try:
            self._stage.say(f"saved {write().name}")
        except OutputError as error:
            self._stage.say(str(error))

    def _tune(self, steps: int) -> None:
        step = self._history.current
        config = self._tuner.turn(self._session.config, steps)
        if step is not None:
            self._session.configure(step.frame, config)
        self._stage.say(self._tuner.describe(config))

    def _caption(self, frame: Frame) -> str:
        rate = "paused" if self._paused else f"{self._stage.fps:.0f} fps"
        return "   ".join(
            filter(None, (f"frame {frame.index}   {frame.timestamp:.2f} s   {rate}", self._supply.status()))
        )
