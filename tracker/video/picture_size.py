"""How large a picture is, by the head of its file: known before a decoder takes memory for it."""

from __future__ import annotations

import struct
from typing import BinaryIO

from tracker.video.kinds import NETPBM_HEAD, tiff_pages

_HEAD = 4096
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that begin a frame (ITU T.81, table B.1); the three left out are tables and a reserved one."""
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of JPEG that nothing follows."""


def picture_size(file: BinaryIO) -> tuple[int, int] | None:
    """Return the width and height that the head of a picture announces, before it is turned upright.

    Args:
        file: a picture of any kind in `IMAGE_SUFFIXES`, to be read from its beginning.

    Returns:
        None where the file is of no such kind, or its head is cut short or announces nothing.
    """
    file.seek(0)
    head = file.read(_HEAD)
    try:
        width, height = _announced(head, file)
    except struct.error:  # cut short
        return None
    return (width, height) if width > 0 and height > 0 else None


def _announced(head: bytes, file: BinaryIO) -> tuple[int, int]:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(">II", head, 16) if head[12:16] == b"IHDR" else (0, 0)
    if head.startswith(b"\xff\xd8"):
        return _of_jpeg(file)
    if head.startswith(b"BM"):
        core = head[14:18] == b"\x0c\0\0\0"
        width, height = _pair("<HH" if core else "<ii", head, 18)
        return width, abs(height)  # a negative height: the top row comes first
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _of_webp(head)
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return next(iter(tiff_pages(file)), (0, 0, 0))[:2]
    found = NETPBM_HEAD.match(head)
    return (int(found[2]), int(found[3])) if found else (0, 0)


def _pair(code: str, head: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(code, head, at)
    return first, second


def _of_jpeg(file: BinaryIO) -> tuple[int, int]:
    """Go from segment to segment up to the frame header (ITU T.81, B.1.1.4 and B.2.2)."""
    file.seek(2)
    while file.read(1) == b"\xff":
        while (marker := file.read(1)) == b"\xff":  # bytes to fill up with
            pass
        if not marker:
            break
        if marker[0] in _WITHOUT_LENGTH:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker[0] in _FRAME_HEADERS:
            height, width = _pair(">HH", file.read(5), 1)
            return width, height
        file.seek(max(0, length - 2), 1)
    return 0, 0


def _of_webp(head: bytes) -> tuple[int, int]:
    """Read the first chunk (RFC 9649): the canvas, a lossy frame (RFC 6386, 9.1) or a lossless one."""
    kind = head[12:16]
    if kind == b"VP8X" and len(head) >= 30:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = _pair("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and head[20:21] == b"\x2f":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0
