"""Raw pictures with their times, as bytes for a pipe to ffmpeg: a Matroska stream (RFC 9559), written by hand.

ffmpeg's own format for raw pictures has a constant rate and no times. Of Matroska only what is needed is written: one
track of planar 4:2:0 pictures, each in a cluster of its own, so that each has a time of its own.
"""

from __future__ import annotations

MICROSECONDS = 1_000_000
"""Units of time a second in the stream."""

_UNKNOWN_SIZE = b"\x01" + 7 * b"\xff"
_KEY_FRAME = b"\x81\x00\x00\x80"
"""Head of a simple block: track 1, no time but that of its cluster, a key frame."""
_VIDEO = 1
_SMPTE170M, _LIMITED_RANGE = 6, 1


def stream_head(width: int, height: int, fps: float) -> bytes:
    """Return what comes before the first picture: of `width` x `height` even pixels, at about `fps` a second."""
    color = _element(0x55B0, _number(0x55B1, _SMPTE170M) + _number(0x55B9, _LIMITED_RANGE))
    video = _number(0xB0, width) + _number(0xBA, height) + _element(0x2EB524, b"I420") + color
    track = (
        _number(0xD7, 1)
        + _number(0x73C5, 1)
        + _number(0x83, _VIDEO)
        + _number(0x9C, 0)
        + _number(0x23E383, round(1e9 / fps))
        + _element(0x86, b"V_UNCOMPRESSED")
        + _element(0xE0, video)
    )
    nanoseconds = 1_000_000_000 // MICROSECONDS
    facts = _number(0x2AD7B1, nanoseconds) + _element(0x4D80, b"tracker") + _element(0x5741, b"tracker")
    document = _element(0x4282, b"matroska") + _number(0x4287, 4) + _number(0x4285, 2)
    limits = _number(0x4286, 1) + _number(0x42F7, 1) + _number(0x42F2, 4) + _number(0x42F3, 8)
    segment = _name(0x18538067) + _UNKNOWN_SIZE
    return (
        _element(0x1A45DFA3, limits + document)
        + segment
        + _element(0x1549A966, facts)
        + _element(0x1654AE6B, _element(0xAE, track))
    )


def picture_head(time: int, size: int) -> bytes:
    """Return what comes before the `size` bytes of a picture that is shown at `time`, in `MICROSECONDS`, ≥ 0."""
    moment = _number(0xE7, time)
    block = _name(0xA3) + _size(size + len(_KEY_FRAME)) + _KEY_FRAME
    return _name(0x1F43B675) + _size(len(moment) + len(block) + size) + moment + block


def _element(name: int, content: bytes) -> bytes:
    return _name(name) + _size(len(content)) + content


def _number(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _name(name: int) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8, "big")


def _size(count: int) -> bytes:
    return b"\x01" + count.to_bytes(7, "big")
