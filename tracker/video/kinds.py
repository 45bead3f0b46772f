"""What a file holds, by its content; its name is asked only where the content does not tell."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO

IMAGE_SUFFIXES = frozenset(
    {".bmp", ".dib", ".jpe", ".jpeg", ".jpg", ".pbm", ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp"}
)
"""How the names of picture files end, whatever their case."""

FOREIGN_SUFFIXES = frozenset({".heic", ".heif", ".hif", ".jxl", ".psd", ".psb", ".svg", ".pdf", ".eps", ".cr3", ".raf"})
"""How the names of picture files end that have to be converted first."""

VIDEO_SUFFIXES = (
    ".mp4", ".m4v", ".mov", ".qt", ".mkv", ".webm", ".avi", ".divx", ".ts", ".mts", ".m2ts", ".m2t", ".mpg", ".mpeg",
    ".m2v", ".mpv", ".vob", ".wmv", ".asf", ".flv", ".f4v", ".3gp", ".3g2", ".ogv", ".ogg", ".ogm", ".mxf", ".dv",
    ".gif", ".apng", ".avif", ".mjpg", ".mjpeg", ".h264", ".264", ".h265", ".265", ".hevc", ".av1", ".ivf", ".obu",
    ".y4m", ".nut", ".rm", ".rmvb",
)  # fmt: skip
"""How the names of video files end, whatever their case; any file that can be decoded is opened whatever its name."""

_ENDLESS = frozenset({".ts", ".m2ts", ".mts", ".m2t", ".mjpg", ".mjpeg", ".h264", ".264", ".h265", ".265", ".hevc"})
CLIP_SUFFIXES = frozenset(VIDEO_SUFFIXES) - _ENDLESS
"""How the path of an address ends that names a clip rather than a live stream: of the others there is no telling."""

_HEAD = 4096
_TEXT_SHARE = 0.95


class Content(Enum):
    """What kind of thing a file holds."""

    EMPTY = "nothing"
    """Not one byte."""
    PICTURE = "one picture"
    """A still: stands for a while, or is one of a folder."""
    PAGES = "pages"
    """Several pictures of one size without times: the pages of a TIFF."""
    MOVING = "moving pictures"
    """A picture format with several pictures: animated PNG, WebP, GIF or AVIF, or pictures one after the other."""
    VIDEO = "video"
    """A container or a raw stream that may hold video."""
    SOUND = "sound"
    """Sound, perhaps with a picture of the cover."""
    PLAYLIST = "playlist"
    """A text that names other files or addresses; never followed."""
    TEXT = "text"
    """Some other text."""
    UNKNOWN = "unknown"
    """Nothing that is known here; a decoder may know it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look into a file found.

    Attributes:
        content: what it holds.
        format: short name of its format, "" where unknown.
        pages: numbers of the pages of a TIFF that are frames, else empty.
        demuxer: what ffmpeg has to read it as, "" for what ffmpeg finds.
    """

    content: Content
    format: str = ""
    pages: tuple[int, ...] = ()
    demuxer: str = ""


def look_into(path: Path) -> Look:
    """Return what the file at `path` holds.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        return _of_picture(head, file) or _of_container(head) or _of_text(head)


def look_at(head: bytes) -> Look:
    """Return what a file holds that begins with `head`, its first 4096 bytes or all of it."""
    return _of_picture(head, io.BytesIO(head)) or _of_container(head) or _of_text(head)


def conversion_of(path: Path) -> str:
    """Return how a picture that OpenCV does not read is converted to one that it does; "" where it should be read."""
    try:
        name = look_into(path).format
    except OSError:
        name = ""
    if name not in _CONVERTED and path.suffix.lower() not in FOREIGN_SUFFIXES:
        return ""
    kind = name if name in _CONVERTED else path.suffix[1:].upper()
    return f"it is {kind}: convert it, for instance with ImageMagick (magick {path.name} {path.stem}.png)"


_CONVERTED = ("HEIF", "AVIF", "JPEG XL", "Photoshop")


def is_recording_name(path: Path) -> bool:
    """Whether a file's name is that of a video, whatever its case."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def holds_video(path: Path) -> bool:
    """Whether a file is a recording for `batch` and `eval`: called like one and no text, or one by its content.

    Pictures and texts that are called like a video (TypeScript files end with `.ts`) are none.
    """
    try:
        found = look_into(path)
    except OSError:
        return is_recording_name(path)  # opening it will say what is wrong
    if is_recording_name(path):
        return found.content not in (Content.TEXT, Content.PLAYLIST, Content.PICTURE)
    return found.content in (Content.VIDEO, Content.MOVING, Content.PAGES)


def _of_picture(head: bytes, file: BinaryIO) -> Look | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _of_png(file)
    if head.startswith(b"\xff\xd8\xff"):
        return _in_a_row(file, head, b"\xff\xd9\xff\xd8\xff", "JPEG", "mjpeg")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        animated = head[12:16] == b"VP8X" and len(head) > 20 and head[20] & 0x02
        return Look(Content.MOVING if animated else Content.PICTURE, "WebP")
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return Look(Content.MOVING if _gif_pictures(file) > 1 else Content.PICTURE, "GIF")
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        pages = tiff_frames(file)
        return Look(Content.PAGES if len(pages) > 1 else Content.PICTURE, "TIFF", pages)
    if re.match(rb"P[1-6][\s#]", head):
        return _of_netpbm(head, file)
    if head[:2] == b"BM" and len(head) > 26 and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124):
        return Look(Content.PICTURE, "BMP")
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"heic", b"heix", b"mif1", b"avis", b"hevc", b"msf1"):
        moving = b"avis" in head[8:64] or b"msf1" in head[8:64]
        return Look(Content.MOVING if moving else Content.PICTURE, "AVIF" if b"avi" in head[8:64] else "HEIF")
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL \r\n")):
        return Look(Content.PICTURE, "JPEG XL")
    return Look(Content.PICTURE, "Photoshop") if head.startswith(b"8BPS\0") else None


def _of_png(file: BinaryIO) -> Look:
    """Walk the chunks (PNG 1.2, section 3.2): `acTL` before the picture makes it an animation."""
    file.seek(8)
    while len(chunk := file.read(8)) == 8:
        size, kind = int.from_bytes(chunk[:4], "big"), chunk[4:]
        if kind == b"acTL":
            return Look(Content.MOVING if int.from_bytes(file.read(4), "big") > 1 else Content.PICTURE, "PNG")
        if kind == b"IEND":
            file.seek(4, 1)
            another = file.read(8) == b"\x89PNG\r\n\x1a\n"
            return Look(Content.MOVING, "PNG", demuxer="png_pipe") if another else Look(Content.PICTURE, "PNG")
        file.seek(size + 4, 1)
    return Look(Content.PICTURE, "PNG")


def _in_a_row(file: BinaryIO, head: bytes, seam: bytes, name: str, demuxer: str) -> Look:
    """Look for a second picture that begins where the first ends; JPEG's marker cannot stand inside its data.

    Pictures that belong to the first one (multi-picture format: a preview, the other eye) are announced in its head.
    """
    if b"MPF\0" in head:
        return Look(Content.PICTURE, name)
    file.seek(0)
    before = b""
    while block := file.read(1 << 20):
        if seam in before + block:
            return Look(Content.MOVING, name, demuxer=demuxer)
        before = block[-len(seam) :]
    return Look(Content.PICTURE, name)


def _gif_pictures(file: BinaryIO, enough: int = 2) -> int:
    """Return how many pictures a GIF holds, counting no further than `enough` (GIF89a, appendix A)."""
    file.seek(10)
    flags = file.read(3)
    found = 0
    if len(flags) == 3 and flags[0] & 0x80:
        file.seek(3 << ((flags[0] & 7) + 1), 1)
    while found < enough and (kind := file.read(1)) in (b"\x21", b"\x2c"):
        if kind == b"\x2c":
            found += 1
            place = file.read(9)
            if len(place) == 9 and place[8] & 0x80:
                file.seek(3 << ((place[8] & 7) + 1), 1)
        file.seek(1, 1)
        while (size := file.read(1)) not in (b"", b"\0"):
            file.seek(size[0], 1)
    return found


_GAP = rb"(?>(?:\s|#[^\r\n]*[\r\n])+)"  # of one sign or one comment a turn: each head is read in one way only
NETPBM_HEAD = re.compile(rb"P([1-6])" + _GAP + rb"(\d{1,9})" + _GAP + rb"(\d{1,9})(?:" + _GAP + rb"(\d{1,9}))?\s")
"""Kind, width, height and, but for bitmaps, the greatest value of a Netpbm picture."""


def _of_netpbm(head: bytes, file: BinaryIO) -> Look:
    """Compare the size that the head announces with the file's: Netpbm files may hold pictures one after the other."""
    numbers = NETPBM_HEAD.match(head)
    demuxer = {b"4": "pbm_pipe", b"5": "pgm_pipe", b"6": "ppm_pipe"}.get(head[1:2])
    if numbers is None or demuxer is None:
        return Look(Content.PICTURE, "Netpbm")
    width, height = int(numbers[2]), int(numbers[3])
    row = (width + 7) // 8 if demuxer == "pbm_pipe" else width * (3 if demuxer == "ppm_pipe" else 1)
    deep = demuxer != "pbm_pipe" and numbers[4] is not None and int(numbers[4]) > 255
    start = numbers.end(3) + 1 if demuxer == "pbm_pipe" else numbers.end()
    file.seek(start + row * height * (2 if deep else 1))
    return (
        Look(Content.MOVING, "Netpbm", demuxer=demuxer) if file.read(2) == head[:2] else Look(Content.PICTURE, "Netpbm")
    )


_WIDTH, _HEIGHT, _SUBFILE = 256, 257, 254
_WHOLE = {3: "H", 16: "Q"}
"""Types of whole numbers that have not four bytes (TIFF 6.0, page 15; BigTIFF)."""
_MAX_PAGES = 1_000_000


def tiff_frames(file: BinaryIO) -> tuple[int, ...]:
    """Return the numbers of the pages of a TIFF that have the size of the first one.

    Others are no frames: previews, masks, and the levels of a pyramid.
    """
    pages = tiff_pages(file)
    return tuple(number for number, page in enumerate(pages) if page == pages[0])


def tiff_pages(file: BinaryIO) -> list[tuple[int, int, int]]:
    """Return width, height and kind (what of tag 254 makes it no frame) of each page of a TIFF (6.0, or BigTIFF)."""
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    offset_code, count_code, entry_size = ("Q", "Q", 20) if big else ("I", "H", 12)
    sizes: list[tuple[int, int, int]] = []
    try:
        (at,) = struct.unpack_from(order + offset_code, head, 8 if big else 4)
        seen: set[int] = set()
        while at and at not in seen and len(seen) < _MAX_PAGES:
            seen.add(at)
            file.seek(at)
            (count,) = struct.unpack(order + count_code, file.read(struct.calcsize(count_code)))
            entries = file.read(min(count, 4096) * entry_size)
            sizes.append(_page_size(entries, order, entry_size))
            (at,) = struct.unpack(order + offset_code, file.read(struct.calcsize(offset_code)))
    except (struct.error, OverflowError, OSError):  # cut short, or on from a place that no file has
        pass
    return sizes


def _page_size(entries: bytes, order: str, entry_size: int) -> tuple[int, int, int]:
    values: dict[int, int] = {}
    for at in range(0, len(entries) - entry_size + 1, entry_size):
        tag, kind = struct.unpack_from(order + "HH", entries, at)
        if tag in (_WIDTH, _HEIGHT, _SUBFILE):
            (value,) = struct.unpack_from(order + _WHOLE.get(kind, "I"), entries, at + entry_size // 2 + 2)
            values.setdefault(tag, value)  # of a tag that is repeated decoders take the first
    return values.get(_WIDTH, 0), values.get(_HEIGHT, 0), values.get(_SUBFILE, 0) & 5


_SOUND = (
    b"ID3",
    b"fLaC",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\xff\xf2",
    b"\xff\xfa",
    b"\xff\xf1",
    b"\xff\xf9",
    b".snd",
    b"FORM",
)


def _of_container(head: bytes) -> Look | None:
    """Recognize the usual containers and raw streams."""
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return Look(Content.SOUND if head[8:12] in (b"M4A ", b"M4B ") else Content.VIDEO, "MP4")
    if head[:4] == b"RIFF":
        return Look(Content.SOUND, "WAV") if head[8:12] == b"WAVE" else Look(Content.VIDEO, "AVI")
    for start, name in _STARTS:
        if head.startswith(start):
            return Look(Content.VIDEO, name)
    for step, offset in ((188, 0), (192, 4), (204, 0)):  # plain, with time codes (AVCHD), with error correction
        if len(head) > 4 * step and all(head[offset + k * step] == 0x47 for k in range(4)):
            return Look(Content.VIDEO, "MPEG-TS")
    return Look(Content.SOUND) if head.startswith(_SOUND) else None


_STARTS = (
    (b"\x1a\x45\xdf\xa3", "Matroska"),
    (b"\0\0\1\xba", "MPEG-PS"),
    (b"\0\0\1\xb3", "MPEG-2"),
    (b"\0\0\0\1", "raw stream"),
    (b"\0\0\1", "raw stream"),
    (b"OggS", "Ogg"),
    (b"FLV\1", "FLV"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "ASF"),
    (b"\x06\x0e\x2b\x34", "MXF"),
    (b"\x1f\x07\0", "DV"),
    (b"YUV4MPEG2", "YUV4MPEG"),
    (b"nut/multimedia container", "NUT"),
    (b"DKIF", "IVF"),
    (b".RMF", "RealMedia"),
)

_PLAYLIST = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:#EXTM3U|ffconcat|\[playlist\]|\[reference\]|v=0\s|RTSPtext|"
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?(?:MPD|smil|asx|playlist|CompositionPlaylist|SmoothStreamingMedia)\b)",
    re.IGNORECASE | re.DOTALL,
)


def _of_text(head: bytes) -> Look:
    if not head:
        return Look(Content.EMPTY)
    if _PLAYLIST.match(head) or re.search(rb"^(?:#EXT-X-|c=IN IP[46] )", head, re.MULTILINE):
        return Look(Content.PLAYLIST)
    printable = sum(byte >= 0x20 or byte in b"\t\n\r\f" for byte in head)
    if b"\0" not in head and printable >= _TEXT_SHARE * len(head) and _is_utf8(head):
        return Look(Content.TEXT)
    return Look(Content.UNKNOWN)


def _is_utf8(head: bytes) -> bool:
    try:
        head[:-4].decode("utf-8") if len(head) == _HEAD else head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 8  # a letter cut in two at the end
    return True
