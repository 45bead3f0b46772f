"""Video files, decoded by OpenCV's FFmpeg."""

from __future__ import annotations

import math
import os
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import cv2

from tracker.errors import SourceError
from tracker.ffmpeg.decoder import Decoder
from tracker.image import Image, as_image
from tracker.video.live.stream import Address
from tracker.video.recording import Facts, Reader

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi")
"""How the names of video files end, where a name has to tell; any file that FFmpeg reads can be opened."""

_MAX_FPS = 1000.0
"""Rates from here on are a container's time base (WebM says 1000), no frame rate."""

_MAX_FRAMES = 10**9
_opening = threading.Lock()
_opencv_log = getattr(cv2.utils, "logging", cv2)
"""Where OpenCV keeps its log level; older versions have it in `cv2` itself."""


class CaptureReader(Reader):
    """A video that OpenCV has opened, walked from its first frame: seeking is not reliable, decoding forward is.

    Frames come turned upright, as the rotation metadata of phones asks for.
    """

    def __init__(self, capture: cv2.VideoCapture, name: str) -> None:
        """Take over an opened `capture`, which `close` will release; `name` is for people."""
        self._capture = capture
        self.facts = Facts(
            name=name,
            width=int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height=int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            fps=_plausible_fps(capture.get(cv2.CAP_PROP_FPS)),
            total=_plausible_count(capture.get(cv2.CAP_PROP_FRAME_COUNT)),
        )

    def grab(self) -> bool:
        """Step to the next frame."""
        return self._capture.grab()

    def retrieve(self) -> Image | None:
        """Convert the frame stepped to."""
        ok, image = self._capture.retrieve()
        return as_image(image) if ok and image is not None else None

    def timestamp(self) -> float | None:
        """Return the container's presentation time, right for variable frame rates; stays 0 in raw streams."""
        seconds = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        return seconds if math.isfinite(seconds) else None

    def close(self) -> None:
        """Close the video."""
        self._capture.release()


class VideoReader(CaptureReader):
    """A video file."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`.

        Raises:
            SourceError: there is no such file, or it holds no picture that can be decoded.
        """
        if not path.exists():
            raise SourceError(f"{path} does not exist: check the path")
        if not path.is_file():
            raise SourceError(f"{path} is no regular file: give a video file or a folder of images")
        # Absolute, since FFmpeg takes what stands before a colon for a protocol.
        with quiet_decoder():
            capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise SourceError(why_unreadable(path))
        super().__init__(capture, path.name)


def _plausible_fps(fps: float) -> float | None:
    return fps if math.isfinite(fps) and 0 < fps < _MAX_FPS else None


def _plausible_count(count: float) -> int | None:
    """Containers without a count give anything, from 0 to -9e18."""
    return int(count) if math.isfinite(count) and 0 < count < _MAX_FRAMES else None


@contextmanager
def quiet_decoder() -> Iterator[None]:
    """Keep OpenCV and FFmpeg from writing to the terminal about files that our own errors speak of.

    FFmpeg's level is read from the environment when the process opens its first video, and stays; a level set by the
    user is respected. OpenCV's own level is lowered only while a file is being opened.
    """
    with _opening:
        name = "OPENCV_FFMPEG_LOGLEVEL"
        unset = name not in os.environ and "OPENCV_FFMPEG_DEBUG" not in os.environ
        level = _opencv_log.getLogLevel()
        if unset:
            os.environ[name] = "-8"  # AV_LOG_QUIET
        _opencv_log.setLogLevel(0)  # silent
        try:
            yield
        finally:
            _opencv_log.setLogLevel(level)
            if unset:
                del os.environ[name]


_SCHEMES = ("http", "https")
_PATIENCE = 10_000
"""Milliseconds of silence after which the server is given up; nothing can be stopped while they last."""


def is_clip(url: str) -> bool:
    """Whether `url` names a clip rather than a live stream: its path ends as a video file's name does.

    HLS playlists (`.m3u8`), transport streams (`.ts`) and addresses without an ending may go on for ever.
    """
    parts = urlsplit(url.strip())
    return parts.scheme.lower() in _SCHEMES and PurePosixPath(parts.path).suffix.lower() in VIDEO_SUFFIXES


class RemoteReader(CaptureReader):
    """A clip on a web server. Where the connection breaks, the recording ends, and is called cut short."""

    def __init__(self, address: Address) -> None:
        """Open the clip at `address`.

        Raises:
            SourceError: there is no such clip, the server is silent, or the clip holds no picture that can be decoded.
        """
        patience = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _PATIENCE, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _PATIENCE]
        with quiet_decoder():
            capture = cv2.VideoCapture(address.url, cv2.CAP_FFMPEG, patience)
        if not capture.isOpened():
            raise SourceError(f"{address.name} cannot be opened ({_why(address)}): check the address")
        super().__init__(capture, unquote(PurePosixPath(urlsplit(address.url).path).name))


def _why(address: Address) -> str:
    """Ask ffmpeg, since OpenCV keeps to itself why it opened nothing."""
    decoder = Decoder(address.name, ["-rw_timeout", str(_PATIENCE * 1000), "-i", address.url])
    try:
        return "OpenCV cannot decode it" if decoder.read() is not None else decoder.complaint() or "it holds no picture"
    finally:
        decoder.close()


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
