"""Keys and mouse wheel of an X11 window, by a connection of our own.

Of several keys that are pressed while the loop is busy, OpenCV's window keeps the last; the X server sends each to all
that listen. The wheel is kept from Qt by a passive grab (GrabButton), as its window zooms by itself and has no way to
be told not to. This needs libX11, which the xcb plugin of Qt needs, too; where there is none, all is left to OpenCV.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from typing import Any

from tracker.viewer.keys import Command, command_of
from tracker.viewer.mouse import Pointer, Touch

_UP, _DOWN, _LEFT, _RIGHT = 4, 5, 6, 7
_TOUCHES = {_UP: Touch.WHEEL_UP, _DOWN: Touch.WHEEL_DOWN}
_ANY_MODIFIER = 1 << 15
_BUTTON_PRESS, _BUTTON_PRESS_MASK, _ASYNC = 4, 1 << 2, 1
_KEY_PRESS, _KEY_PRESS_MASK = 2, 1 << 0


class _ButtonEvent(ctypes.Structure):
    """`XButtonEvent` of Xlib, and `XKeyEvent`, whose key is in the place of the button; padded to `XEvent`'s size."""

    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("root", c_ulong),
        ("subwindow", c_ulong),
        ("time", c_ulong),
        ("x", c_int),
        ("y", c_int),
        ("x_root", c_int),
        ("y_root", c_int),
        ("state", c_uint),
        ("button", c_uint),
        ("same_screen", c_int),
        ("padding", c_long * 12),
    )


_TRIES = 500
"""Looks at the events before the window is given up: a busy desktop takes its time to name it."""

_ErrorHandler = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)


def _ignore(*_: object) -> int:
    """Take an error of our connection for what it is: a grab that a window manager already holds."""
    return 0


_IGNORE = _ErrorHandler(_ignore)


class InputListener:
    """Returns the keys and the turns of the wheel in the window of a title."""

    def __init__(self, title: str) -> None:
        """Listen to nothing yet: the window appears with the first picture."""
        self._title = title.encode()
        self._x11: Any = None
        self._display: Any = None
        self._tries = 0 if sys.platform in {"win32", "darwin"} else _TRIES
        self._found = False

    @property
    def listens(self) -> bool:
        """Whether keys and wheel come from here, and not from OpenCV."""
        return self._found

    def events(self) -> list[Command | Pointer]:
        """Return what was done since the last call, in order; nothing where it is left to OpenCV."""
        if not self._found and self._tries:
            self._tries -= 1
            self._listen()
        if not self._found:
            return []
        found: list[Command | Pointer] = []
        event = _ButtonEvent()
        while self._x11.XPending(self._display):
            self._x11.XNextEvent(self._display, ctypes.byref(event))
            if event.type == _BUTTON_PRESS and event.button in _TOUCHES:
                found.append(Pointer(_TOUCHES[event.button], event.x, event.y))
            elif event.type == _KEY_PRESS and (command := command_of(self._code(event))) is not None:
                found.append(command)
        return found

    def _code(self, event: _ButtonEvent) -> int:
        """Return the code of a key as `waitKeyEx` would: its letter, else its symbol."""
        letters, symbol = ctypes.create_string_buffer(8), c_ulong()
        count = self._x11.XLookupString(ctypes.byref(event), letters, len(letters), ctypes.byref(symbol), None)
        return letters.raw[0] if count == 1 else int(symbol.value)

    def close(self) -> None:
        """Listen no more; safe to call more than once."""
        if self._display is not None:
            self._x11.XCloseDisplay(self._display)
            self._display, self._found = None, False

    def _listen(self) -> None:
        """Look for the window, which may not have its title yet, and listen to it."""
        if self._display is None and not self._connect():
            self._tries = 0
            return
        x11, display = self._x11, self._display
        # Xlib has one handler of errors in a process; its own would end the process.
        before = x11.XSetErrorHandler(_IGNORE)
        window = _find(x11, display, x11.XDefaultRootWindow(display), self._title)
        if window:
            for button in (_UP, _DOWN, _LEFT, _RIGHT):
                x11.XGrabButton(display, button, _ANY_MODIFIER, window, 0, _BUTTON_PRESS_MASK, _ASYNC, _ASYNC, 0, 0)
            x11.XSelectInput(display, window, _KEY_PRESS_MASK)
            x11.XSync(display, 0)
            self._found = True
        x11.XSetErrorHandler(before)

    def _connect(self) -> bool:
        """Connect to the X server; return whether there is one."""
        try:
            self._x11 = _library()
        except OSError:
            return False
        self._display = self._x11.XOpenDisplay(os.environ.get("DISPLAY", "").encode())
        return bool(self._display)


def _library() -> Any:
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = c_void_p
    x11.XOpenDisplay.argtypes = [c_char_p]
    x11.XDefaultRootWindow.restype = c_ulong
    x11.XDefaultRootWindow.argtypes = [c_void_p]
    x11.XSetErrorHandler.restype = c_void_p
    x11.XSetErrorHandler.argtypes = [c_void_p]
    x11.XPending.argtypes = [c_void_p]
    x11.XNextEvent.argtypes = [c_void_p, c_void_p]
    x11.XCloseDisplay.argtypes = [c_void_p]
    x11.XSync.argtypes = [c_void_p, c_int]
    x11.XFetchName.argtypes = [c_void_p, c_ulong, POINTER(c_char_p)]
    x11.XFree.argtypes = [c_void_p]
    x11.XSelectInput.argtypes = [c_void_p, c_ulong, c_long]
    x11.XLookupString.argtypes = [c_void_p, c_char_p, c_int, POINTER(c_ulong), c_void_p]
    x11.XQueryTree.argtypes = [
        c_void_p, c_ulong, POINTER(c_ulong), POINTER(c_ulong), POINTER(POINTER(c_ulong)), POINTER(c_uint)
    ]  # fmt: skip
    x11.XGrabButton.argtypes = [
        c_void_p, c_uint, c_uint, c_ulong, c_int, c_uint, c_int, c_int, c_ulong, c_ulong
    ]  # fmt: skip
    return x11


def _find(x11: Any, display: Any, window: int, title: bytes) -> int:
    """Return the window of that title below `window`, 0 for none."""
    name = c_char_p()
    x11.XFetchName(display, window, ctypes.byref(name))
    named = name.value == title
    x11.XFree(name)
    if named:
        return window
    root, parent, children, count = c_ulong(), c_ulong(), POINTER(c_ulong)(), c_uint()
    if not x11.XQueryTree(
        display, window, ctypes.byref(root), ctypes.byref(parent), ctypes.byref(children), ctypes.byref(count)
    ):
        return 0
    below = [int(children[number]) for number in range(count.value)]
    if below:
        x11.XFree(children)
    return next((found for child in below if (found := _find(x11, display, child, title))), 0)
