"""What the log writes to a terminal only shows, whatever is in a message."""

from __future__ import annotations

import logging

import pytest

from tracker.cli.terminal import set_up_log


def test_control_characters_and_endless_lines_do_not_reach_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log()
    log = logging.getLogger("tracker.web")
    log.warning("\x1b]0;owned\x07%s", "x" * 9000)
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "owned" in said
    assert len(said) < 4100
