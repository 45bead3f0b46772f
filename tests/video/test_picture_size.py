"""How large a picture is, by the head of its file."""

from __future__ import annotations

import io
import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.video.images import decode_pixels
from tracker.video.kinds import look_at
from tracker.video.picture_size import picture_size

PICTURE = np.random.default_rng(3).integers(0, 255, (33, 47, 3), dtype=np.uint8)
GRAY = PICTURE[:, :, 0].copy()
KINDS = {
    "png": (".png", PICTURE, ()),
    "jpeg": (".jpg", PICTURE, ()),
    "progressive jpeg": (".jpg", PICTURE, (cv2.IMWRITE_JPEG_PROGRESSIVE, 1)),
    "bmp": (".bmp", PICTURE, ()),
    "tiff": (".tif", PICTURE, ()),
    "ppm": (".ppm", PICTURE, ()),
    "pgm": (".pgm", GRAY, ()),
    "pbm": (".pbm", GRAY, ()),
    "lossy webp": (".webp", PICTURE, (cv2.IMWRITE_WEBP_QUALITY, 50)),
    "lossless webp": (".webp", PICTURE, (cv2.IMWRITE_WEBP_QUALITY, 101)),
    "gif": (".gif", PICTURE, ()),
    "jpeg 2000": (".jp2", PICTURE, ()),
    "pam": (".pam", PICTURE, ()),
}


def encoded(kind: str) -> bytes:
    suffix, picture, options = KINDS[kind]
    return cv2.imencode(suffix, picture, options)[1].tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_tells_the_size(kind: str) -> None:
    assert picture_size(io.BytesIO(encoded(kind))) == (47, 33)


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_that_is_cut_short_tells_nothing_or_the_same(kind: str) -> None:
    data = encoded(kind)
    found = [picture_size(io.BytesIO(data[:length])) for length in range(64)]
    assert found[0] is None
    if kind == "jpeg":  # its frame header comes after the tables
        assert set(found) == {None}
    # A number of Netpbm that is cut short is a smaller one, until the space behind it has come.
    assert set(found) <= {None, (47, 33)}


def test_segments_before_the_frame_of_a_jpeg_are_passed_over() -> None:
    data = encoded("jpeg")
    looks_like_a_frame = b"\xff\xc0\x00\x11\x08\x75\x30\x75\x30"  # the picture of a preview, inside a segment
    profile = b"\xff\xe2" + struct.pack(">H", 2 + 60_000) + looks_like_a_frame.ljust(60_000, b"\0")
    assert picture_size(io.BytesIO(data[:2] + profile + b"\xff" + data[2:])) == (47, 33)


@pytest.mark.parametrize("stray", [b"\0\0\0", b"\xff\0", b"\xff\xff\0\xff\0", b"x" * 5000, b"x" * 511 + b"\xff" * 1026])
def test_stray_bytes_between_the_segments_of_a_jpeg_are_passed_over(stray: bytes) -> None:
    data = encoded("jpeg")
    behind_the_first = 4 + int.from_bytes(data[4:6], "big")
    data = data[:behind_the_first] + stray + data[behind_the_first:]
    assert picture_size(io.BytesIO(data)) == (47, 33)
    assert decode_pixels(np.frombuffer(data, np.uint8)) is not None


def test_what_comes_after_the_first_scan_of_a_jpeg_is_no_head() -> None:
    frame = b"\xff\xc0\x00\x11\x08\x00\x10\x00\x10"
    for marker in (b"\xff\xd9", b"\xff\xda\x00\x02"):
        assert picture_size(io.BytesIO(b"\xff\xd8" + marker + frame)) is None


@pytest.mark.parametrize("letters", [5000, 40_000])
def test_a_netpbm_picture_may_have_a_long_comment(letters: int) -> None:
    assert picture_size(io.BytesIO(b"P5\n#" + b"x" * letters + b"\n640 480\n255\n")) == (640, 480)


def test_a_jpeg_2000_has_the_size_of_its_codestream() -> None:
    """What is decoded is the codestream, whatever the box before it says."""
    data = encoded("jpeg 2000")
    bare = data[data.index(b"\xff\x4f\xff\x51") :]
    assert picture_size(io.BytesIO(bare)) == (47, 33)
    at = data.index(b"ihdr") + 4
    assert picture_size(io.BytesIO(data[:at] + struct.pack(">II", 9, 9) + data[at + 8 :])) == (47, 33)
    long_box = struct.pack(">I4sQ", 1, b"free", 16 + 9) + bytes(9)
    assert picture_size(io.BytesIO(data[:12] + long_box + data[12:])) == (47, 33)
    assert picture_size(io.BytesIO(bare[:40] + struct.pack(">H", 5) + bare[42:])) is None  # memory for each component


def test_a_pam_is_as_large_as_any_of_its_lines_says() -> None:
    lines = b"P7\n# ENDHDR\nWIDTH 4\n%s\nHEIGHT\t480\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\nWIDTH 9999\n"
    assert picture_size(io.BytesIO(lines % b"WIDTH 640")) == (640, 480)
    assert picture_size(io.BytesIO((lines % b" WIDTH 640 ").replace(b"\n", b"\r"))) == (640, 480)
    for strange in (b"WIDTH 0000000000640", b"WIDTH 640x", b"WIDTH\0 640", b"WIDTH 640 480"):
        assert picture_size(io.BytesIO(lines % strange)) is None


@pytest.mark.parametrize("tag", [256, 257])
def test_of_a_tag_of_a_tiff_that_is_repeated_the_first_counts(tag: int) -> None:
    """As for libtiff: a small number behind it must not hide a huge one."""
    entries = [(256, 640), (257, 480), (tag, 1)]
    page = b"".join(struct.pack("<HHII", number, 4, 1, value) for number, value in entries)
    data = b"II*\0" + struct.pack("<IH", 8, len(entries)) + page + bytes(4)
    assert picture_size(io.BytesIO(data)) == (640, 480)


def test_other_heads_of_a_kind() -> None:
    core = b"BM" + bytes(12) + struct.pack("<IHHHH", 12, 640, 480, 1, 24)
    upside_down = b"BM" + bytes(12) + struct.pack("<Iii", 40, 640, -480)
    canvas = b"RIFF" + bytes(4) + b"WEBPVP8X" + struct.pack("<II", 10, 0) + b"\x7f\x02\x00" + b"\xdf\x01\x00"
    commented = b"P6\n# a comment with 9 9\n640\n# another\n480\n255\n"
    for head in (core, upside_down, canvas, commented):
        assert picture_size(io.BytesIO(head)) == (640, 480)


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xd8\xff\xd9", b"GIF89a\x10\x00\x00\x00", b"II*\0" + bytes(4)])
def test_what_announces_no_size(data: bytes) -> None:
    assert picture_size(io.BytesIO(data)) is None


JP2 = b"\0\0\0\x0cjP  \r\n\x87\n"
BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8",
    b"BM",
    b"RIFF    WEBP",
    b"II*\0",
    b"MM\0+",
    b"P5",
    b"P6 9",
    b"P7\n",
    b"P7\nWIDTH 9",
    b"GIF89a",
    JP2,
    JP2 + b"\0\0\0\0jp2c\xff\x4f\xff\x51",
    JP2 + b"\0\0\0\1free",
    b"\xff\x4f\xff\x51",
)


@given(
    st.sampled_from(BEGINNINGS), st.one_of(st.binary(max_size=200), st.text("\t\n #09x", max_size=200).map(str.encode))
)
def test_any_head_is_read_to_an_end(beginning: bytes, rest: bytes) -> None:
    size = picture_size(io.BytesIO(beginning + rest))
    assert size is None or min(size) > 0
    look_at(beginning + rest)


@pytest.mark.parametrize("gap", [b" ", b"\n", b"#\n", b" #\n", b"\xff", b"\0"])
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_head_of_gaps_takes_no_time(beginning: bytes, gap: bytes) -> None:
    """A pattern that reads a gap in more ways than one would take for ever: the limit is that of every test."""
    data = beginning + gap * 40_000 + b"x"
    picture_size(io.BytesIO(data))
    look_at(data)
