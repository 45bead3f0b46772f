"""What a video file is, as ffmpeg reads its head."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tracker.errors import SourceError
from tracker.video.inputs import file_input, run

_LOOKED_AT = 12
"""First frames that are decoded where the head does not say whether they are interlaced: two groups of pulldown."""

_LINE = re.compile(r"Stream #0:(\d+)(?:\[\w+\])?(?:\(\w+\))?: Video: (.*)")
_SOUND = re.compile(r"Stream #0:\d+(?:\[\w+\])?(?:\(\w+\))?: Audio: ([^,\n]*)(?:, (\d+) Hz)?(?:, ([^,\n]+))?")
_CONTAINER = re.compile(r"Input #0, (.+), from ")
_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)(?:, start: (-?\d+\.\d+))?")
_ROTATION = re.compile(r"rotation of (-?\d+(?:\.\d+)?) degrees")
_SIZE = re.compile(r"(?:^|, )(\d+)x(\d+)\b")
_RATE = re.compile(r"\b(\d+(?:\.\d+)?)(k?) (fps|tbr)\b")
_ORDERS = ("top first", "bottom first", "top coded first (swapped)", "bottom coded first (swapped)")
_CLOSED = frozenset(
    {
        "av1", "vp8", "vp9", "vp6", "vp6f", "flv1", "gif", "apng", "webp", "webp_anim", "ffv1", "theora", "cinepak",
        "png", "rawvideo", "ppm", "pgm", "bmp", "tiff", "qoi", "huffyuv",
    }
)  # fmt: skip
"""Codecs without interlaced frames, or whose head always tells."""
_DEEP = re.compile(
    r"(?:gray|ya)(?:9|10|12|14|16|32|f16|f32|f)|(?:rgb|bgr|rgba|bgra)48|(?:rgb|bgr)a?64|gbra?p(?:9|1\d|f)|bayer_\w+16"
)


@dataclass(frozen=True, slots=True)
class VideoStream:
    """The video stream of a file.

    Attributes:
        number: of the stream in the file.
        codec: short name, as ffmpeg has it.
        pixel_format: as ffmpeg has it.
        width: coded, pixels, before rotation.
        height: coded, pixels, before rotation.
        shape: width to height of one pixel, (1, 1) for squares and where the file does not say.
        fps: mean frames per second; None where the file does not say.
        nominal_fps: the rate that the times are multiples of; differs from `fps` where the rate varies.
        field_order: "progressive", "top first"...; "" where the head does not tell.
        full_range: whether the values go from 0 to 255; None where the file does not say.
        rotation: degrees, counterclockwise, that the file asks for.
        start: seconds at which the stream begins.
        cover: whether it is a still that belongs to the sound.
        default: whether the file marks it as the one to be shown.
    """

    number: int
    codec: str
    pixel_format: str
    width: int
    height: int
    shape: tuple[int, int]
    fps: float | None
    nominal_fps: float | None
    field_order: str
    full_range: bool | None
    rotation: float
    start: float
    cover: bool
    default: bool

    @property
    def is_interlaced(self) -> bool:
        """Whether a frame holds two moments, line by line."""
        return self.field_order in _ORDERS

    @property
    def may_be_interlaced(self) -> bool:
        """Whether only the frames themselves tell."""
        return not self.field_order and self.codec not in _CLOSED

    @property
    def is_deep(self) -> bool:
        """Whether the values are measurements of more than 8 bits (thermal, depth, microscopy), no film."""
        return _DEEP.match(self.pixel_format) is not None

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height after rotation, pixels."""
        turned = round(self.rotation / 90) % 2 == 1
        return (self.height, self.width) if turned else (self.width, self.height)


@dataclass(frozen=True, slots=True)
class Probe:
    """What ffmpeg says of a file.

    Attributes:
        container: its formats, as ffmpeg has them; "" where it is none.
        duration: seconds; None where the file does not say.
        video: the stream to be read; None where there is none but covers.
        cover: the picture of the cover, None where there is none.
        sound: codec, rate and channels; "" where there is none.
        complaint: why the file cannot be read; "" where it can.
    """

    container: str
    duration: float | None
    video: VideoStream | None
    cover: VideoStream | None
    sound: str
    complaint: str


def check_pixels(size: tuple[int, int], most: int | None) -> None:
    """Refuse pictures of a size, width and height, that have more than `most` pixels; None for any number.

    Raises:
        SourceError: they have.
    """
    width, height = size
    if most is not None and width * height > most:
        raise SourceError(
            f"the pictures are too large ({width} x {height}): up to {most / 1e6:.1f} megapixels are taken, "
            "make them smaller"
        )


def probe(path: Path, demuxer: str = "") -> Probe:
    """Return what ffmpeg says of a file, in about 0.02 s of CPU.

    Raises:
        SourceError: there is no ffmpeg program, or it hangs.
        OSError: the file cannot be read.
    """
    facts = path.stat()
    return _probed(os.fsencode(path.absolute()), facts.st_size, facts.st_mtime_ns, demuxer)


@lru_cache(maxsize=256)
def _probed(name: bytes, _size: int, _changed: int, demuxer: str) -> Probe:
    return probe_input(file_input(Path(os.fsdecode(name)), demuxer))


def probe_input(given: list[str | bytes]) -> Probe:
    """Return what ffmpeg says of an input that its arguments describe.

    Raises:
        SourceError: there is no ffmpeg program, or it hangs.
    """
    report = run(*given, log_level="level+info")[1]
    found = parsed(report)
    if found.video is None or not found.video.may_be_interlaced:
        return found
    return parsed(report, _first_order(given, found.video.number))


def parsed(report: str, field_order: str = "") -> Probe:
    """Read the head that ffmpeg printed (`-loglevel level+info`); `field_order` is for a stream that has none."""
    container = _CONTAINER.search(report)
    length = _DURATION.search(report)
    sound = _SOUND.search(report)
    streams = _streams(report, field_order)
    films = [stream for stream in streams if not stream.cover]
    seconds = int(length[1]) * 3600 + int(length[2]) * 60 + float(length[3]) if length else None
    return Probe(
        container=container[1] if container else "",
        duration=seconds,
        video=max(films, key=lambda s: (s.default, s.width * s.height, s.fps or 0.0, -s.number), default=None),
        cover=next((stream for stream in streams if stream.cover), None),
        sound=", ".join(filter(None, (sound[1].strip(), f"{sound[2]} Hz" if sound[2] else "", sound[3])))
        if sound
        else "",
        complaint="" if container else _complaint(report),
    )


def _streams(report: str, field_order: str) -> list[VideoStream]:
    found = []
    lines = report.splitlines()
    for at, line in enumerate(lines):
        if match := _LINE.search(line.removeprefix("[info]").strip()):
            below = []
            for other in lines[at + 1 :]:
                if "Stream #0:" in other:
                    break
                below.append(other)
            rotation = _ROTATION.search("\n".join(below))
            stream = _stream(int(match[1]), match[2], float(rotation[1]) if rotation else 0.0, field_order)
            found += [stream] if stream else []
    return found


def _stream(number: int, text: str, rotation: float, field_order: str) -> VideoStream | None:
    """Read one line: `h264 (High) (avc1 / 0x..), yuv420p(tv, top first), 320x240 [SAR 1:1 DAR 4:3], 25 fps, ...`."""
    size = _SIZE.search(re.sub(r"\([^)]*\)", "", text))
    if size is None:
        return None
    pixels = re.search(r", (\w+)(?:\(([^)]*(?:\([^)]*\))?[^)]*)\))?, ", f"{text}, ")
    notes = pixels[2] or "" if pixels else ""
    shape = re.search(r"SAR (\d+):(\d+)", text)
    start = re.search(r", start (-?\d+\.\d+)", text)
    rates = {kind: float(value) * (1000 if kilo else 1) for value, kilo, kind in _RATE.findall(text)}
    order = next((known for known in (*_ORDERS, "progressive") if known in notes), field_order)
    pair = (int(shape[1]), int(shape[2])) if shape else (1, 1)
    return VideoStream(
        number=number,
        codec=text.split(maxsplit=1)[0].rstrip(","),
        pixel_format=pixels[1] if pixels else "",
        width=int(size[1]),
        height=int(size[2]),
        shape=pair if all(pair) else (1, 1),
        fps=rates.get("fps"),
        nominal_fps=rates.get("tbr"),
        field_order=order,
        full_range={"pc": True, "tv": False}.get(notes.split(",")[0].strip()),
        rotation=rotation,
        start=float(start[1]) if start else 0.0,
        cover="(attached pic)" in text,
        default="(default)" in text,
    )


def _first_order(given: list[str | bytes], number: int) -> str:
    """Decode the first frames and return the field order that one of them has."""
    look = ["-map", f"0:{number}", "-an", "-frames:v", str(_LOOKED_AT), "-vf", "showinfo=checksum=0", "-f", "null", "-"]
    try:
        report = run(*given, *look)[1]
    except SourceError:
        return ""
    flags = re.findall(r"\] n: *\d+ .*? i:([PTB]) ", report)
    if not flags:
        return ""
    return next((order for flag, order in (("T", "top first"), ("B", "bottom first")) if flag in flags), "progressive")


_LONG = 600.0
"""Seconds that ffmpeg is given to go through a file."""
_DAMAGE = re.compile(r"corrupt|prematurely|partial file|truncat|invalid|error|mismatch", re.IGNORECASE)


def interlaced_at(given: list[str | bytes], number: int, seconds: float | None, frame: int) -> bool:
    """Whether a frame, or one of the next, is interlaced.

    Args:
        given: ffmpeg's arguments for the input.
        number: of the stream.
        seconds: time of the frame, so that decoding may begin at the key frame before; None where the times are not to
            be trusted: then all is decoded up to the frame.
        frame: its number.
    """
    begin = ["-ss", f"{seconds - 0.5:.3f}"] if seconds is not None and seconds > 1.0 else []
    chosen = f"select=gte(n\\,{frame})," if seconds is None else ""
    length = ["-frames:v", str(_LOOKED_AT)] if seconds is None else ["-t", "1.5"]
    look = ["-map", f"0:{number}", "-an", *length, "-vf", f"{chosen}showinfo=checksum=0", "-f", "null", "-"]
    try:
        report = run(*begin, *given, *look, timeout=_LONG)[1]
    except SourceError:
        return False
    return re.search(r"\] n: *\d+ .*? i:[TB] ", report) is not None


def is_complete(given: list[str | bytes], number: int) -> bool:
    """Whether an input can be read through to its end without a hint of damage; packets are read, not decoded."""
    look = ["-map", f"0:{number}", "-c", "copy", "-f", "null", "-"]
    try:
        code, report = run(*given, *look, log_level="warning", timeout=_LONG)
    except SourceError:
        return False
    return code == 0 and _DAMAGE.search(report) is None


def _complaint(report: str) -> str:
    summed_up = re.search(r"Error opening input(?: file [^\n]*?)?: ([^\n]+)", report)
    first = re.search(r"\[(?:error|fatal)\] ([^\n]*)", report)
    return (summed_up[1] if summed_up else first[1] if first else "").rstrip(".")
