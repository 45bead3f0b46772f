"""The picture in the window, and the places that the mouse points at."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from tracker.drawing.strip import HEIGHT, draw_strip
from tracker.drawing.style import Trails
from tracker.drawing.viewer_frame import ViewerFrame, ViewerStyle, draw_notes, draw_viewer_frame
from tracker.drawing.viewport import Viewport
from tracker.geometry import Box
from tracker.image import Image
from tracker.session import Step
from tracker.tracking.result import Track, TrackResult
from tracker.viewer.history import History
from tracker.viewer.keys import HELP, Command
from tracker.viewer.mouse import Drag, HandleDrag, Pointer, Touch

_REDRAW = 1 / 60
"""Seconds between two pictures at least: no screen shows more, and drawing costs more than tracking."""
_MESSAGE = 3.0
"""Seconds that a message stays."""
_CURVE = 600
"""Frames of confidence that are remembered."""
_STALLED = 3.0
"""Usual intervals without a frame after which the rate is that of the time since the last one."""
_TICK = 0.1
"""Seconds between two pictures where only the caption or a warning has changed."""
_SMOOTHING = 0.1
"""Weight of the newest frame in the measured rate."""
_DEFAULT = ViewerStyle()
ZOOM_STEP = 1.25
"""How much larger the picture becomes by a key or a click of the wheel."""
TOO_SMALL = "too small: drag a box around the target"


class Screen(Protocol):
    """The interface of a window; `tracker.viewer.window.Window` is one."""

    @property
    def largest(self) -> tuple[int, int]:
        """Width and height that a window may begin with, in pixels."""

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of what it can show, in pixels; None before the first picture."""

    @property
    def full(self) -> bool:
        """Whether it fills the screen."""

    def show(self, image: Image) -> None:
        """Show a picture."""

    def events(self, seconds: float) -> Sequence[Command | Pointer]:
        """Wait for about `seconds` and return the keys and the mouse's moves in them."""

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""

    def close(self) -> None:
        """Close the window."""


class PlayerDisplay:
    """Composes the picture and maps the mouse to the frame.

    Attributes:
        style: what is drawn.
        help: whether mouse and keys are explained.
        invitation: a line that asks for a drag, "" for none.
        correctable: whether the box of the subject can be moved and resized by its handles.
    """

    def __init__(
        self, screen: Screen, style: ViewerStyle = _DEFAULT, *, history: History | None = None, mirrored: bool = False
    ) -> None:
        """Show everything on `screen`, which `close` will close, at first in this style.

        Args:
            screen: the window.
            style: what is drawn.
            history: what the strip below the picture shows; None for no strip.
            mirrored: whether left and right change places in the window.
        """
        self._screen = screen
        self._history = history
        self._mirrored = mirrored
        self._view = Viewport(1, 1)
        self._zoom: Viewport | None = None
        self._pointer = (0.0, 0.0)
        self._grip: tuple[float, float] | None = None
        self._handles = HandleDrag()
        self.correctable = False
        self._drag = Drag()
        self._trails = Trails()
        self._results: dict[int, deque[TrackResult]] = {}
        self._chosen_last: int | None = None
        self._message, self._until = "", 0.0
        self._drawn = 0.0
        self._stale = True
        self._arrival: float | None = None
        self._interval = 0.0
        self.style = style
        self.help = False
        self._marked: Box | None = None
        self.invitation = ""
        self._warning = ""
        self._told = ("", "", "")
        self._window: tuple[int, int] | None = None

    @property
    def dragging(self) -> bool:
        """Whether a box, or a handle of one, is being dragged."""
        return self._drag.active or self._handles.active

    @property
    def full(self) -> bool:
        """Whether the window fills the screen."""
        return self._screen.full

    @property
    def fps(self) -> float:
        """Frames per second lately, falling while none comes; 0 before there are two."""
        since = 0.0 if self._arrival is None else time.perf_counter() - self._arrival
        interval = self._interval if since < _STALLED * self._interval else since
        return 1.0 / interval if self._interval > 0 else 0.0

    def take(self, step: Step) -> None:
        """Take note of a new step."""
        now = time.perf_counter()
        if self._arrival is not None:
            taken = now - self._arrival
            self._interval += (_SMOOTHING if self._interval else 1.0) * (taken - self._interval)
        self._arrival = now
        self._trails.update(step.tracks)
        before = self._results
        self._results = {track.id: before.get(track.id, deque(maxlen=_CURVE)) for track in step.tracks}
        for track in step.tracks:
            self._results[track.id].append(track.result)
        self.touch()

    def attend(self, target: int) -> None:
        """Show histogram and curve of a target as long as there is one of this number; else of the first."""
        self._chosen_last = target

    def forget(self) -> None:
        """Forget where the targets were: what comes next does not follow from it."""
        self._trails = Trails()
        self._results.clear()
        self._arrival = None

    def rest(self) -> None:
        """Do not count the time from here to the next frame into the rate."""
        self._arrival = None

    def touch(self) -> None:
        """Say that something has changed and has to be drawn."""
        self._stale = True

    def say(self, message: str) -> None:
        """Show a message for a while."""
        self._message, self._until = message, time.perf_counter() + _MESSAGE
        self.touch()

    def invite(self, invitation: str) -> None:
        """Show a line that asks for a drag until another one does, "" for none."""
        self.invitation = invitation
        self.touch()

    def warn(self, warning: str) -> None:
        """Show a line above all others until another one does, "" for none."""
        self._warning = warning

    def mark(self, box: Box) -> None:
        """Show a box while none is dragged."""
        self._marked = box
        self.touch()

    def restyle(self, **changes: object) -> None:
        """Change what is drawn, by the fields of `ViewerStyle`."""
        self.style = replace(self.style, **changes)  # type: ignore[arg-type]

    def point(self, pointer: Pointer) -> Box | None:
        """Take what the mouse did; return a box in frame pixels once one is chosen."""
        self._pointer = pointer.x, pointer.y
        if self._moves_picture(pointer):
            return None
        was_dragging = self._drag.active
        box = self._drag.feed(pointer, self._view)
        if was_dragging or self._drag.active:
            self.touch()
        if box is None and was_dragging and pointer.touch is Touch.RELEASE:
            self.say(TOO_SMALL)
        return box

    def correct(self, pointer: Pointer, step: Step) -> tuple[int | None, Box] | None:
        """Take what the mouse did to the handles; return the target's number and its box once one is let go.

        `handling` says whether the pointer is theirs. The number is None for a new box, dragged across the old one.
        """
        subject = self._subject(step)
        if subject is None:
            return None
        if self._handles.active:
            self._handles.move(pointer, self._view)
            self.touch()
        if pointer.touch is Touch.RELEASE:
            redrawn = self._handles.redrawn(self._view)
            box = self._handles.release()
            if redrawn is not None:
                return None, redrawn
            return None if box is None else (subject.id, box)
        return None

    def handling(self, pointer: Pointer, step: Step) -> bool:
        """Whether the pointer holds a handle of the subject's box, or takes it now."""
        if self._handles.active:
            return pointer.touch in {Touch.MOVE, Touch.RELEASE}
        subject = self._subject(step)
        if pointer.touch is not Touch.PRESS or not self.correctable or subject is None:
            return False
        return self._handles.press(pointer, subject.result.box, self._view)

    def time_at(self, pointer: Pointer) -> float | None:
        """Return the time that a press on the strip points at; None where it is not on the strip, or no press."""
        width, height = self._view.size
        on_strip = self._history is not None and self._drawn > 0 and pointer.y >= height
        if self._history is None or not on_strip or pointer.touch is not Touch.PRESS:
            return None
        return self._history.time(pointer.x / max(1, width - 1))

    def zoom(self, factor: float) -> None:
        """Show the picture so many times larger, with what is at the pointer in its place."""
        self._view = self._view.panned(0, 0).zoomed(factor, *self._pointer)
        self._zoom = self._view if self._view.is_zoomed else None
        self.touch()

    def show_whole(self) -> None:
        """Show the whole picture."""
        self._zoom = None
        self.touch()

    def _moves_picture(self, pointer: Pointer) -> bool:
        """Zoom at the wheel, and move the picture with the middle button; return whether it was one of these."""
        if pointer.touch in {Touch.WHEEL_UP, Touch.WHEEL_DOWN}:
            self.zoom(ZOOM_STEP if pointer.touch is Touch.WHEEL_UP else 1 / ZOOM_STEP)
            return True
        if pointer.touch is Touch.PRESS_MIDDLE:
            self._grip = pointer.x, pointer.y
        elif self._grip is not None and pointer.touch in {Touch.MOVE, Touch.RELEASE_MIDDLE}:
            if self._zoom is not None:
                self._zoom = self._zoom.panned(pointer.x - self._grip[0], pointer.y - self._grip[1])
                self._view = self._zoom
                self.touch()
            self._grip = (pointer.x, pointer.y) if pointer.touch is Touch.MOVE else None
        else:
            return False
        return True

    def target_at(self, pointer: Pointer, step: Step) -> Track | None:
        """Return the target with the smallest box at the mouse; None where there is no box."""
        x, y = self._view.to_frame(pointer.x, pointer.y)
        there = [track for track in step.tracks if track.result.box.contains(x, y)]
        return min(there, key=lambda track: track.result.box.area, default=None)

    def cancel_drag(self) -> None:
        """Forget the box that is being dragged."""
        self._drag.cancel()
        self._handles.cancel()
        self.touch()

    def events(self, seconds: float) -> Sequence[Command | Pointer]:
        """Return the keys and the mouse's moves within about `seconds`."""
        return self._screen.events(seconds)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self._screen.toggle_full_screen()

    def toggle_help(self) -> None:
        """Explain mouse and keys, or stop it."""
        self.help = not self.help

    def show(self, step: Step, caption: str, badge: str = "", *, at_once: bool = False) -> None:
        """Bring the screen up to date, if it is not and the last picture is not too recent (unless `at_once`)."""
        now = time.perf_counter()
        if self._message and now > self._until:
            self._message = ""
            self.touch()
        told = caption, self._warning, badge
        if (told != self._told and now - self._drawn >= _TICK) or self._screen.size != self._window:
            self.touch()
        if self._stale and (at_once or now - self._drawn >= _REDRAW):
            self._stale, self._drawn = False, now
            self._told = told
            self._window = self._screen.size
            height, width = step.frame.image.shape[:2]
            self._view = self._viewport(width, height)
            shown = self._drawn_frame(step, caption, self._view, self._handles.box or self._handled(step))
            notes = [*filter(None, (self._warning, self.invitation, self._message))]
            draw_notes(shown, notes, HELP if self.help else (), badge)
            self._screen.show(self._with_strip(shown, step))

    def picture(self, step: Step, caption: str) -> Image:
        """Return the picture in the frame's size, without message and help."""
        height, width = step.frame.image.shape[:2]
        return self._drawn_frame(step, caption, Viewport(width, height), None)

    def _viewport(self, width: int, height: int) -> Viewport:
        """Where the frame is in the window: the zoomed part as long as the window keeps its size, else all of it."""
        strip = 0 if self._history is None else HEIGHT
        if self._window is None:
            across, down = self._screen.largest
            fitted = Viewport.fitting(width, height, (across, max(1, down - strip)))
            room = fitted.size
        else:
            fitted, room = None, (self._window[0], max(1, self._window[1] - strip))
        zoomed = self._zoom
        if zoomed is not None and (zoomed.width, zoomed.height, zoomed.window) == (width, height, room):
            return zoomed
        self._zoom = None
        if fitted is not None and not self._mirrored:
            return fitted
        return Viewport.within(width, height, room, mirrored=self._mirrored)

    def _with_strip(self, shown: Image, step: Step) -> Image:
        if self._history is None:
            return shown
        place = self._history.place(step.frame.timestamp)
        strip = draw_strip(shown.shape[1], self._history.ranks, place, self._history.marks)
        return np.vstack([shown, strip])

    def _handled(self, step: Step) -> Box | None:
        subject = self._subject(step) if self.correctable else None
        return None if subject is None else subject.result.box

    def _drawn_frame(self, step: Step, caption: str, view: Viewport, handled: Box | None) -> Image:
        subject = self._subject(step)
        scene = ViewerFrame(
            image=step.frame.image,
            tracks=step.tracks,
            subject=subject,
            results=() if subject is None else tuple(self._results.get(subject.id, ())),
            trails=self._trails,
            caption=caption,
            dragged=self._drag.outline(self._view) or self._handles.box or self._marked,
            handled=handled,
            view=view,
        )
        return draw_viewer_frame(scene, self.style)

    def _subject(self, step: Step) -> Track | None:
        first = step.tracks[0] if step.tracks else None
        return next((track for track in step.tracks if track.id == self._chosen_last), first)

    def close(self) -> None:
        """Close the screen."""
        self._screen.close()
