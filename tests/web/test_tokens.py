from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.web.tokens import VARIABLE, token_for


def test_a_token_is_read_from_file_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text("of-the-file-0123456\n")
    monkeypatch.setenv(VARIABLE, "of-the-environment-0123")
    assert token_for(str(file), needed=False) == "of-the-file-0123456"
    assert token_for(None, needed=False) == "of-the-environment-0123"
    monkeypatch.delenv(VARIABLE)
    assert token_for(None, needed=False) == ""
    assert token_for(None, needed=True) != token_for(None, needed=True)


@pytest.mark.parametrize("token", ["", "short", "with a space in the middle", "ü" * 20])
def test_a_token_that_cannot_be_used_is_refused(tmp_path: Path, token: str) -> None:
    file = tmp_path / "token"
    file.write_text(token, "utf-8")
    with pytest.raises(ConfigError, match="16 to 256"):
        token_for(str(file), needed=True)


def test_a_token_file_that_is_missing_is_named() -> None:
    with pytest.raises(ConfigError, match="cannot read the token file nowhere"):
        token_for("nowhere", needed=True)
