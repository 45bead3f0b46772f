"""The loop at the window: frames in, pictures out, commands and drags in between."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path

from tracker.drawing.viewer_frame import ViewerStyle
from tracker.errors import BoxError, SelectionCancelled, TargetError, TargetIdError
from tracker.geometry import Box
from tracker.output.live_recording import LiveRecording
from tracker.session import RunSummary, Session, Step
from tracker.video.base import Frame
from tracker.video.playback import Playback
from tracker.viewer.actions import PlayerActions
from tracker.viewer.display import PlayerDisplay, Screen
from tracker.viewer.history import History
from tracker.viewer.jumps import Jumps
from tracker.viewer.keys import Command
from tracker.viewer.mouse import Pointer, Touch
from tracker.viewer.recorder import WindowRecorder
from tracker.viewer.timeline import Timeline

_IDLE = 0.03
"""Seconds that events are waited for when there is nothing else to do."""
_EVENTS = 0.015
"""Seconds between two looks at its events when there is."""
_NEAR, _FAR = 5.0, 30.0
"""Seconds of a jump."""


class AtEnd(Enum):
    """What comes after the last frame of a recording."""

    STAY = "stay"
    LOOP = "loop"
    CLOSE = "close"


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
        recording: LiveRecording | None = None,
        at_end: AtEnd = AtEnd.STAY,
        mirrored: bool = False,
    ) -> None:
        """Get ready; nothing is shown yet.

        Args:
            session: targets and sinks; its source is that of `playback`. It will be closed.
            playback: where frames come from.
            screen: where they are shown; it will be closed.
            folder: where snapshots and presets go; None for the current one.
            on_step: called with each step that was processed.
            recording: of the source, if one is under way.
            at_end: what comes after the last frame of a recording.
            mirrored: whether left and right change places in the window.
        """
        self._session = session
        self._timeline = Timeline(playback)
        live = self._timeline.live
        self._history = None if live else History(self._timeline.seconds)
        style = ViewerStyle(several=session.adds)
        self._display = PlayerDisplay(screen, style, history=self._history, mirrored=mirrored)
        self._jumps = Jumps(self._timeline, self._display)
        self._recorder = WindowRecorder(playback.source, folder or Path(), recording)
        self._others = PlayerActions(session, self._timeline, self._display, self._recorder, folder or Path())
        self._at_end = at_end
        self._first: Step | None = None
        self._on_step = on_step or (lambda _: None)
        self._choosing = False
        self._over = False
        self._silent = False
        self._jumped = False
        self._waiting: deque[Command | Pointer] = deque()
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
            self._timeline.cancel_jump()
            self._display.close()
            self._recorder.stop(hurried=self._session.stopped)
        if not (self._session.started or self._session.stopped or expecting):
            raise SelectionCancelled("no target was chosen: drag a box around it, or give --roi")
        return self._session.summary

    def _turn(self) -> None:
        spare = self._timeline.spare(_IDLE)
        now = time.perf_counter()
        if spare > 0 or now - self._polled > _EVENTS:
            self._polled = now
            self._waiting += self._display.events(spare)
            while self._waiting and not self._over:
                self._handle(self._waiting.popleft())
        dragging, seeking = self._display.dragging, self._timeline.seeking
        if seeking and not dragging:
            self._jumps.poll()
            seeking = self._timeline.seeking
        held = dragging and self._timeline.current is not None
        if not (self._timeline.paused or self._over or held or seeking):
            self._advance(self._timeline.next())
        self._session.delivery.hold(held=self._timeline.paused)
        self._watch_signal()
        if self._timeline.current is not None:
            self._display.correctable = self._timeline.paused and not self._choosing
            self._show(self._timeline.current)

    def _show(self, step: Step, *, at_once: bool = False) -> None:
        status = self._timeline.status(self._display.fps)
        self._display.show(step, status, self._recorder.badge, at_once=at_once)

    def _watch_signal(self) -> None:
        """Say when a live source has fallen silent; its targets are LOST then, as nothing is known of them."""
        self._timeline.watch()
        outage = self._timeline.outage
        self._display.warn(outage or self._jumps.text)
        if failure := self._recorder.watch():
            self._display.say(failure)
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
        elif (time := self._display.time_at(event)) is not None:
            self._go_to(time)
        elif (shown := self._timeline.current) is not None and self._display.handling(event, shown):
            self._handled(self._display.correct(event, shown))
        elif (box := self._display.point(event)) is not None:
            self._choose(box)
        elif event.touch is Touch.RELEASE:
            self._timeline.resume()

    def _advance(self, frame: Frame | None) -> None:
        if frame is None:
            if self._timeline.ended and not self._over:
                self._end()
            return
        wanted = not (self._session.started or self._session.expecting or self._first)
        step = self._session.search(frame) if self._jumped and self._session.tracks else self._session.process(frame)
        self._jumped = False
        if wanted:
            if not self._timeline.live:
                self._timeline.pause()
            self._ask()
        self._keep(step)
        self._on_step(step)

    def _end(self) -> None:
        """Stay at the last frame, begin again or close, as was asked for."""
        if self._at_end is AtEnd.CLOSE:
            self._over = True
        elif self._at_end is AtEnd.LOOP and self._first is not None:
            first = self._first
            self._jumps.begin(self._timeline.begin_to(first.frame.timestamp), lambda: self._begin_again(first))
        else:
            self._timeline.pause()
            self._display.say("the end: , and the left arrow go back, q quits")

    def _begin_again(self, first: Step) -> None:
        """Go on from the first frame in which there were targets, with them where they were."""
        self._left()
        self._session.put_back(first.frame, first.tracks)

    def _left(self) -> None:
        """Say that the next frame does not follow the last one."""
        self._timeline.forget()
        self._display.forget()
        if self._history is not None:
            self._history.jump()

    def _keep(self, step: Step) -> None:
        self._timeline.keep(step)
        self._display.take(step)
        if self._first is None or (step.tracks and not self._first.tracks):
            self._first = step
        if self._history is not None:
            self._history.take(step)

    def _handled(self, changed: tuple[int | None, Box] | None) -> None:
        if changed is None:
            return
        target, box = changed
        if target is None:
            self._choose(box)
        else:
            self._correct(target, box)

    def _correct(self, target: int, box: Box) -> None:
        """Go on with a target from a box of the frame that is shown, which may be in the past."""
        shown = self._timeline.current
        if shown is None:
            return
        self._jumps.cancel()
        past = self._timeline.in_past
        back = past and not self._timeline.live
        try:
            step = self._session.correct(shown.frame, target, box)
        except (BoxError, TargetError, TargetIdError) as error:
            self._display.say(str(error))
            return
        if back:
            self._session.put_back(shown.frame, [track for track in shown.tracks if track.id != target])
            self._jumps.begin_return(shown.frame)
        if past:
            self._timeline.forget()
            self._display.forget()
        self._chosen(shown.frame)
        self._keep(step)
        self._display.say(f"corrected{self._written_anew(step, step.frame.index, at_once=True)}")

    def _written_anew(self, step: Step, index: int, *, at_once: bool) -> str:
        """Let results be written anew from a step on if frames from `index` on were written; return what says so."""
        delivery = self._session.delivery
        if self._timeline.live or delivery.written < index:
            return ""
        files = delivery.rewind(step.frame.index)
        if at_once:
            delivery.write(step)
        if files is None:
            return "; outputs that cannot be written anew keep what they have"
        return f"; results are written anew from frame {step.frame.index} on" + (f", in {files}" if files else "")

    def _chosen(self, frame: Frame) -> None:
        if self._history is not None:
            self._history.choose(frame.timestamp)
            self._history.jump()

    def _choose(self, box: Box) -> None:
        shown = self._timeline.current
        if shown is None:
            return
        self._jumps.cancel()
        past = self._timeline.in_past
        back = past and not self._timeline.live
        try:
            step = self._session.choose(shown.frame, box, shown.tracks if back else ())
        except (BoxError, TargetError) as error:
            self._display.say(str(error))
            return
        if back:
            self._jumps.begin_return(shown.frame)
        if past or not self._session.adds:
            self._timeline.forget()
            self._display.forget()
        self._chosen(shown.frame)
        if not self._session.adds:
            self._first = None
        chosen = step.tracks[-1]
        self._display.attend(chosen.id)
        self._display.rest()
        self._keep(step)
        told = self._written_anew(step, step.frame.index + 1, at_once=not self._session.adds)
        self._display.say(f"{chosen.name} is followed{told}" if self._session.adds or told else "")
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
            Command.NEXT_DOUBTFUL: self._go_to_doubtful,
            Command.RESELECT: self._invite,
            Command.QUIT: self._quit,
            Command.CANCEL: self._cancel,
            Command.ACCEPT: lambda: None,
        }

    def _toggle_pause(self) -> None:
        if self._timeline.paused and self._timeline.ended and not self._timeline.in_past:
            self._display.say("the end: , and the left arrow go back, q quits")
        elif self._timeline.paused:
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
            self._jumps.settle()
            self._display.rest()
            self._advance(self._timeline.next(at_once=True))

    def _step_back(self) -> None:
        self._jumps.cancel()
        if not self._timeline.back():
            self._display.say("no earlier frame is kept: use the left arrow")

    def _jump(self, seconds: float) -> None:
        self._jumps.begin(self._timeline.begin_jump(seconds), self._arrive)

    def _go_to(self, time: float) -> None:
        self._jumps.begin(self._timeline.begin_to(time), self._arrive)

    def _go_to_doubtful(self) -> None:
        shown = self._timeline.current
        if self._history is None or shown is None:
            self._display.say("a live source has no way back")
            return
        time = self._history.next_doubtful(shown.frame.timestamp)
        if time is None:
            self._display.say("no target was hidden or lost in what has been seen")
        else:
            self._timeline.pause()
            self._go_to(time)

    def _arrive(self) -> None:
        """Show the first frame after a jump, and look for the targets in the whole of it."""
        self._left()
        self._jumped = True
        self._advance(self._timeline.next(at_once=True))

    def _invite(self) -> None:
        self._jumps.cancel()
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
            self._timeline.resume()
        elif self._jumps.cancel():
            self._display.say("the jump is given up")
        elif self._display.help:
            self._display.toggle_help()
        elif self._display.full:
            self._display.toggle_full_screen()
        elif self._choosing:
            self._go_on()
        else:
            self._quit()

    def _quit(self) -> None:
        self._over = True
