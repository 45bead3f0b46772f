"""Pictures of a few bytes whose heads announce 30000 x 30000 pixels."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np

SIDE = 30_000


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def _jpeg() -> bytes:
    data = bytearray(cv2.imencode(".jpg", np.zeros((24, 32, 3), np.uint8))[1].tobytes())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", SIDE, SIDE)
    return bytes(data)


def _bmp() -> bytes:
    data = bytearray(cv2.imencode(".bmp", np.zeros((24, 32, 3), np.uint8))[1].tobytes())
    data[18:26] = struct.pack("<ii", SIDE, SIDE)
    return bytes(data)


BOMBS = {"png": _png(), "jpeg": _jpeg(), "bmp": _bmp()}
