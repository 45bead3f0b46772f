"""The mouse wheel of an X11 window, kept from Qt: its window zooms by itself, and has no way to be told not to.

A passive grab (X11 protocol, GrabButton) of the wheel's buttons sends their events to a connection of our own. It needs
libX11, which the xcb plugin of Qt needs, too; where there is none, or the grab is refused, Qt keeps the wheel.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from typing import Any

from tracker.viewer.mouse import Pointer, Touch

_UP, _DOWN, _LEFT, _RIGHT = 4, 5, 6, 7
_TOUCHES = {_UP: Touch.WHEEL_UP, _DOWN: Touch.WHEEL_DOWN}
_ANY_MODIFIER = 1 << 15
_BUTTON_PRESS, _BUTTON_PRESS_MASK, _ASYNC = 4, 1 << 2, 1


class _ButtonEvent(ctypes.Structure):
    """`XButtonEvent` of Xlib, padded to the size of `XEvent`."""

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


_ErrorHandler = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)


def _ignore(*_: object) -> int:
    """Take an error of our connection for what it is: a grab that a window manager already holds."""
    return 0


_IGNORE = _ErrorHandler(_ignore)


class Wheel:
    """Returns the turns of the wheel over the window of a title."""

    def __init__(self, title: str) -> None:
        """Grab nothing yet: the window appears with the first picture."""
        self._title = title.encode()
        self._x11: Any = None
        self._display: Any = None
        self._tried = False

    def turns(self) -> list[Pointer]:
        """Return the turns since the last call, in order; none where Qt keeps the wheel."""
        if not self._tried:
            self._tried = True
            if sys.platform not in {"win32", "darwin"}:
                self._grab()
        if self._display is None:
            return []
        found = []
        event = _ButtonEvent()
        while self._x11.XPending(self._display):
            self._x11.XNextEvent(self._display, ctypes.byref(event))
            touch = _TOUCHES.get(event.button) if event.type == _BUTTON_PRESS else None
            if touch is not None:
                found.append(Pointer(touch, event.x, event.y))
        return found

    def close(self) -> None:
        """Give the wheel back; safe to call more than once."""
        if self._display is not None:
            self._x11.XCloseDisplay(self._display)
            self._display = None

    def _grab(self) -> None:
        try:
            self._x11 = x11 = _library()
        except OSError:
            return
        display = x11.XOpenDisplay(os.environ.get("DISPLAY", "").encode())
        if not display:
            return
        # Xlib has one handler of errors in a process; its own would end the process.
        before = x11.XSetErrorHandler(_IGNORE)
        window = _find(x11, display, x11.XDefaultRootWindow(display), self._title)
        if window:
            for button in (_UP, _DOWN, _LEFT, _RIGHT):
                x11.XGrabButton(display, button, _ANY_MODIFIER, window, 0, _BUTTON_PRESS_MASK, _ASYNC, _ASYNC, 0, 0)
            x11.XSync(display, 0)
            self._display = display
        else:
            x11.XCloseDisplay(display)
        x11.XSetErrorHandler(before)


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
