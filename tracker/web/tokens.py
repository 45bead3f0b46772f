"""The secret token of a server: read from a file or the environment, or made."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from tracker.errors import ConfigError

VARIABLE = "TRACKER_TOKEN"
"""Environment variable that holds the token."""
_FORM = re.compile(r"[A-Za-z0-9._~-]{16,256}")


def token_for(file: str | None, *, needed: bool) -> str:
    """Return the token of a file, of the environment, or a new one; "" where there is none and none is needed.

    Raises:
        ConfigError: the file cannot be read, or the token is too short or has signs that an address may not have.
    """
    token = _read(file) if file is not None else os.environ.get(VARIABLE, "").strip()
    if not token and file is None:
        return secrets.token_urlsafe(24) if needed else ""
    if not _FORM.fullmatch(token):
        origin = file or VARIABLE
        raise ConfigError(f"the token of {origin} cannot be used: give 16 to 256 letters, digits or any of . _ ~ -")
    return token


def _read(file: str) -> str:
    try:
        return Path(file).expanduser().read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise ConfigError(f"cannot read the token file {file} ({reason}): check the path") from error
