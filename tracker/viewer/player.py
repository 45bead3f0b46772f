"""The loop at the window: frames in, pictures out, and a person in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tracker.drawing.viewer_frame import SceneStyle
from tracker.errors import BoxError, SelectionCancelled, TargetError, TargetIdError
from tracker.geometry import Box
from tracker.session import BaseSession, RunSummary, Step
from tracker.video.base import Frame
from tracker.viewer.actions import Tools
from tracker.viewer.display import Screen, Stage
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer, Touch
from tracker.viewer.supply import Supply
from tracker.viewer.timeline import Playback

_IDLE = 0.03
"""Seconds that the window is left alone when there is nothing to do."""
_LOOK = 0.015
"""Seconds after which it is looked after when there is."""
_NEAR, _FAR = 5.0, 30.0
"""Seconds of a jump."""


class Player:
    """Leads frames through a session while a person watches, chooses, removes, pauses, steps, jumps and tunes.

    The session's sinks get what is tracked, each frame once and only forwards, however the person jumps about.
    """

    def __init__(
        self,
        session: BaseSession,
        supply: Supply,
        screen: Screen,
        *,
        folder: Path | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> None:
        """Get ready; nothing is shown yet.

        Args:
            session: targets and sinks; its source is that of `supply`. It will be closed.
            supply: where frames come from.
            screen: where they are shown; it will be closed.
            folder: where snapshots and presets go; None for the current one.
            on_step: called with each step that was processed.
        """
        self._session = session
        self._playback = Playback(supply)
        self._stage = Stage(screen, SceneStyle(several=session.adds))
        self._tools = Tools(session, self._playback, self._stage, folder or Path())
        self._on_step = on_step or (lambda _: None)
        self._choosing = False
        self._over = False
        self._looked = 0.0
        self._actions = self._table()

    def run(self) -> RunSummary:
        """Go on until the source ends, the person quits, or the session is stopped.

        Raises:
            SelectionCancelled: the person quit without choosing a target, and none was to come by itself.
            TrackerError: what `BaseSession.process` raises; a box that cannot be used is no error where the person can
                choose another.
        """
        expecting = self._session.expecting
        try:
            with self._session:
                while not (self._over or self._session.stopped):
                    self._turn()
        finally:
            self._stage.close()
        if not (self._session.started or self._session.stopped or expecting):
            raise SelectionCancelled("no target was chosen: drag a box around it, or give --roi")
        return self._session.summary

    def _turn(self) -> None:
        spare = self._playback.spare(_IDLE)
        now = time.perf_counter()
        if spare > 0 or now - self._looked > _LOOK:
            self._looked = now
            for event in self._stage.events(spare):
                self._handle(event)
        if not (self._playback.paused or self._over):
            self._advance(self._playback.next())
        if self._playback.current is not None:
            self._stage.show(self._playback.current, self._playback.status(self._stage.fps))

    def _handle(self, event: Command | Pointer) -> None:
        if isinstance(event, Command):
            self._actions[event]()
            self._stage.touch()
        elif event.touch is Touch.PRESS_RIGHT:
            self._remove(event)
        elif (box := self._stage.point(event)) is not None:
            self._choose(box)

    def _advance(self, frame: Frame | None) -> None:
        if frame is None:
            self._over = self._over or self._playback.ended
            return
        wanted = not (self._session.started or self._session.expecting or self._playback.current)
        step = self._session.process(frame)
        if wanted:
            self._playback.paused = not self._playback.live
            self._ask()
        self._keep(step)
        self._on_step(step)

    def _keep(self, step: Step) -> None:
        self._playback.keep(step)
        self._stage.take(step)

    def _choose(self, box: Box) -> None:
        looked_at = self._playback.current
        if looked_at is None:
            return
        past = self._playback.in_past
        back = past and not self._playback.live
        try:
            step = self._session.choose(looked_at.frame, box, looked_at.tracks if back else ())
        except (BoxError, TargetError) as error:
            self._stage.say(str(error))
            return
        if back:
            self._playback.return_to(looked_at.frame)
        if past or not self._session.adds:
            self._playback.forget()
            self._stage.forget()
        chosen = step.tracks[-1]
        self._stage.attend(chosen.id)
        self._stage.rest()
        self._keep(step)
        self._stage.say(f"{chosen.name} is followed" if self._session.adds else "")
        if not (self._session.adds and self._playback.paused):
            self._go_on()

    def _remove(self, pointer: Pointer) -> None:
        track = None if self._playback.current is None else self._stage.target_at(pointer, self._playback.current)
        if track is None:
            self._stage.say("no target there: a right click on a box removes it")
            return
        try:
            self._session.remove(track.id)
        except TargetIdError as error:  # seen in the past, and gone since
            self._stage.say(str(error))
            return
        self._playback.forget_target(track.id)
        self._stage.say(f"{track.name} is followed no longer")
        if not self._session.adds:
            self._invite()

    def _table(self) -> Mapping[Command, Callable[[], None]]:
        return {
            **self._tools.table(),
            Command.PAUSE: self._toggle_pause,
            Command.STEP: self._step,
            Command.STEP_BACK: self._step_back,
            Command.FORWARD: lambda: self._jump(_NEAR),
            Command.BACKWARD: lambda: self._jump(-_NEAR),
            Command.FAR_FORWARD: lambda: self._jump(_FAR),
            Command.FAR_BACKWARD: lambda: self._jump(-_FAR),
            Command.RESELECT: self._invite,
            Command.QUIT: self._quit,
            Command.CANCEL: self._cancel,
            Command.ACCEPT: lambda: None,
        }

    def _toggle_pause(self) -> None:
        if self._playback.paused:
            self._go_on()
        else:
            self._playback.paused = True

    def _go_on(self) -> None:
        self._choosing = False
        self._stage.invitation = ""
        self._playback.run()
        self._stage.rest()

    def _step(self) -> None:
        if not self._playback.forward():
            self._stage.rest()
            self._advance(self._playback.next(at_once=True))

    def _step_back(self) -> None:
        if not self._playback.back():
            self._stage.say("no earlier frame is kept: use the left arrow")

    def _jump(self, seconds: float) -> None:
        outcome = self._playback.jump(seconds)
        self._stage.say(outcome.text)
        if outcome.done:
            self._stage.forget()
            self._advance(self._playback.next(at_once=True))

    def _invite(self) -> None:
        self._choosing = self._playback.paused = True
        self._ask()

    def _ask(self) -> None:
        whom = "each target" if self._session.adds else "the target"
        then = ", space goes on" if self._session.adds and self._playback.paused else ""
        self._stage.invitation = f"drag a box around {whom}{then}   (h: help)"

    def _cancel(self) -> None:
        if self._stage.dragging:
            self._stage.cancel_drag()
        elif self._choosing:
            self._go_on()
        else:
            self._quit()

    def _quit(self) -> None:
        self._over = True
