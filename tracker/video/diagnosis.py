"""Why a file cannot be opened as a video, told from its first bytes."""

from __future__ import annotations

import string
from pathlib import Path

_HEAD = 4096
_PRINTABLE = frozenset(string.printable.encode())
_SOUND = (b"ID3", b"fLaC", b"OggS", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1")


def why_unreadable(path: Path) -> str:
    """Return one line that says why `path` cannot be read as a video, and what to do."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return f"{path} cannot be read ({error.strerror}): check its permissions"
    if not head:
        return f"{path} is empty (0 bytes): copy or record it again"
    if all(byte in _PRINTABLE for byte in head):
        return f"{path} is a text file, not a video: give a video file"
    if head[4:8] == b"ftyp":
        return _why_mp4_unreadable(path)
    if head.startswith(_SOUND) or (head[:4] == b"RIFF" and head[8:12] == b"WAVE"):
        return f"{path} holds sound but no picture: give a video file"
    return f"{path} holds no video that OpenCV can decode: check it with a player, or convert it to H.264 MP4"


def _why_mp4_unreadable(path: Path) -> str:
    index = _mp4_index(path)
    if index is None:
        return f"{path} is cut short (the index of the MP4 is missing): copy or record it again"
    if b"soun" in index and b"vide" not in index:
        return f"{path} holds sound but no picture: give a video file"
    return f"{path} is a damaged MP4 or has a codec that OpenCV cannot decode: convert it to H.264"


def _mp4_index(path: Path) -> bytes | None:
    """Return the `moov` box of an MP4 (ISO 14496-12), None where there is none in one piece."""
    with path.open("rb") as file:
        while len(header := file.read(8)) == 8:
            size, kind = int.from_bytes(header[:4], "big"), header[4:]
            content = size - 8
            if size == 1:
                content = int.from_bytes(file.read(8), "big") - 16
            if kind == b"moov":
                index = file.read(max(0, content))
                return index if len(index) == content else None
            if content < 0:
                return None
            file.seek(content, 1)
    return None
