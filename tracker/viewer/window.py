"""The window. The only file that touches highgui; to be used on the main thread only."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TypeAlias

import cv2

from tracker.drawing.viewport import LARGEST
from tracker.errors import DisplayError
from tracker.image import Image
from tracker.viewer.desktop import check_display, screen_size
from tracker.viewer.keys import Command, command_of
from tracker.viewer.mouse import Pointer, Touch
from tracker.viewer.x11 import InputListener

Event: TypeAlias = Command | Pointer

_TOUCHES = {
    cv2.EVENT_LBUTTONDOWN: Touch.PRESS,
    cv2.EVENT_MOUSEMOVE: Touch.MOVE,
    cv2.EVENT_LBUTTONUP: Touch.RELEASE,
    cv2.EVENT_RBUTTONDOWN: Touch.PRESS_RIGHT,
    cv2.EVENT_MBUTTONDOWN: Touch.PRESS_MIDDLE,
    cv2.EVENT_MBUTTONUP: Touch.RELEASE_MIDDLE,
}
_SHARE = (0.98, 0.88)
"""Part of the screen's width and height that a window begins with at most: title bars and panels take the rest."""
_WIDEST = 2.5
"""Width to height of a screen from which on it is taken for several side by side, which share their picture."""
_SMALLEST = 32
"""Pixels a side below which a window shows nothing."""


class Window:
    """Shows pictures and returns keys and mouse events; closing it by its X is `Command.QUIT`."""

    def __init__(self, title: str) -> None:
        """Open no window yet: it appears with the first picture.

        Raises:
            DisplayError: there is no display.
        """
        check_display()
        self._title = title
        self._pointers: deque[Pointer] = deque()
        self._open = False
        self._gone = False
        self._full = False
        self._size: tuple[int, int] | None = None
        self._listener = InputListener(title)

    @property
    def largest(self) -> tuple[int, int]:
        """Width and height that a window may begin with: what the screen has room for beside title bar and panels."""
        screen = screen_size()
        if screen is None:
            return LARGEST
        return min(LARGEST[0], int(_SHARE[0] * screen[0])), min(LARGEST[1], int(_SHARE[1] * screen[1]))

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of what the window shows, in pixels; None before the first picture."""
        return self._size

    @property
    def full(self) -> bool:
        """Whether the window fills the screen."""
        return self._full

    def show(self, image: Image) -> None:
        """Show a picture, `(H, W, 3) uint8` BGR; nothing happens once the window is closed.

        Raises:
            DisplayError: the window cannot be opened.
        """
        if self._gone:
            return
        try:
            if not self._open:
                self._begin(image)
            cv2.imshow(self._title, image)
        except cv2.error as error:
            raise DisplayError(f"OpenCV cannot show a window ({error.err}): use --no-display and --roi") from error

    def events(self, seconds: float) -> list[Event]:
        """Let the window live for about `seconds`, less where a key comes; return what was done meanwhile, in order."""
        if not self._open:
            return []
        listens = self._listener.listens
        code = cv2.waitKeyEx(max(1, round(1000 * seconds)))
        found: list[Event] = [*self._pointers, *self._listener.events()]
        self._pointers.clear()
        command = command_of(code)
        if command is not None and not listens:  # it would come twice
            found.append(command)
        if self._visible():
            self._size = self._measured()
        else:
            self._open, self._gone = False, True
            found.append(Command.QUIT)
        return found

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self._full = not self._full
        state = cv2.WINDOW_FULLSCREEN if self._full else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(self._title, cv2.WND_PROP_FULLSCREEN, state)

    def close(self) -> None:
        """Close the window; safe to call more than once."""
        self._gone = True
        if self._open:
            self._open = False
            self._listener.close()
            with contextlib.suppress(cv2.error):  # it was closed meanwhile
                cv2.destroyWindow(self._title)
                cv2.waitKeyEx(1)  # it goes with the next look at its events

    def _visible(self) -> bool:
        try:
            return cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:  # Qt's way to say that the last window is gone
            return False

    def _measured(self) -> tuple[int, int] | None:
        """The size of the window now; a picture of this size is shown pixel by pixel."""
        try:
            _, _, width, height = cv2.getWindowImageRect(self._title)
        except cv2.error:
            return self._size
        return (width, height) if width >= _SMALLEST and height >= _SMALLEST else self._size

    def _begin(self, image: Image) -> None:
        # The picture always has the window's size: a ratio that is kept would only add gray bars while it is resized.
        cv2.namedWindow(self._title, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        cv2.resizeWindow(self._title, image.shape[1], image.shape[0])
        self._center(image.shape[1], image.shape[0])
        cv2.setMouseCallback(self._title, self._on_mouse)
        self._open = True
        self._size = image.shape[1], image.shape[0]

    def _center(self, width: int, height: int) -> None:
        """Move the window to the middle of a single screen: it was placed when it was small, and grew to one side."""
        screen = screen_size()
        if screen is not None and screen[0] <= _WIDEST * screen[1]:
            title = (1 - _SHARE[1]) * screen[1] / 2
            cv2.moveWindow(self._title, (screen[0] - width) // 2, max(0, round((screen[1] - height - title) / 2)))

    def _on_mouse(self, event: int, x: int, y: int, flags: int, data: object) -> None:
        touch = _TOUCHES.get(event)
        if event == cv2.EVENT_MOUSEWHEEL:
            touch = Touch.WHEEL_UP if flags > 0 else Touch.WHEEL_DOWN
        if touch is not None:
            self._pointers.append(Pointer(touch, x, y))
