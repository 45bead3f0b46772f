from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import Cli
from tracker.config.reader import load_config, preset_names


def test_config_show_is_a_file_that_loads(cli: Cli, tmp_path: Path) -> None:
    shown = cli("config", "show", "classic", "--set", "size.damping=0.2")
    (tmp_path / "own.yaml").write_text(shown.out)
    assert load_config(tmp_path / "own.yaml") == load_config("classic", ["size.damping=0.2"])
    assert cli("config", "show").out == cli("config", "show", "accurate").out


def test_config_validate(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good").write_text("preset: fast\nsize: {damping: 0.2}\n")
    Path("bad.yaml").write_text("size: {damping: 9}\n")
    assert cli("config", "validate", "good").out == "good is valid\n"
    assert cli("config", "validate", "bad.yaml").code == 2
    assert cli("config", "validate", "missing.yaml").code == 2


def test_config_list_names_every_preset(cli: Cli) -> None:
    lines = cli("config", "list").out.splitlines()
    assert [line.split()[0] for line in lines] == preset_names()
    assert [line.split()[0] for line in lines if line.endswith("(the default)")] == ["accurate"]
