"""The keys of the window and their commands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Command(Enum):
    """A command of the window; its value is the text in the help."""

    PAUSE = "pause, go on"
    STEP = "one frame forward"
    STEP_BACK = "one frame back"
    FORWARD = "5 seconds forward (files)"
    BACKWARD = "5 seconds back (files)"
    FAR_FORWARD = "30 seconds forward (files)"
    FAR_BACKWARD = "30 seconds back (files)"
    RESELECT = "stop and choose a target"
    DENSITY = "picture, density, both"
    TRAIL = "trail"
    HISTOGRAM = "histogram of the target's colors"
    CURVE = "curve of the confidence"
    SNAPSHOT = "save the picture"
    FASTER = "faster (files)"
    SLOWER = "slower (files)"
    NEXT_SETTING = "choose a setting for [ ] to change"
    LOWER = "lower it"
    RAISE = "raise it"
    WRITE_PRESET = "write the settings to a file"
    FULL_SCREEN = "full screen"
    ZOOM_IN = "larger"
    ZOOM_OUT = "smaller"
    WHOLE = "the whole picture"
    RECORD = "start or stop recording (live)"
    NEXT_DOUBTFUL = "next place where a target was hidden or lost"
    HELP = "this help"
    QUIT = "quit"
    CANCEL = "cancel, quit"
    ACCEPT = "take the box (select)"


_LETTERS: Mapping[str, Command] = MappingProxyType(
    {
        " ": Command.PAUSE,
        ".": Command.STEP,
        ",": Command.STEP_BACK,
        "r": Command.RESELECT,
        "d": Command.DENSITY,
        "t": Command.TRAIL,
        "c": Command.HISTOGRAM,
        "v": Command.CURVE,
        "s": Command.SNAPSHOT,
        "+": Command.FASTER,
        "=": Command.FASTER,  # the same key without shift
        "-": Command.SLOWER,
        "n": Command.NEXT_SETTING,
        "[": Command.LOWER,
        "]": Command.RAISE,
        "w": Command.WRITE_PRESET,
        "f": Command.FULL_SCREEN,
        "z": Command.ZOOM_IN,
        "x": Command.ZOOM_OUT,
        "0": Command.WHOLE,
        "o": Command.RECORD,
        "l": Command.NEXT_DOUBTFUL,
        "h": Command.HELP,
        "?": Command.HELP,
        "q": Command.QUIT,
        "\x1b": Command.CANCEL,
        "\r": Command.ACCEPT,
        "\n": Command.ACCEPT,
    }
)

# What `waitKeyEx` gives for arrows and paging keys: X11 key symbols (Qt and GTK), then Windows.
_SPECIAL: Mapping[int, Command] = MappingProxyType(
    {
        0xFF51: Command.BACKWARD,
        0xFF53: Command.FORWARD,
        0xFF52: Command.FAR_FORWARD,
        0xFF54: Command.FAR_BACKWARD,
        0xFF55: Command.FAR_FORWARD,
        0xFF56: Command.FAR_BACKWARD,
        0xFFAB: Command.FASTER,  # of the keypad
        0xFFAD: Command.SLOWER,
        0xFF8D: Command.ACCEPT,
        0x250000: Command.BACKWARD,
        0x270000: Command.FORWARD,
        0x260000: Command.FAR_FORWARD,
        0x280000: Command.FAR_BACKWARD,
        0x210000: Command.FAR_FORWARD,
        0x220000: Command.FAR_BACKWARD,
        # macOS sends private Unicode characters.
        0xF702: Command.BACKWARD,
        0xF703: Command.FORWARD,
        0xF700: Command.FAR_FORWARD,
        0xF701: Command.FAR_BACKWARD,
    }
)
_SYMBOL = 0xFFFF
"""X11 puts Shift, Caps Lock and Num Lock above these bits."""

HELP: tuple[tuple[str, str], ...] = (
    ("drag", "choose the target, or one more of several"),
    ("drag a square", "at a pause: move the box, or change its size"),
    ("right click", "follow the target in that box no longer"),
    ("space", Command.PAUSE.value),
    (". ,", "one frame forward, back"),
    ("arrows", "5 or 30 seconds forward, back (files)"),
    ("click below", "go there (files); white: chosen, amber: hidden, magenta: lost"),
    ("l", Command.NEXT_DOUBTFUL.value),
    ("r", Command.RESELECT.value),
    ("d", Command.DENSITY.value),
    ("t", Command.TRAIL.value),
    ("c", Command.HISTOGRAM.value),
    ("v", Command.CURVE.value),
    ("s", Command.SNAPSHOT.value),
    ("+ -", "faster, slower (files)"),
    ("n [ ]", "choose a setting, lower it, raise it"),
    ("w", Command.WRITE_PRESET.value),
    ("o", Command.RECORD.value),
    ("wheel, z x 0", "larger, smaller, the whole picture; middle button: move it"),
    ("f", Command.FULL_SCREEN.value),
    ("h", Command.HELP.value),
    ("q", Command.QUIT.value),
    ("Esc", "leave drag, help, full screen, choosing; then quit"),
    ("box", "solid: followed, dashed: hidden, dotted: lost; %: how sure"),
    ("corners, dots", "the part that is searched, the steps of mean shift"),
)
"""What mouse and keys do, as the help shows it."""


def command_of(code: int) -> Command | None:
    """Return what the key of a `waitKeyEx` code asks for; None for no key, or one without a meaning.

    The low byte alone would make letters of arrows (Left a Q).
    """
    if code < 0:
        return None
    if code in _SPECIAL:
        return _SPECIAL[code]
    symbol = code & _SYMBOL
    if symbol in _SPECIAL:
        return _SPECIAL[symbol]
    return _LETTERS.get(chr(symbol).lower()) if symbol < 0x80 else None
