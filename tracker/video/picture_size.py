"""How large a picture is, by the head of its file: known before a decoder takes memory for it."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import BinaryIO

from tracker.video.kinds import NETPBM_HEAD, tiff_pages

_HEAD = 64 << 10
"""Bytes of a head in which text may stand: comments of Netpbm."""
_BLOCK = 512
_MOST_STEPS = 1 << 16
"""Segments and blocks after which a JPEG without a frame header counts as one that has none."""
_MOST_BOXES = 1024
_MOST_COMPONENTS = 4

_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that begin a frame (ITU T.81, table B.1); the three left out are tables and a reserved one."""
_WITHOUT_LENGTH = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
"""Markers of JPEG that nothing follows, and the zero that makes a stray 0xFF none."""
_TOO_LATE = frozenset({0xD9, 0xDA})
"""Markers of JPEG before which the frame header has to come: the end, and a scan."""


def picture_size(file: BinaryIO) -> tuple[int, int] | None:
    """Return the width and height that the head of a picture announces, before it is turned upright.

    Args:
        file: a picture of any kind that OpenCV is given, whatever its name, to be read from its beginning.

    Returns:
        None where the file is of no such kind, or its head is cut short or announces nothing.
    """
    file.seek(0)
    head = file.read(_HEAD)
    read = next((read for beginning, read in _KINDS if beginning.match(head)), _of_netpbm)
    try:
        width, height = read(head, file)
    except struct.error:  # cut short
        return None
    return (width, height) if width > 0 and height > 0 else None


def _pair(code: str, head: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(code, head, at)
    return first, second


def _of_png(head: bytes, _file: BinaryIO) -> tuple[int, int]:
    return _pair(">II", head, 16) if head[12:16] == b"IHDR" else (0, 0)


def _of_jpeg(_head: bytes, file: BinaryIO) -> tuple[int, int]:
    """Go from segment to segment up to the frame header (ITU T.81, B.1.1.4 and B.2.2).

    Stray bytes before a marker are passed over, as decoders do.
    """
    at = 2
    for _ in range(_MOST_STEPS):
        file.seek(at)
        block = file.read(_BLOCK)
        marker = block[block.find(b"\xff") :].lstrip(b"\xff") if b"\xff" in block else b""
        if not marker:
            if len(block) < 2:
                break
            at += len(block) - block.endswith(b"\xff")  # which the marker may follow
            continue
        at += len(block) - len(marker) + 1
        if marker[0] in _TOO_LATE:
            break
        if marker[0] in _WITHOUT_LENGTH:
            continue
        file.seek(at)
        segment = file.read(7)
        if marker[0] in _FRAME_HEADERS:
            height, width = _pair(">HH", segment, 3)
            return width, height
        at += max(2, *struct.unpack_from(">H", segment))
    return 0, 0


def _of_bmp(head: bytes, _file: BinaryIO) -> tuple[int, int]:
    core = head[14:18] == b"\x0c\0\0\0"
    width, height = _pair("<HH" if core else "<ii", head, 18)
    return width, abs(height)  # a negative height: the top row comes first


def _of_webp(head: bytes, _file: BinaryIO) -> tuple[int, int]:
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


def _of_tiff(_head: bytes, file: BinaryIO) -> tuple[int, int]:
    return next(iter(tiff_pages(file)), (0, 0, 0))[:2]


def _of_gif(head: bytes, _file: BinaryIO) -> tuple[int, int]:
    return _pair("<HH", head, 6)


def _of_jpeg_2000(_head: bytes, file: BinaryIO) -> tuple[int, int]:
    """Go from box to box to the codestream (ITU T.800, annex I): decoders go by its size, not by that of the boxes."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        size, kind, long_size = struct.unpack(">I4sQ", file.read(16))
        begin = at + (16 if size == 1 else 8)
        if kind == b"jp2c":
            file.seek(begin)
            return _of_codestream(file.read(_BLOCK), file)
        at += long_size if size == 1 else size
        if not begin <= at < 1 << 32:  # no length, one to the end of the file, or one that no decoder takes
            break
    return 0, 0


def _of_codestream(head: bytes, _file: BinaryIO) -> tuple[int, int]:
    """Read the reference grid of a codestream (ITU T.800, A.5.1), which the picture need not fill from its corner."""
    if not head.startswith(b"\xff\x4f\xff\x51"):
        return 0, 0
    right, bottom, left, top = struct.unpack_from(">4I", head, 8)
    (components,) = struct.unpack_from(">H", head, 40)
    # A picture of many components takes memory for each: no camera makes one.
    return (right - left, bottom - top) if components <= _MOST_COMPONENTS else (0, 0)


_PAM_LINES = frozenset({b"", b"DEPTH", b"MAXVAL", b"TUPLTYPE"})
"""What lines of the head of a PAM begin with, but for comments and those of the size."""


def _of_pam(head: bytes, _file: BinaryIO) -> tuple[int, int]:
    """Read the lines of the head (Netpbm's PAM): the greatest size where one is repeated, none where one is strange."""
    found = {b"WIDTH": 0, b"HEIGHT": 0}
    for line in re.split(rb"[\r\n]", head)[1:]:
        name, *values = line.split() or [b""]
        if name == b"ENDHDR":
            return found[b"WIDTH"], found[b"HEIGHT"]
        if name in found and len(values) == 1 and re.fullmatch(rb"\d{1,9}", values[0]):
            found[name] = max(found[name], int(values[0]))
        elif name not in _PAM_LINES and not name.startswith(b"#"):
            break
    return 0, 0


def _of_netpbm(head: bytes, _file: BinaryIO) -> tuple[int, int]:
    found = NETPBM_HEAD.match(head)
    return (int(found[2]), int(found[3])) if found else (0, 0)


_KINDS: tuple[tuple[re.Pattern[bytes], Callable[[bytes, BinaryIO], tuple[int, int]]], ...] = tuple(
    (re.compile(beginning, re.DOTALL), read)
    for beginning, read in (
        (rb"\x89PNG\r\n\x1a\n", _of_png),
        (rb"\xff\xd8", _of_jpeg),
        (rb"BM", _of_bmp),
        (rb"RIFF.{4}WEBP", _of_webp),
        (rb"II[*+]\0|MM\0[*+]", _of_tiff),
        (rb"GIF8[79]a", _of_gif),
        (rb"\0\0\0\x0cjP  \r\n\x87\n", _of_jpeg_2000),
        (rb"\xff\x4f\xff\x51", _of_codestream),
        (rb"P7\s", _of_pam),
    )
)
"""How the files of each kind begin, and what reads their size."""
