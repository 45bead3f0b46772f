"""The loop at the window: frames in, pictures out, commands and drags in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tracker.drawing.viewer_frame import ViewerStyle
from tracker.errors import BoxError, SelectionCancelled, TargetError, TargetIdError
from tracker.geometry import Box
from tracker.session import RunSummary, Session, Step
from tracker.video.base import Frame
from tracker.video.playback import Playback
from tracker.viewer.actions import PlayerActions
from tracker.viewer.display import PlayerDisplay, Screen
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer, Touch
from tracker.viewer.timeline import Timeline

_IDLE = 0.03
"""Seconds that events are waited for when there is nothing else to do."""
_EVENTS = 0.015
"""Seconds between two looks at its events when there is."""
_NEAR, _FAR = 5.0, 30.0
"""Seconds of a jump."""


class Player:
    """Leads frames through a session and shows them, and does what keys and mouse ask for.

    The session's sinks get what is tracked, each frame once and only forwards, however the window jumps about.
    """

    def __init__(
        self,
        session: Session,
        playback: Playback,
        screen: Screen,
        *,
        folder: Path | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> None:
        """Get ready; nothing is shown yet.

        Args:
            session: targets and sinks; its source is that of `playback`. It will be closed.
            playback: where frames come from.
            screen: where they are shown; it will be closed.
            folder: where snapshots and presets go; None for the current one.
            on_step: called with each step that was processed.
        """
        self._session = session
        self._timeline = Timeline(playback)
        self._display = PlayerDisplay(screen, ViewerStyle(several=session.adds))
        self._others = PlayerActions(session, self._timeline, self._display, folder or Path())
        self._on_step = on_step or (lambda _: None)
        self._choosing = False
        self._over = False
        self._silent = False
        self._polled = 0.0
        self._actions = self._table()

    def run(self) -> RunSummary:
        """Go on until the source ends, the window is closed, or the session is stopped.

        Raises:
            SelectionCancelled: the window was closed without a target, and none was to start by itself.
            TrackerError: what `Session.process` raises; a box that cannot be used is no error where another can be
                chosen.
        """
        expecting = self._session.expecting
        try:
            with self._session:
                while not (self._over or self._session.stopped):
                    self._turn()
        finally:
            self._display.close()
        if not (self._session.started or self._session.stopped or expecting):
            raise SelectionCancelled("no target was chosen: drag a box around it, or give --roi")
        return self._session.summary

    def _turn(self) -> None:
        spare = self._timeline.spare(_IDLE)
        now = time.perf_counter()
        if spare > 0 or now - self._polled > _EVENTS:
            self._polled = now
            for event in self._display.events(spare):
                self._handle(event)
        if not (self._timeline.paused or self._over):
            self._advance(self._timeline.next())
        self._watch_signal()
        if self._timeline.current is not None:
            self._display.show(self._timeline.current, self._timeline.status(self._display.fps))

    def _watch_signal(self) -> None:
        """Say when a live source has fallen silent; its targets are LOST then, as nothing is known of them."""
        self._timeline.watch()
        outage = self._timeline.outage
        self._display.warn(outage)
        if bool(outage) != self._silent:
            self._silent = bool(outage)
            step = self._session.lose_signal() if self._silent and not self._timeline.in_past else None
            if step is not None:
                self._timeline.keep(step)

    def _handle(self, event: Command | Pointer) -> None:
        if isinstance(event, Command):
            self._actions[event]()
            self._display.touch()
        elif event.touch is Touch.PRESS_RIGHT:
            self._remove(event)
        elif (box := self._display.point(event)) is not None:
            self._choose(box)

    def _advance(self, frame: Frame | None) -> None:
        if frame is None:
            self._over = self._over or self._timeline.ended
            return
        wanted = not (self._session.started or self._session.expecting or self._timeline.current)
        step = self._session.process(frame)
        if wanted:
            if not self._timeline.live:
                self._timeline.pause()
            self._ask()
        self._keep(step)
        self._on_step(step)

    def _keep(self, step: Step) -> None:
        self._timeline.keep(step)
        self._display.take(step)

    def _choose(self, box: Box) -> None:
        shown = self._timeline.current
        if shown is None:
            return
        past = self._timeline.in_past
        back = past and not self._timeline.live
        try:
            step = self._session.choose(shown.frame, box, shown.tracks if back else ())
        except (BoxError, TargetError) as error:
            self._display.say(str(error))
            return
        if back:
            self._timeline.return_to(shown.frame)
        if past or not self._session.adds:
            self._timeline.forget()
            self._display.forget()
        chosen = step.tracks[-1]
        self._display.attend(chosen.id)
        self._display.rest()
        self._keep(step)
        self._display.say(f"{chosen.name} is followed" if self._session.adds else "")
        if not (self._session.adds and self._timeline.paused):
            self._go_on()

    def _remove(self, pointer: Pointer) -> None:
        track = None if self._timeline.current is None else self._display.target_at(pointer, self._timeline.current)
        if track is None:
            self._display.say("no target there: a right click on a box removes it")
            return
        try:
            self._session.remove(track.id)
        except TargetIdError as error:  # seen in the past, and gone since
            self._display.say(str(error))
            return
        self._timeline.forget_target(track.id)
        self._display.say(f"{track.name} is followed no longer")
        if not self._session.adds:
            self._invite()

    def _table(self) -> Mapping[Command, Callable[[], None]]:
        return {
            **self._others.table(),
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
        if self._timeline.paused:
            self._go_on()
        else:
            self._timeline.pause()

    def _go_on(self) -> None:
        self._choosing = False
        self._display.invite("")
        self._timeline.run()
        self._display.rest()

    def _step(self) -> None:
        if not self._timeline.forward():
            self._display.rest()
            self._advance(self._timeline.next(at_once=True))

    def _step_back(self) -> None:
        if not self._timeline.back():
            self._display.say("no earlier frame is kept: use the left arrow")

    def _jump(self, seconds: float) -> None:
        result = self._timeline.jump(seconds)
        self._display.say(result.text)
        if result.done:
            self._display.forget()
            self._advance(self._timeline.next(at_once=True))

    def _invite(self) -> None:
        self._choosing = True
        self._timeline.pause()
        self._ask()

    def _ask(self) -> None:
        what = "each target" if self._session.adds else "the target"
        then = ", space goes on" if self._session.adds and self._timeline.paused else ""
        self._display.invite(f"drag a box around {what}{then}   (h: help)")

    def _cancel(self) -> None:
        if self._display.dragging:
            self._display.cancel_drag()
        elif self._choosing:
            self._go_on()
        else:
            self._quit()

    def _quit(self) -> None:
        self._over = True
