"""Video files, decoded by OpenCV's FFmpeg."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2

from tracker.errors import SourceError
from tracker.image import Image, as_image
from tracker.video.diagnosis import why_unreadable
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
