"""Video decoded by OpenCV's FFmpeg: the fast way, for what it can decode."""

from __future__ import annotations

import math
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2

from tracker.errors import SourceError
from tracker.image import Image, as_image
from tracker.video.inputs import PROTOCOLS, plain_name, safe_formats
from tracker.video.pipe import plausible_fps
from tracker.video.recording import Facts, Reader

_MAX_FRAMES = 10**9
_guard = threading.RLock()
_opencv_log = getattr(cv2.utils, "logging", cv2)
"""Where OpenCV keeps its log level; older versions have it in `cv2` itself."""
_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"


class CaptureReader(Reader):
    """A video that OpenCV has opened, walked frame by frame.

    Frames come turned upright, as the rotation metadata of phones asks for.
    """

    def __init__(self, capture: cv2.VideoCapture, name: str) -> None:
        """Take over an opened `capture`, which `close` will release; `name` is for messages."""
        self._capture = capture
        self._ahead: list[bool] = []
        self.facts = Facts(
            name=name,
            width=int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height=int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            fps=plausible_fps(capture.get(cv2.CAP_PROP_FPS)),
            total=_plausible_count(capture.get(cv2.CAP_PROP_FRAME_COUNT)),
        )

    def holds_frame(self, count: int) -> bool:
        """Whether one of the first `count` frames can be decoded; they are handed out by `grab` all the same."""
        while not any(self._ahead) and len(self._ahead) < count:
            self._ahead.append(self._capture.grab())
        return any(self._ahead)

    def grab(self) -> bool:
        """Step to the next frame."""
        return self._ahead.pop(0) if self._ahead else self._capture.grab()

    def retrieve(self) -> Image | None:
        """Convert the frame stepped to."""
        ok, image = self._capture.retrieve()
        return as_image(image) if ok and image is not None else None

    def timestamp(self) -> float | None:
        """Return the container's presentation time, right for variable frame rates; stays 0 in raw streams."""
        seconds = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        return seconds if math.isfinite(seconds) else None

    def jump(self, seconds: float) -> bool:
        """Go to about a time; the timestamp of the next frame tells where that was. False where it is not possible."""
        self._ahead.clear()
        return bool(self._capture.set(cv2.CAP_PROP_POS_MSEC, 1000.0 * max(0.0, seconds)))

    def close(self) -> None:
        """Close the video."""
        self._capture.release()


def open_capture(path: Path, name: str) -> CaptureReader | None:
    """Open a file, called `name` in messages; None where OpenCV cannot.

    Raises:
        SourceError: its name cannot be used.
    """
    # Absolute, since FFmpeg takes what stands before a colon for a protocol.
    with plain_name(path) as usable, quiet_decoder(PROTOCOLS["file"]):
        capture = cv2.VideoCapture(usable, cv2.CAP_FFMPEG)
    if not capture.isOpened():
        capture.release()
        return None
    return CaptureReader(capture, name)


def version() -> str:
    """Return the version of OpenCV, and of the FFmpeg in it as far as it says."""
    found = re.search(r"avcodec:\s*YES \(([^)]+)\)", cv2.getBuildInformation())
    return f"{cv2.__version__}, avcodec {found[1]}" if found else cv2.__version__


def _plausible_count(count: float) -> int | None:
    """Containers without a count give anything, from 0 to -9e18."""
    return int(count) if math.isfinite(count) and 0 < count < _MAX_FRAMES else None


@contextmanager
def quiet_opencv() -> Iterator[None]:
    """Keep OpenCV from writing to the terminal about files that our own errors speak of."""
    with _guard:
        level = _opencv_log.getLogLevel()
        _opencv_log.setLogLevel(0)  # silent
        try:
            yield
        finally:
            _opencv_log.setLogLevel(level)


@contextmanager
def quiet_decoder(protocols: str = "") -> Iterator[None]:
    """Keep OpenCV and FFmpeg off the terminal, and FFmpeg from following what an input names, while one is opened.

    FFmpeg's level is read from the environment when the process opens its first video, and stays; a level set by the
    user is respected. OpenCV's own level is lowered, and the environment changed, only within the block.

    Args:
        protocols: what the input may be read over, see `tracker.video.inputs`; "" for a camera.
    """
    changes = {}
    if not {"OPENCV_FFMPEG_LOGLEVEL", "OPENCV_FFMPEG_DEBUG"} & set(os.environ):
        changes["OPENCV_FFMPEG_LOGLEVEL"] = "-8"  # AV_LOG_QUIET
    if protocols:
        changes[_OPTIONS] = _safe_options(os.environ.get(_OPTIONS, ""), protocols)
    with quiet_opencv():
        before = {name: os.environ.get(name) for name in changes}
        os.environ.update(changes)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _safe_options(given: str, protocols: str) -> str:
    options = [given] if given else []
    options.append(f"protocol_whitelist;{protocols}")
    try:
        options.append(f"format_whitelist;{safe_formats()}")
    except SourceError:  # no ffmpeg program that could tell the formats
        return "|".join(options)
    return "|".join(options)
