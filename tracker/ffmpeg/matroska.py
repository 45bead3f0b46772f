"""Raw pictures with their times, as a Matroska stream: the simplest container that a pipe can carry times in.

An EBML element is an identifier, the length of its content, and the content (RFC 8794). Of Matroska (RFC 9559) this is
what one track of uncompressed pictures needs: a cluster a picture, so that each has a time of its own in microseconds.
"""

from __future__ import annotations

import struct

TICK = 1e-6
"""Seconds of a unit of time."""

_UNKNOWN = b"\x01" + 7 * b"\xff"
"""The length of an element that goes on until the stream ends."""


def stream_head(width: int, height: int, fps: float) -> bytes:
    """Return the beginning of a stream of pictures in planar 4:2:0 (I420); `fps` is how long the last one is shown."""
    video = _element(0xE0, _number(0xB0, width) + _number(0xBA, height) + _element(0x2EB524, b"I420"))
    track = _element(
        0xAE,
        _number(0xD7, 1)  # its number
        + _number(0x73C5, 1)  # its unique identifier
        + _number(0x83, 1)  # video
        + _number(0x23E383, max(1, round(1e9 / fps)))  # nanoseconds that a picture usually lasts
        + _element(0x86, b"V_UNCOMPRESSED")
        + video,
    )
    head = _element(0x1A45DFA3, _element(0x4282, b"matroska") + _number(0x4287, 4) + _number(0x4285, 2))
    info = _element(0x1549A966, _number(0x2AD7B1, round(TICK * 1e9)) + _element(0x4D80, b"t") + _element(0x5741, b"t"))
    return head + _id(0x18538067) + _UNKNOWN + info + _element(0x1654AE6B, track)


def picture_head(time: int, size: int) -> bytes:
    """Return what goes before the `size` bytes of a picture that is shown from `time` on, in units of `TICK`."""
    # In a cluster that begins at that time: track 1, no time after the cluster's, a key frame.
    block = _id(0xA3) + _length(4 + size) + b"\x81" + struct.pack(">hB", 0, 0x80)
    begin = _number(0xE7, time)
    return _id(0x1F43B675) + _length(len(begin) + len(block) + size) + begin + block


def _element(identifier: int, content: bytes) -> bytes:
    return _id(identifier) + _length(len(content)) + content


def _number(identifier: int, value: int) -> bytes:
    return _element(identifier, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _id(identifier: int) -> bytes:
    return identifier.to_bytes((identifier.bit_length() + 7) // 8, "big")


def _length(value: int) -> bytes:
    """Return a length in eight bytes, of which the first bit set marks how many there are."""
    return ((1 << 56) | value).to_bytes(8, "big")
