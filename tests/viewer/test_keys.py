"""Keys and their commands."""

from __future__ import annotations

import pytest

from tracker.viewer.keys import Command, command_of


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (-1, None),
        (ord(" "), Command.PAUSE),
        (ord("d"), Command.DENSITY),
        (ord("D"), Command.DENSITY),
        (ord("d") | 0x100000, Command.DENSITY),  # Num Lock
        (ord("D") | 0x20000, Command.DENSITY),  # Caps Lock
        (27, Command.CANCEL),
        (13, Command.ACCEPT),
        (ord("+"), Command.FASTER),
        (ord("-"), Command.SLOWER),
        (0xFFAB, Command.FASTER),
        (0xFF51, Command.BACKWARD),  # Left, whose low byte is a Q
        (0xFF53, Command.FORWARD),  # Right, whose low byte is an S
        (0xFF51 | 0x100000, Command.BACKWARD),
        (0xFF52, Command.FAR_FORWARD),
        (0x250000, Command.BACKWARD),  # Windows
        (0x270000, Command.FORWARD),
        (0xF703, Command.FORWARD),  # macOS
        (0xFFE1, None),  # Shift alone
        (0x0431, None),  # a Cyrillic letter
        (ord("j"), None),
    ],
)
def test_keys(code: int, command: Command | None) -> None:
    assert command_of(code) is command


def test_every_command_but_one_has_a_key() -> None:
    reachable = {command_of(code) for code in [*range(0x80), *range(0xFF00, 0x10000)]}
    assert reachable >= set(Command)


def test_no_key_means_an_arrow_by_its_low_byte() -> None:
    assert command_of(0xFF51) is not command_of(0x51)
