"""The picture in the window, and the places that the mouse points at."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from tracker.drawing.style import Trails
from tracker.drawing.viewer_frame import ViewerFrame, ViewerStyle, draw_notes, draw_viewer_frame
from tracker.geometry import Box
from tracker.image import Image
from tracker.session import Step
from tracker.tracking.result import Track, TrackResult
from tracker.viewer.keys import HELP, Command
from tracker.viewer.mouse import Drag, Pointer, Touch, Viewport

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
TOO_SMALL = "too small: drag a box around the target"


class Screen(Protocol):
    """The interface of a window; `tracker.viewer.window.Window` is one."""

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
    """

    def __init__(self, screen: Screen, style: ViewerStyle = _DEFAULT) -> None:
        """Show everything on `screen`, which `close` will close, at first in this style."""
        self._screen = screen
        self._view = Viewport(1, 1)
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
        self._told = ("", "")

    @property
    def dragging(self) -> bool:
        """Whether a box is being dragged."""
        return self._drag.active

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
        was_dragging = self._drag.active
        box = self._drag.feed(pointer, self._view)
        if was_dragging or self._drag.active:
            self.touch()
        if box is None and was_dragging and pointer.touch is Touch.RELEASE:
            self.say(TOO_SMALL)
        return box

    def target_at(self, pointer: Pointer, step: Step) -> Track | None:
        """Return the target with the smallest box at the mouse; None where there is no box."""
        x, y = self._view.to_frame(pointer.x, pointer.y)
        there = [track for track in step.tracks if track.result.box.contains(x, y)]
        return min(there, key=lambda track: track.result.box.area, default=None)

    def cancel_drag(self) -> None:
        """Forget the box that is being dragged."""
        self._drag.cancel()
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

    def show(self, step: Step, caption: str) -> None:
        """Bring the screen up to date, if it is not and the last picture is not too recent."""
        now = time.perf_counter()
        if self._message and now > self._until:
            self._message = ""
            self.touch()
        if (caption, self._warning) != self._told and now - self._drawn >= _TICK:
            self.touch()
        if self._stale and now - self._drawn >= _REDRAW:
            self._stale, self._drawn = False, now
            self._told = caption, self._warning
            height, width = step.frame.image.shape[:2]
            self._view = Viewport.fitting(width, height)
            shown = self._view.render(self.picture(step, caption))
            draw_notes(
                shown, [*filter(None, (self._warning, self.invitation, self._message))], HELP if self.help else ()
            )
            self._screen.show(shown)

    def picture(self, step: Step, caption: str) -> Image:
        """Return the picture in the frame's size, without message and help."""
        subject = self._subject(step)
        scene = ViewerFrame(
            image=step.frame.image,
            tracks=step.tracks,
            subject=subject,
            results=() if subject is None else tuple(self._results.get(subject.id, ())),
            trails=self._trails,
            caption=caption,
            dragged=self._drag.outline(self._view) or self._marked,
        )
        return draw_viewer_frame(scene, self.style)

    def _subject(self, step: Step) -> Track | None:
        first = step.tracks[0] if step.tracks else None
        return next((track for track in step.tracks if track.id == self._chosen_last), first)

    def close(self) -> None:
        """Close the screen."""
        self._screen.close()
