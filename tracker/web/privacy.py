"""What is said to clients."""

from __future__ import annotations

import re

_PATH = re.compile(r"(?<![\w:/.])(?:~|[A-Za-z]:)?(?:[/\\][^\s/\\'\",;:]+)*[/\\](?=[^\s/\\'\",;:])")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


def without_paths(text: str) -> str:
    """Return a message in which paths are down to their last part and addresses without passwords."""
    return _CREDENTIALS.sub("", _PATH.sub("", text))
