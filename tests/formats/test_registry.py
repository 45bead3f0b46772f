"""How a file's format is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.formats.registry import FORMATS, format_of


def test_the_name_tells_the_format_or_does_not(tmp_path: Path) -> None:
    assert format_of(Path("a.CSV"), None, "--from") is FORMATS["csv"]
    assert format_of(tmp_path, None, "--from") is FORMATS["yolo"]
    assert format_of(Path("a.txt"), "otb", "--from") is FORMATS["otb"]
    with pytest.raises(ConfigError, match=r"give --from with one of mot, mot-gt, otb, got10k, vot$"):
        format_of(Path("a.txt"), None, "--from")
    with pytest.raises(ConfigError, match="give --to with one of csv, jsonl, mot"):
        format_of(Path("a.xyz"), None, "--to")
    with pytest.raises(ConfigError, match="no format 'voc': choose from csv, jsonl, mot"):
        format_of(Path("a.txt"), "voc", "--to")
