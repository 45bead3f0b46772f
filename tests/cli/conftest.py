from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import Cli, Outcome, picture, save
from tracker.cli import main


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run the command line in this process; returns exit code and what it printed."""

    def run(*arguments: object) -> Outcome:
        with pytest.raises(SystemExit) as exited:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert isinstance(exited.value.code, int | None)
        return Outcome(exited.value.code or 0, out, err)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten pictures in which the target goes to the right by 3 px a frame."""
    return save(tmp_path / "moving", [picture(10 + 3 * i) for i in range(10)])
